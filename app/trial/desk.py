"""The desk a case is tried at: one merchant, made-up people, and a transaction that is never kept."""

import datetime as dt
from itertools import count

from sqlalchemy.orm import Session

from app.trial.cases import Document, TrialError
from distribution import members, merchants, people, policy
from distribution.policy import Policy

_APPID, _BEGINNING = "trial", dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
#: Names a case uses for settings that the policy keeps elsewhere.
_NOT_POLICY = {"levels"}


class Desk:
    """One case's shop; everything happens in ``session``, which is rolled back at the end."""

    def __init__(self, session: Session, settings: Document) -> None:
        """Opens the shop and publishes ``settings`` as its policy; raises Refusal when they cannot stand (R7)."""
        self.session, self.appid = session, _APPID
        made = merchants.create(session, name="试算", by="trial", now=_BEGINNING)
        self.merchant_id: int = made.id
        document = {name: value for name, value in settings.items() if name not in _NOT_POLICY}
        self.policy: Policy = policy.publish(
            session,
            merchant_id=self.merchant_id,
            document={"join_mode": "everyone", **document},
            effective_from=_BEGINNING,
            by="trial",
            now=_BEGINNING,
        )
        self.opened_at, self.numbers = _BEGINNING, count(1)
        self._members: dict[str, int] = {}
        self._distributors: dict[str, int] = {}

    def member(self, name: str) -> int:
        """The WeChat user of this name, made when first named."""
        if name not in self._members:
            met = people.meet(self.session, self.appid, openid(name), _BEGINNING).member_id
            assert met is not None, "who was met is known"
            self._members[name] = met
        return self._members[name]

    def distributor(self, name: str, *, inviter: str | None = None) -> int:
        """The active distributor of this name, made when first named (below ``inviter``, who is made too)."""
        if name not in self._distributors:
            code = None
            if inviter is not None:
                code = members.get_distributor(self.session, self.distributor(inviter)).code
            row = members.apply(
                self.session, self.member(name), name="试算甲", phone="13800138000", invite_code=code,
                terms_version=self.policy.terms_version, policy=self.policy, now=_BEGINNING,
            )  # fmt: skip
            self._distributors[name] = row.id
        return self._distributors[name]

    def known(self, name: object, where: str) -> int:
        """The distributor a case has introduced before; TrialError for a stranger, with ``where`` he is named."""
        # Compared one by one: what a case calls somebody may be a list, which no dictionary looks up.
        found = next((key for each, key in self._distributors.items() if each == name), None)
        if found is None:
            raise TrialError(f"{where}：people 里没有 {name}" if name is not None else f"{where}：没有写是谁")
        return found

    @property
    def names(self) -> dict[int, str]:
        """The names of everybody who was made a distributor, by id."""
        return {distributor_id: name for name, distributor_id in self._distributors.items()}

    def names_by_code(self) -> dict[str, str]:
        """The names of everybody who was made a distributor, by the code that the books show."""
        return {members.get_distributor(self.session, key).code: name for key, name in self.names.items()}


def openid(name: str) -> str:
    """The openid of a made-up person."""
    return f"trial-{name}"
