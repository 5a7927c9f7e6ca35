"""The sample order of the trial page, read from its form."""

from dataclasses import dataclass, field

from distribution import products
from distribution.refusals import Refusal
from distribution.rules.goods import Deductions, Line
from distribution.sample_orders import SampleOrder
from web.console.forms import Form, number
from web.console.visit import Visit

#: Lines that the form offers.
LINES = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """An order to try, and what its lines are called."""

    order: SampleOrder
    names: dict[int, str] = field(default_factory=dict)


def read(visit: Visit) -> Tried:
    """The order of the form; Wrong with every mistake beside its field."""
    form, names, lines = Form(visit.given), {}, []
    for place in range(LINES):
        found = _line(visit, form, place)
        if found is not None:
            lines.append(found[0])
            names[place + 1] = found[1]
    if not lines:
        form.wrong("line.0.unit", "至少填一件商品")
    off = Deductions(*(form.fen(name, needed=False) for name in ("coupon", "points", "freight")))
    if lines and off.coupon_fen + off.points_fen > sum(line.amount_fen for line in lines):
        form.wrong("coupon", "优惠券加积分超过了商品金额")
    address = _address(form, visit)
    form.check()
    order = SampleOrder(
        lines,
        off,
        seller=visit.given.get("seller", "").strip().upper() or None,
        levels=[visit.given.get(f"level.{kind}") or None for kind in ("l1", "l2", "l3")],
        own_purchase=form.ticked("own"),
        address=address,
    )
    return Tried(order, names)


def _line(visit: Visit, form: Form, place: int) -> tuple[Line, str] | None:
    name, given = f"line.{place}", visit.given
    chosen = number(given.get(f"{name}.product", ""))
    if not chosen and not given.get(f"{name}.unit", "").strip():
        return None
    row = None
    if chosen:
        try:
            row = products.get(visit.session, visit.seat.merchant_id, chosen)
        except Refusal:
            form.wrong(f"{name}.product", "没有这个商品")
    told = given.get(f"{name}.unit", "").strip()
    unit = row.price_fen if row and not told else form.fen(f"{name}.unit")
    quantity = form.whole(f"{name}.quantity", least=1, most=10_000)
    discount = form.fen(f"{name}.discount", needed=False)
    if discount > unit * quantity:
        form.wrong(f"{name}.discount", "优惠超过了这一行的金额")
        discount = 0
    if row is None:
        return Line(place + 1, quantity, unit, discount, given.get(f"{name}.category", "").strip() or None), "自填商品"
    return Line(place + 1, quantity, unit, discount, row.category, row.cost_fen, row.rule), row.name


def _address(form: Form, visit: Visit) -> dict[str, str] | None:
    code = visit.given.get("district", "").strip()
    if not code:
        return None
    if not (len(code) == 6 and code.isascii() and code.isdecimal()):
        form.wrong("district", "请填 6 位区划代码，例如 330106")
        return None
    return {"province": f"{code[:2]}0000", "city": f"{code[:4]}00", "district": code}
