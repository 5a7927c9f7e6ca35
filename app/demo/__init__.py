"""`fenxiao demo`: the whole shop, WeChat and WeChat Pay included, on one machine."""
