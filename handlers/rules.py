"""The shop's rules in plain words, with an example from the live policy; and material to share."""

from bot.context import Context
from bot.replies import Reply, Text
from bot.router import Router, Who
from distribution import materials
from distribution.rules.commission import EXAMPLE_FEN, example
from distribution.rules.money import percent, yuan

router = Router()


@router.text("分销规则", "佣金规则", "规则", "佣金比例", reads=True)
@router.intent("rules", reads=True)
def explain(ctx: Context) -> Reply:
    """佣金规则"""
    policy = ctx.policy
    rates, terms, (own, _) = policy.store_rate_bp, policy.withdraw, example(policy)
    team = f"\n· 你邀请的分销员成交，另得 {percent(rates.l2)}；最多两级，拉人没有奖励" if policy.depth > 1 else ""
    return Text(
        f"佣金 {percent(rates.l1)}：客户实付 {yuan(EXAMPLE_FEN)}，你得 {yuan(own)}（个别商品另有比例）。{team}\n"
        f"· 客户确认收货满 {policy.freeze_days} 天，转为可提现\n"
        f"· 提现最低 {yuan(terms.min_fen)}，手续费 {percent(terms.fee_bp)}，到微信零钱\n"
        f"· 客户扫码后 {policy.binding.valid_days} 天内下单算你的\n"
        "· 客户退款，对应佣金扣回；不够扣的从以后的佣金里抵"
    )


@router.text("素材", "素材库", "文案", only=Who.ACTIVE, reads=True)
@router.intent("material", only=Who.ACTIVE, reads=True)
def material(ctx: Context) -> Reply:
    """素材"""
    found = materials.newest(ctx.session, limit=2)
    if not found:
        return Text("店铺还没有放素材。\n回复“生成海报”可以先发海报。")
    return Text("复制就能发：\n\n" + "\n\n".join(f"【{row.title}】\n{row.text[:200]}" for row in found))
