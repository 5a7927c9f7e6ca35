"""The demo's folder: keys made once and kept, the configuration, what the simulated WeChat must know."""

import base64
import json
import secrets
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.pay_signing import new_key_pair
from simulator.settings import SimulatorSettings

_LETTERS = string.ascii_letters + string.digits
CONSOLE_USER = "demo"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where everything of one demo is kept."""

    path: Path

    @property
    def config(self) -> Path:
        """The configuration that the service reads."""
        return self.path / "config.toml"

    @property
    def clock(self) -> Path:
        """The one clock."""
        return self.path / "clock"

    @property
    def desk(self) -> Path:
        """Where the simulated WeChat keeps its rows."""
        return self.path / "wechat"

    @property
    def posters(self) -> Path:
        """Where the drawn posters are kept."""
        return self.path / "posters"

    @property
    def database_url(self) -> str:
        """The service's database."""
        return f"sqlite:///{self.path / 'fenxiao.sqlite3'}"

    @property
    def seeded(self) -> Path:
        """A file that is there when the sample shop has been set up wholly."""
        return self.path / "ready"

    def file(self, name: str) -> Path:
        """A key file of this demo."""
        return self.path / "keys" / name


def prepare(folder: Folder) -> dict[str, Any]:
    """The demo's secrets: those kept from the first start, else new ones, with the key files of both sides."""
    kept = folder.file("secrets.json")
    if kept.exists():
        found = json.loads(kept.read_text("utf-8"))
        assert isinstance(found, dict)
        return found
    folder.file("").mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_key_pair(folder, "merchant")
    _write_key_pair(folder, "wechatpay")
    made = _fresh_secrets()
    _write(kept, json.dumps(made, indent=1))
    return made


def _fresh_secrets() -> dict[str, Any]:
    return {
        "app_id": f"wx{secrets.token_hex(8)}",
        "original_id": f"gh_{secrets.token_hex(6)}",
        "app_secret": secrets.token_hex(16),
        "token": _some(_LETTERS, 24),
        "encoding_aes_key": _some(_LETTERS, 42) + "A",
        "api_secret": f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "secret_key": secrets.token_urlsafe(48),
        "password": secrets.token_urlsafe(9),
        "mch_id": f"16{_some(string.digits, 8)}",
        "serial_no": _some("0123456789ABCDEF", 40),
        "api_v3_key": _some(_LETTERS, 32),
        "public_key_id": f"PUB_KEY_ID_{_some(string.digits, 30)}",
        "templates": {name: _some(_LETTERS, 43) for name in TEMPLATES},
    }


#: Notice → title, and which key of the template shows which of our facts.
TEMPLATES: dict[str, tuple[str, dict[str, str]]] = {
    "application": ("审核结果通知", {"thing1": "thing", "phrase2": "status", "time3": "time"}),
    "state": ("资格变更通知", {"thing1": "thing", "phrase2": "status", "time3": "time"}),
    "order": ("推广订单通知", {"character_string1": "number", "amount2": "amount", "time3": "time"}),
    "refund": ("佣金扣回通知", {"character_string1": "number", "amount2": "amount", "time3": "time"}),
    "settlement": ("佣金结算通知", {"thing1": "thing", "amount2": "amount", "time3": "time"}),
    "reminder": ("到账提醒通知", {"thing1": "thing", "amount2": "amount", "time3": "time"}),
    "customer": ("新客户通知", {"thing1": "thing", "phrase2": "status", "time3": "time"}),
    "level": ("等级变更通知", {"thing1": "thing", "time2": "time", "thing3": "note"}),
    "bonus": ("奖励到账通知", {"thing1": "thing", "amount2": "amount", "time3": "time"}),
    "stock": ("商品状态通知", {"thing1": "thing", "phrase2": "status", "time3": "time"}),
    "ticket": ("工单进度通知", {"thing1": "thing", "character_string2": "number", "phrase3": "status"}),
    "card": ("审核提醒", {"thing1": "thing", "character_string2": "number", "time3": "time"}),
    "poster": ("海报生成通知", {"thing1": "thing", "phrase2": "status", "time3": "time"}),
    "rules": ("规则调整通知", {"thing1": "thing", "phrase2": "status", "time3": "time"}),
    "withdrawal": ("提现进度通知", {"character_string1": "number", "amount2": "amount", "phrase3": "status"}),
}


def write_config(folder: Folder, known: dict[str, Any], *, port: int) -> None:
    """DIR/config.toml for this port: safe mode, the simulated WeChat as the only outside."""
    base = f"http://127.0.0.1:{port}"
    templates = "\n".join(
        _template_table(name, known["templates"][name]) for name in TEMPLATES if name in known["templates"]
    )
    _write(folder.config, _CONFIG.format(base=base, port=port, folder=folder, templates=templates, **_quoted(known)))


def _quoted(known: dict[str, Any]) -> dict[str, str]:
    return {name: json.dumps(value) for name, value in known.items() if isinstance(value, str)}


def _template_table(name: str, template_id: str) -> str:
    fields = ", ".join(f'{key} = "{fact}"' for key, fact in TEMPLATES[name][1].items())
    return f'[wechat.templates.{name}]\nid = "{template_id}"\nfields = {{{fields}}}\n'


_CONFIG = """\
# Written by `fenxiao demo` at every start. Everything here belongs to the demo alone.
[server]
host = "127.0.0.1"
port = {port}
public_url = "{base}"

[wechat]
app_id = {app_id}
original_id = {original_id}
app_secret = {app_secret}
token = {token}
encoding_aes_key = {encoding_aes_key}
mode = "safe"
api_base = "{base}/sim/wechat"
path = "/wechat"

{templates}
[pay]
mch_id = {mch_id}
api_base = "{base}/sim/pay"
serial_no = {serial_no}
private_key_file = "{folder.path}/keys/merchant.pem"
api_v3_key = {api_v3_key}
public_key_file = "{folder.path}/keys/wechatpay.pub.pem"
public_key_id = {public_key_id}
notify_url = "{base}/pay/notify"

[database]
url = "{folder.database_url}"

[api]
secrets = [{api_secret}]

[shop]
name = "阿胶世家旗舰店"

[console]
secret_key = {secret_key}

[posters]
folder = "{folder.posters}"

[log]
level = "error"
format = "console"

[demo]
enabled = true
clock_file = "{folder.clock}"
folder = "{folder.path}"
"""


def simulator_settings(folder: Folder, known: dict[str, Any], *, base: str) -> SimulatorSettings:
    """What the simulated WeChat and WeChat Pay must know of this demo."""
    console = {"url": f"{base}/console/", "user": CONSOLE_USER, "password": known["password"]}
    known_ids = known["templates"]
    shown = tuple(
        (known_ids[name], title, tuple(fields)) for name, (title, fields) in TEMPLATES.items() if name in known_ids
    )
    same = ("app_id", "original_id", "app_secret", "token", "encoding_aes_key", "mch_id", "api_v3_key", "api_secret")
    return SimulatorSettings(
        **{name: known[name] for name in same},
        mode="safe",
        webhook_url=f"{base}/wechat",
        service_url=base,
        mch_serial=known["serial_no"],
        mch_public_key_pem=folder.file("merchant.pub.pem").read_text(),
        pay_private_key_pem=folder.file("wechatpay.pem").read_text(),
        pay_public_key_id=known["public_key_id"],
        pay_notify_url=f"{base}/pay/notify",
        templates=shown,
        data_dir=folder.desk,
        console=console,
        account_name="阿胶世家",
    )


def _write_key_pair(folder: Folder, name: str) -> None:
    private, public = new_key_pair()
    _write(folder.file(f"{name}.pem"), private)
    _write(folder.file(f"{name}.pub.pem"), public)


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def _some(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
