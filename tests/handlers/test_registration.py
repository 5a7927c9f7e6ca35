"""Joining in the chat."""

import pytest

from distribution import members


@pytest.fixture
def alice(chat):
    who = chat.person("o-alice")
    who.follows()
    return who


def test_three_steps_and_a_written_consent(alice):
    assert "第 1 步" in alice.says("我要成为分销员")
    assert "138****8000" in alice.says("13800138000")
    assert "分销员协议" in alice.says("我叫李娜")
    assert alice.says("1").startswith("提交成功")
    assert "正在等店铺审核" in alice.says("我要成为分销员")


def test_name_and_phone_may_come_together_or_the_other_way_round(alice):
    alice.says("申请分销员")
    assert "第 1 步" in alice.says("李娜")
    assert "第 3 步" in alice.says("13800138000")


def test_wrong_answers_are_explained_and_asked_again(alice):
    alice.says("我要成为分销员")
    assert "少了 1 位" in alice.says("我的是1380013800")
    alice.says("13900001234")
    assert "真实姓名" in alice.says("小仙女✨")
    assert "回到手机号" in alice.says("上一步")
    assert "138****8000" in alice.says("手机号换成13800138000")


def test_a_question_in_between_is_answered_and_the_step_asked_again(alice):
    alice.says("我要成为分销员")
    answer = alice.says("佣金规则")

    assert "佣金 10%" in answer
    assert "请发你的手机号" in answer


def test_who_does_not_agree_has_told_nothing(alice, chat):
    for words in ("我要成为分销员", "13800138000", "王芳"):
        alice.says(words)
    assert "没有提交" in alice.says("2")

    with chat.database.reading() as session:
        assert members.find_by_member(session, alice.member_id(session)) is None


def test_an_invite_code_makes_the_inviter(chat):
    bob = chat.distributor("鲍勃甲", "o-bob")
    alice = chat.person("o-alice")
    assert "已记下" in alice.says(f"邀请码 {bob.code} 注册")
    for words in ("13800138000", "王芳", "同意"):
        alice.says(words)

    with chat.database.reading() as session:
        assert members.find_by_member(session, alice.member_id(session)).inviter_id == bob.distributor_id


def test_an_unknown_invite_code_is_refused(alice):
    assert "没有找到邀请码 ZZZZ9" in alice.says("邀请码ZZZZ9")


def test_cancel_leaves_the_flow(alice):
    alice.says("我要成为分销员")
    assert "已退出" in alice.says("取消")
    assert "没看懂" in alice.says("13800138000")
