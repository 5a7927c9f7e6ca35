"""What WeChat's "no" means for us.

Exception
├── Outside      WeChat or WeChat Pay said no, or nothing; `action` says what to do, `code` what was said
└── BadNotice    a notice that is not proven to come from WeChat Pay; `probe` marks WeChat's own deliberate fakes
"""

import re
from enum import StrEnum


class Action(StrEnum):
    """What to do after a call that did not succeed."""

    PERMANENT = "permanent"  # give up for this message or user
    RETRY = "retry"  # surely not done: again, not before `retry_after` seconds
    UNKNOWN = "unknown"  # it may have taken effect: ask before repeating
    STOP = "stop"  # our configuration or rights: wake somebody, stop this API
    DAY = "day"  # today's quota is used up
    ELSEWHERE = "elsewhere"  # this way is closed, another may be open
    GONE = "gone"  # the person does not follow, or does not exist


_BY_ACTION: dict[Action, tuple[int, ...]] = {
    Action.PERMANENT: (
        *(40004, 40005, 40006, 40008, 40009, 40010, 40011, 40012),
        *(40029, 40030, 40163, 42002, 42003, 42007),
        *(43019, 43101, 44001, 44002, 44003, 44004, 44005),
        *(45002, 45003, 45004, 45005, 45006, 45007, 45008),
        *(45036, 45067, 45072, 45080, 45081, 45098, 45099, 47003, 50001, 50002, 70000),
    ),
    Action.RETRY: (
        *(40001, 40007, 40014, 41001, 42001, 43117, 45011, 45066, 61450),
        *(89501, 89502, 89504, 89505, 89506, 89507),
    ),
    Action.UNKNOWN: (-1,),
    Action.STOP: (
        *(40002, 40013, 40125, 41002, 41004, 40164, 40243, 45035, 89503),
        *(40018, 40019, 40020, 40021, 40022, 40023, 40024, 40025, 40026, 40027),
        *(40033, 40035, 40036, 40037, 40050, 40053, 43001, 43002, 43003, 43116),
        *(45026, 45027, 45048, 45056, 45057, 45058, 45059, 45064, 45087, 45094, 45102, 45159),
        *(47001, 47002, 48001, 48003, 48004, 48008, 50004, 50007, 200012),
        *range(65301, 65318),
    ),
    Action.DAY: (45009, 45028, 45040, 48006),
    Action.ELSEWHERE: (40130, 45015, 45029, 45047, 48002),
    Action.GONE: (40003, 43004, 46004, 50005),
}

ACTIONS: dict[int, Action] = {code: action for action, codes in _BY_ACTION.items() for code in codes}
"""Every errcode of the account API we know, and what to do; a code not listed is `RETRY` with an alarm."""

_HOUR = 3600
_WAITS: dict[int | str, int] = {
    40001: 60, 40014: 60, 41001: 60, 42001: 60, 40007: 0, 43117: 4 * _HOUR, 45011: 60, 45066: 60, 61450: 60,
    89501: 300, 89502: 300, 89504: 300, 89505: 300, 89506: 24 * _HOUR, 89507: _HOUR, "NOT_ENOUGH": 600,
}  # fmt: skip
_USUAL_WAIT = 30

# The person cannot help these: somebody on our side has to look.
_ALARMS: frozenset[int | str] = frozenset((
    *(40001, 40014, 41001, 42001, 45009, 45028, 45029, 45040, 47003),
    *(89501, 89502, 89504, 89505, 89506, 89507, "NOT_ENOUGH"),
))  # fmt: skip

_LONG_WORD = re.compile(r"[A-Za-z0-9_+/=-]{27,}")
_LONGEST = 200


class Outside(Exception):
    """WeChat said no, or nothing: the only error that leaves this folder, free of tokens, keys and openids."""

    def __init__(
        self,
        action: Action,
        call: str,
        code: int | str | None = None,
        *,
        retry_after: int | None = None,
        message: str = "",
    ) -> None:
        self.action = action
        self.call = call
        self.code = code
        self.retry_after = wait_for(action, code) if retry_after is None else retry_after
        self.message = without_secrets(message)
        super().__init__(f"{call}: {action} {'' if code is None else code} {self.message}".rstrip())

    @property
    def alarm(self) -> bool:
        """Whether a person on our side has to look: rights, keys, quota, balance, or a code nobody knows."""
        unheard_of = isinstance(self.code, int) and self.code not in ACTIONS
        return self.action is Action.STOP or self.code in _ALARMS or unheard_of


class BadNotice(Exception):
    """A notice we must not believe: answer 401, do nothing."""

    def __init__(self, reason: str, *, probe: bool = False) -> None:
        self.reason = reason
        self.probe = probe
        super().__init__(reason)


def refusal(call: str, code: int, message: str = "") -> Outside:
    """The `Outside` an errcode of the account API stands for."""
    return Outside(ACTIONS.get(code, Action.RETRY), call, code, message=message)


def wait_for(action: Action, code: int | str | None) -> int:
    """Seconds to wait before the same call makes sense again; 0 where waiting is no cure."""
    if action not in (Action.RETRY, Action.UNKNOWN):
        return 0
    return _USUAL_WAIT if code is None else _WAITS.get(code, _USUAL_WAIT)


def without_secrets(text: str) -> str:
    """The text on one short line, with everything as long as an openid or a token masked (a rid is shorter)."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return _LONG_WORD.sub("…", line)[:_LONGEST]
