"""WeChat and WeChat Pay on the desk: an account, phones, a bank, and faults on demand."""
