"""What people hear about their withdrawals."""

import datetime as dt

from sqlalchemy.orm import Session

from distribution import earnings, notices
from distribution.rules.calendar import shown_full, shown_time
from distribution.rules.money import yuan
from models import Withdrawal

#: Replaced by the sender with the signed link of the confirm page.
CONFIRM_LINK = "confirm"
#: By its applicant before it was sent, or through WeChat Pay afterwards.
_TAKEN_BACK = ("cancelled", "CANCELLED", "MCH_CANCEL")
#: Where paid money is now.
ARRIVED = {"wechat": "进你的微信零钱", "bank": "转到你的银行卡", "balance": "存入你的商城余额"}


def confirm(session: Session, row: Withdrawal, *, reminder: int, now: dt.datetime) -> None:
    """Ask to confirm the receipt in WeChat, or remind of it; ``{link}`` in the text stands for the signed link."""
    assert row.confirm_by is not None, "a waiting transfer has a deadline"
    opening = "审核通过，还差一步：" if reminder == 0 else "还有一笔提现等你确认："
    text = (
        f"{opening}点这里在微信里确认，{yuan(row.net_fen)} 马上到零钱。\n{{link}}\n"
        f"请在 {shown_time(row.confirm_by)} 前确认；过期会退回可提现，钱不会丢。"
    )
    _tell(session, row, text, "待确认收款", once=f"confirm:{reminder}", now=now, confirm=True)


def paid(session: Session, row: Withdrawal, *, now: dt.datetime) -> None:
    """The money arrived."""
    left = earnings.purse(session, row.distributor_id).available_fen
    where = ARRIVED[row.channel]
    text = f"到账了🎉 {yuan(row.net_fen)}（{row.no}）已{where}。{_deducted(row)}\n现在可提现 {yuan(left)}。"
    _tell(session, row, text, "已到账", once="paid", now=now)


def returned(session: Session, row: Withdrawal, *, why: str, now: dt.datetime) -> None:
    """The money came back: what happened, where it is, what to do."""
    left, kept = earnings.purse(session, row.distributor_id).available_fen, "钱没丢，"
    if why == "rejected":
        opening, status = f"{yuan(row.fen)} 的提现没有通过。\n原因：{row.reason}", "已驳回"
    elif why in _TAKEN_BACK:
        opening, status, kept = "撤回完成。", "已撤回", ""
    else:
        opening, status = f"{yuan(row.fen)} 的提现没有付成：{row.reason}。", "已退回"
    text = f"{opening}\n{kept}{yuan(row.fen)} 已退回，现在可提现 {yuan(left)}。\n回复“提现”可以重新申请。"
    _tell(session, row, text, status, once="returned", now=now)


def _deducted(row: Withdrawal) -> str:
    """What was taken off, when anything was."""
    parts = [f"{word} {yuan(fen)}" for word, fen in (("手续费", row.fee_fen), ("代扣个税", row.tax_fen)) if fen]
    return f"\n申请 {yuan(row.fen)}，已扣" + "、".join(parts) + "。" if parts else ""


def _tell(
    session: Session,
    row: Withdrawal,
    text: str,
    status: str,
    *,
    once: str,
    now: dt.datetime,
    confirm: bool = False,
) -> None:
    facts = {"thing": "佣金提现", "number": row.no, "amount": yuan(row.net_fen), "time": shown_full(now)}
    facts["status"] = status
    link = f"{CONFIRM_LINK}:{row.no}" if confirm else None
    once = f"withdrawal:{row.no}:{once}"
    notices.tell(session, row.distributor_id, "withdrawal", text, once=once, facts=facts, link=link, now=now)
