"""`fenxiao staff add`: a console account."""

import sys

import typer
from werkzeug.security import generate_password_hash

from app.commands.start import refuse_old_schema, start
from app.failure import Failure
from app.first_merchant import open_shop
from distribution import staff
from models.states import Role

SHORTEST_PASSWORD = 10


def add(name: str, role: str, *, ask: bool) -> None:
    """Make the account at the first merchant; the password is asked for, or read from the standard input."""
    chosen = _role(role)
    container = start()
    refuse_old_schema(container)
    hashed = generate_password_hash(_password(ask=ask))
    now = container.clock.now()
    with container.database.transaction() as session:
        merchant = open_shop(session, container.settings.shop, now=now)
        staff.add(session, merchant_id=merchant, name=name, role=chosen, password_hash=hashed, now=now)
    typer.echo(f"建好了：{name}（{chosen}），用它登录 {container.settings.public_url}/console/")


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise typer.BadParameter(f"只能是 {'、'.join(Role)}", param_hint="--role") from None


def _password(*, ask: bool) -> str:
    if ask and sys.stdin.isatty():
        password = str(typer.prompt("密码", hide_input=True, confirmation_prompt="再输一遍"))
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        raise Failure(f"密码至少 {SHORTEST_PASSWORD} 个字符")
    return password
