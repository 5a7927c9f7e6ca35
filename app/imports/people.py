"""Distributors: a row each, whoever invited before those invited, whatever the file's order."""

import re
from collections.abc import Iterator
from itertools import groupby

from pydantic import BaseModel, ConfigDict, ValidationError

from app.imports import family, words
from app.imports.desk import Desk, chunks
from app.imports.spool import Keys, Row, Spool, Wrong
from distribution import imported_people
from distribution.imported_people import Newcomer, Verdict
from distribution.rules import identity
from distribution.rules.calendar import parse_local
from models.states import DistributorState
from web.shapes import Moment, Word

_CODE = re.compile(r"[A-Za-z0-9_-]{2,32}")
_DAY = re.compile(r"\d{4}([-/])\d{1,2}\1\d{1,2}([ T]\d{1,2}:\d\d(:\d\d)?)?")
_STATES = tuple(str(state) for state in DistributorState)
_WHY = {
    imported_people.Wrong.CODE_TAKEN: ("code", "编码 {} 已经是别人的"),
    imported_people.Wrong.OTHER_CODE: ("code", "这个人已经是分销员，编码 {}"),
    imported_people.Wrong.PHONE_TAKEN: ("phone", "手机号与 {} 的相同"),
    imported_people.Wrong.UNKNOWN_LEVEL: ("level", "没有叫“{}”的等级，先在后台建好"),
    imported_people.Wrong.UNKNOWN_INVITER: ("inviter_code", "没有编码是 {} 的分销员"),
}


class _Shape(BaseModel):
    """What is checked as the doors of /api/v1 check it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    openid: Word
    joined_at: Moment | None = None


class People:
    """As an application that passed long ago, with the code, the inviter and the state it has."""

    noun = "分销员"
    columns: tuple[str, ...] = ("openid", "code", "name", "phone", "inviter_code", "level", "state", "joined_at")
    required = frozenset(("openid", "name", "phone"))

    def keys(self, desk: Desk, row: Row) -> Keys:
        """A code, an openid and a phone stand once in a file; ``also`` is the inviter."""
        told = desk.told(row, self.columns)
        phone = identity.parse_phone(told.get("phone", ""))
        return Keys(told.get("code", "").upper(), told.get("inviter_code", "").upper(), told.get("openid"), phone)

    def land(self, desk: Desk, spool: Spool) -> None:
        """Take the people over, so many a transaction, one generation after the other."""
        for row in family.unfit(spool):
            desk.reject(row, row.wrong or Wrong("", ""))
        for _, generation in groupby(family.generations(spool), key=lambda each: each[0]):
            for rows in chunks(row for _, row in generation):
                _take(desk, spool, rows)

    def check(self, desk: Desk, row: Row) -> Wrong | None:
        """What is wrong with a row by itself."""
        told = _read(desk, row)
        return told if isinstance(told, Wrong) else None


def _take(desk: Desk, spool: Spool, rows: list[Row]) -> None:
    fit = list(_with_inviters(desk, spool, rows))
    people = [each for _, each in fit]
    shop, now = desk.shop, desk.shop.clock.now()
    # In a dry run nobody's inviter from the file is in the database: being fit is enough.
    expected = family.known(spool, people) if desk.dry else set()
    verdicts = desk.write(
        lambda session: imported_people.take_all(
            session, people, appid=shop.app_id, file=desk.file, now=now, expected=expected
        )
    )
    for (row, _), verdict in zip(fit, verdicts, strict=True):
        if verdict.what == "wrong":
            _refuse(desk, spool, row, _because(verdict))
        else:
            desk.landed(verdict.what)


def _with_inviters(desk: Desk, spool: Spool, rows: list[Row]) -> Iterator[tuple[Row, Newcomer]]:
    """Those whose inviter did not stay behind."""
    told = [(row, each) for row in rows if isinstance(each := _read(desk, row), Newcomer)]
    behind = family.left_behind(spool, {each.inviter_code for _, each in told if each.inviter_code})
    for row, each in told:
        if each.inviter_code in behind:
            line = behind[each.inviter_code]
            _refuse(desk, spool, row, Wrong("inviter_code", f"邀请人 {each.inviter_code}（第 {line} 行）没有导入"))
        else:
            yield row, each


def _refuse(desk: Desk, spool: Spool, row: Row, wrong: Wrong) -> None:
    family.leave_behind(spool, row, wrong)
    desk.reject(row, wrong)


def _because(verdict: Verdict) -> Wrong:
    assert verdict.why is not None, "what is wrong is told"
    column, words_ = _WHY[verdict.why]
    return Wrong(column, words_.format(verdict.other))


def _read(desk: Desk, row: Row) -> Newcomer | Wrong:
    told = desk.told(row, People.columns)
    wrong = _unfit(told)
    if wrong is not None:
        return wrong
    try:
        shape = _Shape.model_validate({"openid": told.get("openid", ""), "joined_at": _moment(told.get("joined_at"))})
    except ValidationError as error:
        item = error.errors(include_url=False)[0]
        return Wrong(str(item["loc"][0]), words.reason(item))
    now = desk.shop.clock.now()
    if shape.joined_at is not None and shape.joined_at > now:
        return Wrong("joined_at", f"{words.shown(told['joined_at'])}还没有到")
    return Newcomer(
        openid=shape.openid, code=told.get("code", "").upper(), name=told["name"],
        phone=identity.parse_phone(told["phone"]) or "", state=told.get("state", DistributorState.ACTIVE),
        joined_at=shape.joined_at or now, inviter_code=told.get("inviter_code", "").upper() or None,
        level=told.get("level"),
    )  # fmt: skip


def _unfit(told: dict[str, str]) -> Wrong | None:
    for column in ("openid", "name", "phone"):
        if column not in told:
            return Wrong(column, "没有填")
    if identity.parse_name(told["name"]) != told["name"]:
        return Wrong("name", f"{words.shown(told['name'])}不像真实姓名")
    if identity.parse_phone(told["phone"]) is None:
        return Wrong("phone", f"{words.shown(told['phone'])}不是 11 位手机号")
    for column in ("code", "inviter_code"):
        if column in told and not _CODE.fullmatch(told[column]):
            return Wrong(column, f"{words.shown(told[column])}不是编码：2 到 32 个字母、数字、横线")
    if told.get("state", DistributorState.ACTIVE) not in _STATES:
        return Wrong("state", f"{words.shown(told['state'])}只能是 {'、'.join(_STATES)}")
    return None


def _moment(cell: str | None) -> str | None:
    """A day or a time without offset is one in Shanghai."""
    if cell is None or not _DAY.fullmatch(cell):
        return cell
    day, _, time = cell.replace("/", "-").replace("T", " ").partition(" ")
    year, month, date = day.split("-")
    hour, *rest = (time or "0:00").split(":")
    try:
        return parse_local(f"{year}-{month:0>2}-{date:0>2}T{hour:0>2}:{':'.join(rest)}").isoformat()
    except ValueError:
        return cell
