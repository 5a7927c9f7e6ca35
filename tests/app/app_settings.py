"""A small valid configuration, as nested values and as environment variables."""

APP_ID, ORIGINAL_ID, TOKEN = "wx0123456789abcdef", "gh_0123456789ab", "demoToken2026"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
_SECRET = "0123456789abcdef0123456789abcdef"
_API_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"

SETTINGS = {
    "wechat": {
        "app_id": APP_ID,
        "original_id": ORIGINAL_ID,
        "app_secret": _SECRET,
        "token": TOKEN,
        "encoding_aes_key": AES_KEY,
    },
    "api": {"secrets": [_API_SECRET]},
    "console": {"secret_key": _SECRET},
}

#: The same for a process of its own; the account API is nowhere.
VARIABLES = {
    "FENXIAO_WECHAT__APP_ID": APP_ID,
    "FENXIAO_WECHAT__ORIGINAL_ID": ORIGINAL_ID,
    "FENXIAO_WECHAT__APP_SECRET": _SECRET,
    "FENXIAO_WECHAT__TOKEN": TOKEN,
    "FENXIAO_WECHAT__ENCODING_AES_KEY": AES_KEY,
    "FENXIAO_API__SECRETS": f'["{_API_SECRET}"]',
    "FENXIAO_CONSOLE__SECRET_KEY": _SECRET,
    "FENXIAO_WECHAT__API_BASE": "http://127.0.0.1:9",
    "FENXIAO_LOG__LEVEL": "error",
}
