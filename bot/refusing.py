"""A refusal as a whole answer: the sentence, and the numbered ways on from there."""

from collections.abc import Mapping

from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.wording import sentence
from distribution.refusals import Code, Refusal

_JOIN = Way("申请加入（免费，约 1 分钟）", say="我要成为分销员")
_HUMAN = Way("转人工", say="人工")
_WAYS: Mapping[Code, tuple[Way, ...]] = {
    Code.NOT_A_DISTRIBUTOR: (
        _JOIN,
        Way("我以前注册过，换了微信", say="找回账号"),
        Way("我只是来买东西"),
    ),
    Code.ALREADY_APPLIED: (Way("先看看爆款", say="爆款"), Way("佣金规则"), _HUMAN),
    Code.REAPPLY_LATER: (Way("佣金规则"), _HUMAN),
    Code.ASSIGNED_ONLY: (Way("看全部商品"), _HUMAN),
    Code.CONDITION_NOT_MET: (Way("看全部商品"), Way("查我的订单", say="我的订单")),
    Code.FROZEN: (Way("提交说明"), _HUMAN),
    Code.TERMINATED: (Way("提现"), Way("我的收益"), _HUMAN),
    Code.UNDER_REVIEW: (Way("提交说明"), _HUMAN),
}


def answer(refusal: Refusal) -> Reply:
    """What a person is told of a refusal."""
    ways = _WAYS.get(refusal.code, ())
    if refusal.code == Code.NOT_A_DISTRIBUTOR and refusal.facts.get("state") == "rejected":
        ways = (Way("重新申请", say="我要成为分销员"), _HUMAN)
    return offer(sentence(refusal), *ways)
