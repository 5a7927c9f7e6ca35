"""What the whole rule book freezes with an order

Revision ID: 0002
Revises: 0001
"""

import json

import sqlalchemy as sa
from alembic import op

from models.columns import Facts, Fen

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Orders keep their parties, lines their offers; product rules say what kind of rule they are."""
    # Plain ALTERs: recreating a table that others point at would take their rows along on SQLite.
    check = "constraint order_channel check (channel in ('mall','dealer'))"
    op.execute(f"alter table \"order\" add column channel varchar not null default 'mall' {check}")
    op.add_column("order", sa.Column("parties", Facts, nullable=False, server_default="{}"))
    op.add_column("order_line", sa.Column("category", sa.String(), nullable=True))
    op.add_column("order_line", sa.Column("cost_fen", Fen, nullable=True))
    op.add_column("order_line", sa.Column("offers", Facts, nullable=False, server_default="[]"))
    _name_the_rules()
    _freeze_the_offers()


def downgrade() -> None:
    """Take the columns away again; the rules keep their kind."""
    with op.batch_alter_table("order_line") as table:
        for name in ("offers", "cost_fen", "category"):
            table.drop_column(name)
    with op.batch_alter_table("order") as table:
        table.drop_constraint("order_channel", type_="check")
        table.drop_column("parties")
        table.drop_column("channel")


def _name_the_rules() -> None:
    """``{"l1", "l2"}`` becomes ``{"rate_bp": {"l1", "l2"}}``."""
    for name, column in (("product", "rule"), ("order_line", "product_rule")):
        table = sa.table(name, sa.column("id", Fen), sa.column(column, Facts))
        rule = table.c[column]
        for row in _rows(sa.select(table.c.id, rule).where(rule.is_not(None))):
            if row[1] and not row[1].keys() & {"disabled", "rate_bp"}:
                op.execute(sa.update(table).where(table.c.id == row[0]).values({column: {"rate_bp": row[1]}}))


def _freeze_the_offers() -> None:
    """Lines made before are given the offers that they were reckoned with."""
    number = [sa.column(name, Fen) for name in ("id", "l1_id", "l2_id", "l3_id", "policy_id")]
    order = sa.table("order", *number)
    line = sa.table("order_line", sa.column("id", Fen), sa.column("order_id", Fen), sa.column("product_rule", Facts),
                    sa.column("offers", Facts))  # fmt: skip
    policy = sa.table("policy", sa.column("id", Fen), sa.column("document", Facts))
    terms = {row[0]: _document(row[1]) for row in _rows(sa.select(policy.c.id, policy.c.document))}
    places = (order.c.l1_id, order.c.l2_id, order.c.l3_id, order.c.policy_id)
    found = sa.select(line.c.id, line.c.product_rule, *places).join(order, order.c.id == line.c.order_id)
    for row in _rows(found.select_from(line)):
        offers = _offers(row[1], row[2:5], terms.get(row[5], {}))
        op.execute(sa.update(line).where(line.c.id == row[0]).values(offers=offers))


def _offers(rule: object, people: tuple[int | None, ...], terms: dict) -> list[dict[str, object]]:
    store = {"l1": 1000, "l2": 500, "l3": 0} | terms.get("store_rate_bp", {})
    own = rule if isinstance(rule, dict) else {}
    made: list[dict[str, object]] = []
    for kind, who in zip(("l1", "l2", "l3")[: terms.get("depth", 2)], people, strict=False):
        if who is None:
            made.append({"kind": kind, "who": None, "none": "nobody"})
        elif own.get("disabled"):
            made.append({"kind": kind, "who": who, "source": "product_disabled", "bp": 0})
        elif own:
            made.append({"kind": kind, "who": who, "source": "product", "bp": own.get("rate_bp", {}).get(kind, 0)})
        else:
            made.append({"kind": kind, "who": who, "source": "store", "bp": store[kind]})
    return made


def _rows(statement: sa.Select) -> list:
    return list(op.get_bind().execute(statement))


def _document(told: object) -> dict:
    return json.loads(told) if isinstance(told, str) else dict(told or {})
