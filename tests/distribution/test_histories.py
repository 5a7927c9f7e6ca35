"""Long random histories of the shop against a small model; after every step the purses agree, at the end the proof."""

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from small_model import Model

from distribution import earnings, members, orders, people, policy, proof, refunds, settlement, transfers, withdrawals
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport
from distribution.transfers import TransferNews
from models import Merchant
from models.database import Database

APPID = "wx0123456789abcdef"
NAMES = {"爱丽丝": None, "鲍勃": "爱丽丝", "卡罗尔": "鲍勃"}
STATES = ("unpaid", "paid", "shipped", "received", "closed")
OUTCOMES = ("SUCCESS", "FAIL", "CANCELLED", "WAIT_USER_CONFIRM", "UNKNOWN", "ACCEPTED")
START = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
FEN = st.integers(0, 40_000)


class Histories(RuleBasedStateMachine):
    """What malls, people, operators, WeChat Pay and the clock may do, in any order."""

    template: Path
    sold, asked = Bundle("sold"), Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="fx-history-"))
        shutil.copy(self.template, self.folder / "shop.sqlite3")
        self.database = Database(f"sqlite:///{self.folder / 'shop.sqlite3'}")
        self.now, self.numbers = START, 0
        self.model = Model(NAMES)
        self.ids: dict[str, int] = {}
        self.codes: dict[str, str] = {}
        self.lines: dict[str, tuple[LineReport, ...]] = {}

    def teardown(self) -> None:
        with self.database.reading() as session:
            broken = [finding for finding in proof.prove(session) if not finding.ok]
        self.database.close()
        shutil.rmtree(self.folder)
        assert broken == []

    @initialize(target=sold)
    def open_the_shop(self) -> str:
        self._write(lambda s: s.add(Merchant(name="禾苗好物", created_at=self.now)))
        for number, (name, inviter) in enumerate(NAMES.items()):
            self._join(name, inviter, f"1380000000{number}")
        first = self.sell([30_000, 4_999], "鲍勃", "received", 1)
        self.wait(7)
        return first

    @rule(target=sold, amounts=st.lists(FEN, min_size=1, max_size=3), seller=st.sampled_from([None, *NAMES]),
          state=st.sampled_from((*STATES[:4], "received")), version=st.integers(1, 3))  # fmt: skip
    def sell(self, amounts: list[int], seller: str | None, state: str, version: int) -> str:
        self.numbers += 1
        no = f"E{self.numbers}"
        self.lines[no] = tuple(LineReport(at, "AJ250", "糕", 1, fen) for at, fen in enumerate(amounts, 1))
        self._report(no, state, version, seller)
        return no

    @rule(no=sold, state=st.sampled_from(STATES), step=st.integers(-1, 2))
    def report_again(self, no: str, state: str, step: int) -> None:
        held = self.model.orders[no]
        forward = state == "closed" or (held.state != "closed" and STATES.index(state) >= STATES.index(held.state))
        if step > 0 and not forward:
            return
        self._report(no, state, held.version + step, None)

    @rule(no=sold, which=st.integers(1, 2), state=st.sampled_from(("opened", "closed", "refunded", "refunded")),
          fen=FEN, line=st.integers(1, 2), early=st.booleans())  # fmt: skip
    def send_back(self, no: str, which: int, state: str, fen: int, line: int, early: bool) -> None:
        order_no = f"E{self.numbers + 1}" if early and which == 2 else no
        number = f"R{order_no}-{which}"
        line = min(line, len(self.lines.get(order_no, ("",))))
        report = RefundReport(number, order_no, state, self.now, (RefundLine(line, 0, fen),))
        told = self._write(lambda s: refunds.record(s, 1, report, now=self.now)).applied
        assert told == self.model.refund(number, order_no, state, {line - 1: fen})

    @rule(days=st.sampled_from((0.01, 1, 7, 7)))
    def wait(self, days: float) -> None:
        self.now += dt.timedelta(days=days)
        self.model.now = round((self.now - START).total_seconds())
        self._write(lambda s: settlement.settle_due(s, now=self.now))
        self.model.settle()

    @rule(who=st.sampled_from(("爱丽丝", "鲍勃")))
    def freeze_or_resume(self, who: str) -> None:
        thaw = who in self.model.frozen
        change = members.resume if thaw else members.freeze
        self._write(lambda s: change(s, self.ids[who], by="boss", reason="核对", now=self.now))
        self.model.frozen ^= {who}

    @rule(no=asked, news=st.lists(st.sampled_from(OUTCOMES), max_size=3))
    def pay(self, no: str, news: list[str]) -> None:
        for what in ("approve", "begin"):
            self.decide(no, what)
        for each in news:
            self.hear(no, each, False)

    @rule(target=asked, who=st.sampled_from(("爱丽丝", "鲍勃")), part=st.sampled_from((1, 2, 3)), small=st.booleans())
    def ask(self, who: str, part: int, small: bool) -> str:
        self.numbers += 1
        have = self.model.purse(who)[1]
        fen = max(10, have // part if small or part < 3 else have + 1)
        terms = policy.Policy(withdraw=policy.WithdrawalTerms(min_fen=10))
        no = self._tried(
            lambda s: (
                withdrawals.request(
                    s, self.ids[who], fen, request_key=f"k{self.numbers}", policy=terms, now=self.now
                ).no
            )
        )
        if who in self.model.frozen or fen > have:
            assert no == (Code.FROZEN if who in self.model.frozen else Code.INSUFFICIENT)
            return ""
        self.model.ask(no, who, fen)
        return no

    @rule(no=asked, what=st.sampled_from(("approve", "reject", "cancel", "begin")))
    def decide(self, no: str, what: str) -> None:
        if not no:
            return
        row, now = self._write(lambda s: withdrawals.find(s, no)), self.now
        steps = {
            "approve": lambda s: withdrawals.approve(s, no, by="boss", version=row.version, now=now),
            "reject": lambda s: withdrawals.reject(s, no, by="boss", reason="核对", version=row.version, now=now),
            "cancel": lambda s: withdrawals.cancel(s, no, by="member", now=now),
            "begin": lambda s: transfers.begin(s, no, now=now),
        }
        if self._tried(steps[what]) == Code.ILLEGAL_STATE:
            assert row.state != "requested"
            return
        if what == "reject" or (what == "cancel" and row.state == "requested"):
            self.model.end(no, paid=False)

    @rule(no=asked, news=st.sampled_from(OUTCOMES), wrong=st.booleans())
    def hear(self, no: str, news: str, wrong: bool) -> None:
        if not no:
            return
        row = self._write(lambda s: withdrawals.find(s, no))
        if news == "UNKNOWN":
            self._write(lambda s: transfers.record_unknown(s, no, tries=1, now=self.now))
            return
        told = TransferNews(news, fen=row.net_fen + wrong)
        self._write(lambda s: transfers.record(s, no, told, source="query", now=self.now))
        if not wrong and row.state in ("approved", "paying") and news in ("SUCCESS", "FAIL", "CANCELLED"):
            self.model.end(no, paid=news == "SUCCESS")

    @precondition(lambda self: self.ids)
    @invariant()
    def purses_agree(self) -> None:
        with self.database.reading() as session:
            for who, number in self.ids.items():
                purse = earnings.purse(session, number)
                ours = (purse.pending_fen, purse.available_fen, purse.withdrawing_fen)
                assert (*ours, purse.withdrawn_fen, purse.owed_fen) == self.model.purse(who), who

    def _report(self, no: str, state: str, version: int, seller: str | None) -> None:
        code = self.codes[seller] if seller else None
        lines = self.lines[no]
        report = OrderReport(no, state, version, self.now, lines, buyer_openid="o买家", distributor_code=code)
        told = self._write(lambda s: orders.record(s, 1, report, appid=APPID, now=self.now))
        amounts = [line.unit_fen for line in lines]
        # A code that is nobody's who is active leaves the order to the binding; there is none here.
        earns = seller if seller not in self.model.frozen else None
        assert told.applied == self.model.report(no, state, version, lines=amounts, seller=earns)

    def _join(self, name: str, inviter: str | None, phone: str) -> None:
        now = self.now
        member = self._write(lambda s: people.meet(s, APPID, f"o{name}", now).member_id)
        facts = {"name": name, "phone": phone, "terms_version": "1", "policy": policy.Policy(), "now": now}
        code = self.codes[inviter] if inviter else None
        row = self._write(lambda s: members.apply(s, member, invite_code=code, **facts))
        self._write(lambda s: members.approve(s, row.id, by="boss", now=now))
        self.ids[name], self.codes[name] = row.id, row.code

    def _tried(self, work):
        try:
            return self._write(work)
        except Refusal as refusal:
            return refusal.code

    def _write(self, work):
        with self.database.transaction() as session:
            return work(session)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_every_history_ends_as_the_small_model_says(sqlite_template):
    Histories.template = sqlite_template
    shown = settings(
        max_examples=30,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run(Histories, settings=shown)
