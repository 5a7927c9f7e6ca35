"""What the doctor looks at; each says what it found, or raises what is wrong and what to do."""

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from app.container import Container
from models import schema
from wechat.errors import Outside

_LEAST_FREE = 200 * 1024 * 1024


class Ill(Exception):
    """The service could not work; says what is wrong and what to do."""


class Unsure(Exception):
    """It could work, but somebody should look."""


def database(container: Container) -> str:
    """It answers and stands at the version this code wants."""
    container.database.ping()
    stands, wanted = schema.current(container.database), schema.head()
    if stands != wanted:
        raise Ill(f"版本是 {stands or '空'}，程序要 {wanted}。运行 fenxiao db upgrade")
    kind = "SQLite" if container.database.is_sqlite else "PostgreSQL"
    return f"{kind}，版本 {stands}"


def redis(container: Container) -> str:
    """It answers, if one is configured."""
    if container.redis is None:
        return "没有配置，对话与令牌记在本进程里（只能有一个网页进程）"
    try:
        container.redis.ping()
    except Exception as error:
        raise Ill(f"没有应答（{type(error).__name__}）。看看 [redis] url 和 Redis 是否在运行") from error
    return "应答正常"


def wechat(container: Container) -> str:
    """WeChat gives a token for this AppID and AppSecret."""
    try:
        container.tokens.current()
    except Outside as error:
        raise Ill(f"取不到 access_token（{error.code or error.action}）：{_advice(error)}") from error
    return "access_token 正常"


def pay(container: Container) -> str:
    """The keys of WeChat Pay can be read, by us alone."""
    settings = container.settings.pay
    if not settings.enabled:
        raise Unsure("没有配置 [pay] mch_id：提现可以申请和审核，但不会打款")
    try:
        assert container.pay is not None
    except Outside as error:
        raise Ill(f"密钥用不了：{error}。看看 [pay] private_key_file 与 public_key_file") from error
    mode = Path(settings.private_key_file).stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Ill(f"别人也能读商户私钥。运行 chmod 600 {settings.private_key_file}")
    if not container.pay_settings.notify_url.startswith("https://") and not container.settings.demo.enabled:
        raise Unsure("通知地址不是 https，微信支付不会通知；结果改由定时查询得到。设好 [server] public_url")
    return f"商户 {settings.mch_id}，密钥可用"


def fonts(container: Container) -> str:
    """A font with Chinese characters can be opened."""
    from posters import fonts as found

    chosen = container.settings.posters.font
    if chosen and not Path(chosen).is_file():
        raise Ill(f"[posters] font 指的文件不存在：{chosen}")
    found.configure(chosen or None)
    return found.sized(found.sans(), 24).getname()[0] or "可用"


def disk(container: Container) -> str:
    """There is room where the database lives."""
    place = container.database.url.database if container.database.is_sqlite else None
    folder = Path(place).parent if place else Path.cwd()
    free = shutil.disk_usage(folder).free
    if free < _LEAST_FREE:
        raise Ill(f"{folder} 只剩 {free // 1024 // 1024} MB。腾出空间，或把 [database] url 换到别处")
    return f"还有 {free // 1024 // 1024 // 1024} GB"


def console(container: Container) -> str:
    """Somebody can log in."""
    from app.commands.start import refuse_old_schema
    from distribution import staff

    refuse_old_schema(container)
    with container.database.reading() as session:
        if not staff.count(session):
            raise Unsure("还没有后台账号。运行 fenxiao staff add 名字 --role owner")
    return f"{container.settings.public_url}/console/"


def _advice(error: Outside) -> str:
    advice: dict[int | str | None, str] = {
        40164: "把本机的公网 IP 加进公众号后台的 IP 白名单",
        40013: "看看 [wechat] app_id",
        40125: "看看 [wechat] app_secret",
        40001: "看看 [wechat] app_secret",
    }
    return advice.get(error.code, "看看 [wechat] 的几项、网络和 api_base")


EXAMINATIONS: dict[str, Callable[[Container], str]] = {
    "数据库": database,
    "Redis": redis,
    "微信": wechat,
    "微信支付": pay,
    "后台": console,
    "字体": fonts,
    "磁盘": disk,
}
