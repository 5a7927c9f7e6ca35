"""The commands; each imports what it needs only when it runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

cli = typer.Typer(
    help="分销助手：公众号里的分销员、佣金与提现。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
db = typer.Typer(help="数据库的版本。", no_args_is_help=True)
ledger = typer.Typer(help="账本。", no_args_is_help=True)
staff = typer.Typer(help="后台账号。", no_args_is_help=True)
cli.add_typer(db, name="db")
cli.add_typer(ledger, name="ledger")
cli.add_typer(staff, name="staff")


def main() -> None:
    """Run a command: status 0 done, 1 refused or failed (one line on the standard error), 2 wrong usage."""
    try:
        cli()
    except Exception as error:
        from app.failure import bug, sentence

        typer.echo(sentence(error) or bug(error), err=True)
        sys.exit(1)


@cli.command()
def serve(
    with_worker: Annotated[bool, typer.Option("--with-worker", help="同时运行后台进程，适合一台小机器。")] = False,
) -> None:
    """运行网页服务：公众号消息、商城接口、后台和顾客页面。"""
    from app.commands.serve import serve as run

    run(with_worker=with_worker)


@cli.command()
def worker() -> None:
    """运行后台进程：结算、打款、发消息、画海报；可以同时开多个。"""
    from app.commands.worker import work

    work()


@cli.command()
def check() -> None:
    """体检：配置、数据库、Redis、微信、支付密钥、字体、磁盘，逐项说清。"""
    from app.commands.check import check as run

    raise typer.Exit(run())


@db.command("upgrade")
def upgrade() -> None:
    """把数据库升级到最新版本；新库会建好第一家店。"""
    from app.commands.db import upgrade as run

    run()


@db.command("current")
def current() -> None:
    """显示数据库现在的版本。"""
    from app.commands.db import current as run

    run()


@ledger.command("prove")
def prove() -> None:
    """把账从头加一遍，逐条核对；有一条不符就以 1 退出。"""
    from app.commands.ledger import prove as run

    raise typer.Exit(run())


@ledger.command("accept")
def accept(
    by: Annotated[str, typer.Option(help="谁核对过。")],
    reason: Annotated[str, typer.Option(help="改了什么、为什么。")],
) -> None:
    """手工修过数据、已经核对无误以后：承认现在的内容，并记进操作日志。"""
    from app.commands.ledger import accept as run

    run(by, reason)


@cli.command()
def evidence(
    out: Annotated[Path, typer.Option(help="写到哪里，以 .zip 结尾。")],
) -> None:
    """把检查要看的材料打成一个包：规则、同意、团队、佣金、打款、群发、日志。"""
    from app.commands.evidence import evidence as run

    run(out)


@staff.command("add")
def add(
    name: Annotated[str, typer.Argument(help="登录名。")],
    role: Annotated[str, typer.Option(help="owner 店主、finance 财务、operations 运营、service 客服。")],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="从标准输入读密码。")] = False,
) -> None:
    """新建一个后台账号；密码会问两遍。"""
    from app.commands.staff import add as run

    run(name, role, ask=not password_stdin)


@cli.command()
def menu() -> None:
    """把自定义菜单发布到公众号。"""
    from app.commands.menu import publish

    publish()


@cli.command()
def understand(
    source: Annotated[
        str, typer.Argument(metavar="FILE|-", help="一行一句，或一行一个带 text 的 JSON；- 是标准输入。")
    ],
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="把哪一天当作今天，如 2026-11-23。")] = None,
) -> None:
    """看机器人把每句话听成什么：一行一个 JSON。"""
    from app.commands.understand import understand as run

    run(source, at=at)


@cli.command()
def poster(
    facts: Annotated[Path, typer.Option(help="TOML 或 JSON：product、price_fen、name、slogan、url。")],
    out: Annotated[Path, typer.Option(help="写到哪里；.png 或 .jpg。")],
    template: Annotated[str | None, typer.Option(help="模板名。")] = None,
) -> None:
    """按一份描述画一张海报。"""
    from posters.command import draw

    draw(facts, out, template=template)


@cli.command()
def trial(
    file: Annotated[str, typer.Argument(help="案例文件（YAML）；- 表示标准输入。")],
    database: Annotated[str | None, typer.Option(help="临时库用哪个服务器；默认 SQLite。")] = None,
) -> None:
    """佣金试算：用真实的计算走一遍虚构的订单，什么都不留下。"""
    from app.commands.trial import trial as run

    raise typer.Exit(run(file, database))


@cli.command()
def posters(
    campaign: Annotated[int | None, typer.Option(help="只画这次群发的人；群发有自己的海报，就画它的。")] = None,
    product: Annotated[str | None, typer.Option(help="商品的 SKU；不写就画全店海报。")] = None,
    kind: Annotated[str, typer.Option(help="shop 全店、invitation 邀请、card 名片、stand 台卡。")] = "shop",
) -> None:
    """活动前给所有分销员先把海报画好；停了再来会接着画。"""
    from app.commands.posters import draw

    draw(campaign=campaign, sku=product, purpose=kind)


@cli.command("import")
def bring_in(
    kind: Annotated[str, typer.Argument(metavar="products|orders|distributors", help="商品、订单还是分销员。")],
    file: Annotated[Path, typer.Argument(metavar="FILE.csv|.xlsx", help="一行一条，第一行是列名。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说会怎样，什么都不写。")] = False,
    merchant: Annotated[str | None, typer.Option(help="哪个商家的；不写就是第一家。")] = None,
) -> None:
    """从原来的系统导入商品、订单、分销员；不能导入的行逐行说明，另存成 FILE.rejected.csv。"""
    from app.commands.imports import bring_in as run

    raise typer.Exit(run(kind, file, dry=dry_run, merchant=merchant))


@cli.command()
def demo(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="端口；默认 8000，被占用就往后找。")] = None,
    folder: Annotated[Path | None, typer.Option("--data", help="把一切留在这个目录里，下次接着来。")] = None,
    empty: Annotated[bool, typer.Option("--empty", help="不要示例店铺。")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不打开浏览器。")] = False,
) -> None:
    """在这台电脑上把整家店跑起来：手机、后台、模拟的微信和微信支付。"""
    from app.demo.command import demo as run

    run(port=port, folder=folder, empty=empty, browser=not no_browser)
