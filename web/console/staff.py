"""员工: who may sit here; every owner looks after the accounts of his own merchant."""

from flask import url_for
from werkzeug.security import check_password_hash, generate_password_hash

from distribution import merchants, operator_bindings
from distribution import staff as operation
from distribution.refusals import Code, Refusal
from models import Operator
from web.console.filters import words_of
from web.console.forms import Form
from web.console.visit import EVERYONE, OWNER, Done, Subject, Visit

subject = Subject()
SHORTEST_PASSWORD = 10


@subject.page("/staff/", may=OWNER)
def staff(visit: Visit, **_: object) -> str:
    """员工"""
    seat = visit.seat
    choices = merchants.everyone(visit.session) if seat.runs_distributors else []
    shown = [each for each in merchants.everyone(visit.session) if choices or each.id == seat.merchant_id]
    people = [(each, operation.everyone(visit.session, each.id)) for each in shown]
    bound = operator_bindings.bound_at(visit.session, [each.id for each in shown])
    return visit.show("staff.html", people=people, roles=words_of("role"), merchants=choices, bound=bound)


@subject.act("/staff/", may=OWNER, again=staff)
def add_operator(visit: Visit) -> Done:
    """新增员工"""
    form = Form(visit.given)
    name, role = form.text("name", most=40), form.choice("role", words_of("role"))
    password = _password(form, visit, "password")
    merchant_id = _merchant(visit, form)
    form.check()
    operation.add(
        visit.session,
        merchant_id=merchant_id,
        name=name,
        role=role,
        password_hash=generate_password_hash(password),
        by=visit.seat.name,
        now=visit.now,
    )
    return Done(f"员工“{name}”已新增。", url_for("console.staff"))


@subject.act("/staff/<int:operator_id>/disable", may=OWNER, again=staff)
def disable_operator(visit: Visit, operator_id: int) -> Done:
    """停用"""
    return _switch(visit, operator_id, active=False)


@subject.act("/staff/<int:operator_id>/enable", may=OWNER, again=staff)
def enable_operator(visit: Visit, operator_id: int) -> Done:
    """启用"""
    return _switch(visit, operator_id, active=True)


@subject.act("/staff/<int:operator_id>/bind", may=OWNER, again=staff)
def bind_wechat(visit: Visit, operator_id: int) -> Done:
    """绑定微信"""
    row = _own(visit, operator_id)
    code = operator_bindings.make_code(visit.session, row.id, by=visit.seat.name, now=visit.now)
    said = f"请 {row.name} 用自己的微信在公众号里发：绑定 {code}。10 分钟内有效，只能用一次。"
    return Done(said, url_for("console.staff"))


@subject.act("/staff/<int:operator_id>/unbind", may=OWNER, again=staff)
def unbind_wechat(visit: Visit, operator_id: int) -> Done:
    """解绑微信"""
    row = _own(visit, operator_id)
    operator_bindings.unbind(visit.session, row.id, by=visit.seat.name, now=visit.now)
    return Done(f"{row.name} 的微信已解绑，不再收到审核卡片。", url_for("console.staff"))


@subject.page("/password", may=EVERYONE)
def password(visit: Visit) -> str:
    """修改密码"""
    return visit.show("password.html", shortest=SHORTEST_PASSWORD)


@subject.act("/password", may=EVERYONE, again=password)
def change_password(visit: Visit) -> Done:
    """修改自己的密码"""
    form = Form(visit.given)
    own = operation.get_operator(visit.session, visit.seat.merchant_id, visit.seat.operator_id)
    if not check_password_hash(own.password_hash, visit.given.get("current", "")[:1000]):
        form.wrong("current", "现在的密码不对")
    fresh = _password(form, visit, "fresh")
    form.check()
    operation.set_password(visit.session, own.id, generate_password_hash(fresh), by=visit.seat.name, now=visit.now)
    return Done("密码已修改，请用新密码登录。", url_for("console.login"))


def _own(visit: Visit, operator_id: int) -> Operator:
    """An account of a merchant this operator looks after; Refusal not_found."""
    merchant_id = operation.merchant_of(visit.session, operator_id)
    if merchant_id != visit.seat.merchant_id and not visit.seat.runs_distributors:
        raise Refusal(Code.NOT_FOUND, what="operator")
    return operation.get_operator(visit.session, merchant_id, operator_id)


def _switch(visit: Visit, operator_id: int, *, active: bool) -> Done:
    merchant_id = _own(visit, operator_id).merchant_id
    row = operation.switch(visit.session, merchant_id, operator_id, active=active, by=visit.seat.name, now=visit.now)
    return Done(f"已{'启用' if active else '停用'} {row.name}。", url_for("console.staff"))


def _password(form: Form, visit: Visit, name: str) -> str:
    password = visit.given.get(name, "")
    if not SHORTEST_PASSWORD <= len(password) <= 200:
        form.wrong(name, f"密码至少 {SHORTEST_PASSWORD} 个字符")
    return password


def _merchant(visit: Visit, form: Form) -> int:
    """The merchant of a new account: one's own, or any of them for whoever runs the distributors."""
    wanted = visit.given.get("merchant", "")
    if not wanted or not visit.seat.runs_distributors:
        return visit.seat.merchant_id
    choices = {str(each.id): each.id for each in merchants.everyone(visit.session)}
    return choices.get(form.choice("merchant", choices), visit.seat.merchant_id)
