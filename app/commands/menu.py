"""`fenxiao menu`: hang the custom menu on the account."""

import typer

from app.commands.start import start
from app.custom_menu import BUTTONS


def publish() -> None:
    """Replace the account's custom menu; Outside says why WeChat did not take it."""
    start().official.create_menu(BUTTONS)
    typer.echo("自定义菜单已发布；已经关注的人重新进入公众号后看到")
