"""商家与密钥: further merchants and what their malls sign with."""

import datetime as dt

from flask import url_for

from distribution import merchants as operation
from distribution import policy
from web.console.forms import Form
from web.console.visit import OWNER, Done, Subject, Visit

subject = Subject(distributors=True)


@subject.page("/merchants/", may=OWNER)
def merchants(visit: Visit, **_: object) -> str:
    """商家与密钥"""
    rows = operation.everyone(visit.session)
    return visit.show(
        "merchants.html",
        merchants=[(each, operation.secrets_of(visit.session, each.id)) for each in rows],
        first=rows[0].id,
        configured=len(visit.parts.api_secrets),
    )


@subject.act("/merchants/", may=OWNER, again=merchants)
def add_merchant(visit: Visit) -> Done:
    """新增商家"""
    form = Form(visit.given)
    name = form.text("name", most=40)
    form.check()
    session, by, now = visit.session, visit.seat.name, visit.now
    row = operation.create(session, name=name, by=by, now=now)
    own = policy.in_force(session, visit.seat.merchant_id, now).model_dump(mode="json", exclude={"id", "version"})
    since = now - dt.timedelta(seconds=1)
    policy.publish(session, merchant_id=row.id, document=own, effective_from=since, by=by, now=now)
    secret = operation.add_secret(session, row.id, by=by, now=now)
    return Done(f"商家“{name}”已新增。接口密钥（只显示这一次，请马上保存）：{secret}", url_for("console.merchants"))


@subject.act("/merchants/<int:merchant_id>/secrets", may=OWNER, again=merchants)
def add_secret(visit: Visit, merchant_id: int) -> Done:
    """新建密钥"""
    secret = operation.add_secret(visit.session, merchant_id, by=visit.seat.name, now=visit.now)
    return Done(f"新的接口密钥（只显示这一次，请马上保存）：{secret}", url_for("console.merchants"))


@subject.act("/secrets/<int:secret_id>/revoke", may=OWNER, again=merchants)
def revoke_secret(visit: Visit, secret_id: int) -> Done:
    """停用密钥"""
    operation.revoke_secret(visit.session, secret_id, by=visit.seat.name, now=visit.now)
    return Done("密钥已停用，用它签名的请求从现在起会被拒绝。", url_for("console.merchants"))
