"""The model dialogues about joining: facts, order, next steps; corrections at any step; resuming later."""

import pytest
from dialogue_shop import says
from money_shop import told
from sqlalchemy import select

from distribution import members
from models import tables as t


@pytest.fixture
def nina(shop):
    shop.now("11-23 10:26")
    who = shop.chat.person("o-nina")
    who.follows()
    return who


def applied(shop, who):
    """What the shop holds of an applicant: state, name, phone, inviter; None for nobody."""
    with shop.chat.database.reading() as session:
        row = members.find_by_member(session, who.member_id(session))
        return row and (row.state, row.name, row.phone, row.inviter_id)


def drafted(shop):
    with shop.chat.database.reading() as session:
        return session.execute(select(t.registration_draft.c.name, t.registration_draft.c.phone)).all()


def test_01_a_customer_is_told_what_joining_means_before_it_begins(shop, nina):
    says(nina, "加入要什么条件", "免费", "只按真实成交", "拉人没有奖励", "1 现在申请", "2 先逛逛")
    says(nina, "1", "第 1 步：请发你的手机号")
    assert applied(shop, nina) is None


def test_03_phone_name_consent_and_the_notice_of_passing(shop, nina):
    says(nina, "我要成为分销员", "3 步", "1 分钟", "不收任何费用", "第 1 步：请发你的手机号", "返回", "取消")
    says(nina, "13800138000", "收到 138****8000", "第 2 步：请发真实姓名", "微信实名一致")
    says(nina, "我叫李娜", "你好，李娜", "第 3 步", "《分销员协议》", "要点", "1 同意并提交", "2 不同意")
    says(nina, "1", "提交成功", "1 个工作日", "李*，138****8000，11月23日 10:26", "先看看爆款")
    assert applied(shop, nina) == ("pending", "李娜", "13800138000", None)
    says(nina, "我通过了吗，要审核多久", "正在等店铺审核")
    with shop.chat.database.transaction() as session:
        row = members.find_by_member(session, nina.member_id(session))
        members.approve(session, row.id, by="老板", now=shop.chat.clock.now())
        code = row.code
    passed = told(shop, nina)[-1]
    assert f"审核通过，欢迎加入🎉\n你的邀请码 {code}，佣金 10%" in passed
    assert 'msgmenucontent=生成第一张海报&msgmenuid=101">1 生成第一张海报</a>' in passed
    says(nina, "生成第一张海报", "推哪一个")
    says(nina, "我的推广链接", f"/s/{code}")
    says(nina, "佣金规则", "佣金 10%")


def test_04_slips_questions_steps_back_and_a_no(shop, nina):
    says(nina, "申请代里", "不收任何费用", "第 1 步：请发你的手机号")
    says(nina, "我的是1380013800", "10 位，少了 1 位", "13800138000")
    says(nina, "13900001234", "收到 139****1234", "第 2 步")
    says(nina, "小仙女✨", "身份证上的姓名")
    says(nina, "上一步", "回到手机号", "139****1234", "直接发新的")
    says(nina, "手机号换成13800138000", "改好了：138****8000", "第 2 步：请发真实姓名")
    says(nina, "佣金比例是多少", "10%", "第 2 步：请发真实姓名")
    says(nina, "我是王芳", "你好，王芳", "第 3 步", "《分销员协议》", "1 同意并提交", "2 不同意")
    says(nina, "2", "没有提交", "不会保存", "我要成为分销员", "人工")
    assert applied(shop, nina) is None
    assert drafted(shop) == []


def test_a_name_that_was_mistyped_is_put_right_before_consent(shop, nina):
    for words in ("我要成为分销员", "13800138000", "李那"):
        nina.says(words)
    says(nina, "名字打错了", "请发正确的真实姓名")
    says(nina, "李娜", "改好了", "第 3 步")
    says(nina, "姓名应该改成李娜娜", "李娜娜", "第 3 步")
    nina.says("同意")
    assert applied(shop, nina)[:3] == ("pending", "李娜娜", "13800138000")


def test_a_phone_that_was_mistyped_is_put_right_at_the_last_step(shop, nina):
    for words in ("我要成为分销员", "13800138000", "李娜"):
        nina.says(words)
    says(nina, "手机号写错了", "请发正确的手机号")
    says(nina, "13900139000", "139****9000", "第 3 步")
    nina.says("1")
    assert applied(shop, nina)[2] == "13900139000"


@pytest.mark.parametrize("question", ["要交钱吗", "需要什么条件", "审核要多久", "要手机号干嘛", "收费吗？"])
def test_a_question_inside_is_answered_and_the_step_asked_again(shop, nina, question):
    nina.says("我要成为分销员")
    nina.says("13800138000")
    says(nina, question, "第 2 步：请发真实姓名")
    assert drafted(shop) == [(None, "13800138000")]


@pytest.mark.parametrize("word", ["好的", "谢谢", "在吗", "嗯", "不知道啊", "为什么"])
def test_small_talk_is_nobodys_name(shop, nina, word):
    nina.says("我要成为分销员")
    nina.says("13800138000")
    nina.says(word)
    assert drafted(shop) == [(None, "13800138000")]


def test_everything_in_one_sentence_leads_to_the_consent(shop, nina):
    says(nina, "我叫李娜，手机号13800138000，我要注册分销员", "第 3 步")
    nina.says("同意并提交")
    assert applied(shop, nina)[:3] == ("pending", "李娜", "13800138000")


@pytest.mark.parametrize("step", [0, 1, 2])
def test_an_invite_code_counts_at_any_step(shop, step):
    shop.now("11-23 10:00")
    bob, nina = shop.chat.distributor("周航", "o-bob"), shop.chat.person("o-nina")
    nina.follows()
    words = ["我要成为分销员", "13800138000", "李娜", "1"]
    words.insert(step + 1, f"我有邀请码{bob.code}")
    for each in words:
        nina.says(each)
    assert applied(shop, nina) == ("pending", "李娜", "13800138000", bob.distributor_id)


def test_an_unknown_invite_code_stops_nothing(nina):
    nina.says("我要成为分销员")
    nina.says("13800138000")
    says(nina, "邀请码ZZZZ9", "没有找到邀请码 ZZZZ9", "第 2 步：请发真实姓名")


def test_21_what_was_told_yesterday_is_offered_again(shop, nina):
    nina.says("我要成为分销员")
    nina.says("13800138000")
    shop.now("11-24 10:00")
    says(nina, "在吗", "在的", "第 2 步", "138****8000 已填好", "1 接着填姓名")
    says(nina, "1", "138****8000 已填好", "第 2 步：请发真实姓名")
    says(nina, "李娜", "第 3 步")


def test_an_answer_that_comes_too_late_is_not_lost(shop, nina):
    for words in ("我要成为分销员", "13800138000", "李娜"):
        nina.says(words)
    shop.chat.clock.advance(minutes=11)
    says(nina, "同意", "已过期", "没有提交", "1 接着填")
    assert applied(shop, nina) is None
    says(nina, "1", "第 3 步", "1 同意并提交")
    nina.says("1")
    assert applied(shop, nina)[:2] == ("pending", "李娜")


def test_leaving_and_starting_afresh(shop, nina):
    nina.says("我要成为分销员")
    nina.says("13800138000")
    says(nina, "重新开始", "第 1 步：请发你的手机号")
    assert drafted(shop) == []
    says(nina, "取消", "已退出", "没有提交")
    says(nina, "菜单", "我要成为分销员")
