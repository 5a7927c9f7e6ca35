"""The hand: every call the service makes to WeChat and WeChat Pay."""
