"""Every "no" of WeChat has a meaning, and no secret comes along with it."""

import pytest

from wechat.errors import ACTIONS, Action, Outside, refusal

DOCUMENTED = [
    -1, 40001, 40002, 40013, 40125, 41002, 41004, 40003, *range(40004, 40013), 40014, 42001, 41001,
    *range(40018, 40028), 40029, 40163, 42003, 40030, 42002, 42007, 40033, 47002, 40035, 40037, 40036, 40050, 45159,
    40053, 40130, 40164, 40243, 43002, 43001, 43003, 43004, 43019, 43101, 43116, 43117, *range(44001, 44006), 45002,
    *range(45003, 45009), 45009, 45011, 45015, 45026, 45027, 45028, 45029, 45035, 45036, 45040, 45047, 45048,
    *range(45056, 45060), 45064, 45066, 45067, 45072, 45080, 45081, 45087, 45094, 45102, 45098, 45099, 46004, 47001,
    47003, 48001, 48002, 48003, 48004, 48006, 48008, 50001, 50002, 50004, 50005, 50007, 61450, *range(65301, 65318),
    70000, *range(89501, 89508), 200012,
]  # fmt: skip


def test_every_documented_code_has_an_action() -> None:
    assert [code for code in DOCUMENTED if code not in ACTIONS] == []


@pytest.mark.parametrize(
    ("code", "action", "wait"),
    [
        (-1, Action.UNKNOWN, 30),
        (40003, Action.GONE, 0),
        (43004, Action.GONE, 0),
        (43101, Action.PERMANENT, 0),
        (45015, Action.ELSEWHERE, 0),
        (45047, Action.ELSEWHERE, 0),
        (48002, Action.ELSEWHERE, 0),
        (45009, Action.DAY, 0),
        (45011, Action.RETRY, 60),
        (40164, Action.STOP, 0),
        (48001, Action.STOP, 0),
        (89506, Action.RETRY, 86400),
        (99999, Action.RETRY, 30),
    ],
)
def test_a_code_says_what_to_do_and_how_long_to_wait(code: int, action: Action, wait: int) -> None:
    error = refusal("message/custom/send", code)

    assert (error.action, error.retry_after, error.code) == (action, wait, code)


def test_an_unheard_of_code_wakes_somebody_and_a_closed_window_does_not() -> None:
    assert refusal("x", 99999).alarm
    assert not refusal("x", 45015).alarm


def test_openids_and_tokens_are_masked_but_the_rid_stays() -> None:
    error = Outside(
        Action.GONE, "x", 40003, message="bad oABCDEFGHIJKLMNOPQRSTUVWXYZ_\r\nrid: 6564bb2c-0a1b2c3d-4e5f6a7b"
    )

    assert "oABC" not in str(error)
    assert "rid: 6564bb2c-0a1b2c3d-4e5f6a7b" in str(error)
    assert "\n" not in str(error)
