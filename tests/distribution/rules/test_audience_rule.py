"""Who a campaign is for: three shapes, and nothing else."""

import pytest

from distribution.refusals import Code, Refusal
from distribution.rules import audience


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"kind": "all"}, {"kind": "all"}),
        ({"kind": "all", "id": 3}, {"kind": "all"}),
        ({"kind": "level", "id": 1}, {"kind": "level", "id": 1}),
        ({"kind": "tag", "id": 7, "more": "x"}, {"kind": "tag", "id": 7}),
    ],
)
def test_what_is_no_part_of_an_audience_is_left_out(told, kept):
    assert audience.clean(told) == kept


@pytest.mark.parametrize(
    "told",
    [{}, {"kind": "level"}, {"kind": "tag", "id": "7"}, {"kind": "level", "id": True}, {"kind": "some", "id": 7}],
)
def test_anything_else_is_no_audience(told):
    with pytest.raises(Refusal) as refused:
        audience.clean(told)
    assert refused.value.code == Code.EMPTY_AUDIENCE
