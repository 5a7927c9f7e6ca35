"""What comes after a poster: another style of it, words to post with it."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Ask, Elsewhere, Reply
from bot.router import Router, Who, plain
from distribution import poster_lists, poster_templates
from distribution.poster_lists import Newest
from handlers import material, poster_words, posters
from handlers.choices import choice

router = Router()

_MOST = 6
_TITLES = "|".join(sorted({title for each in poster_templates.HOUSE.values() for _, title in each}))
_CALLED = rf"(?:换成?|改成|用|要|来|做)?(?:{_TITLES}|清新白|节日红|喜庆红?)(?:版式?|的|这个|那个)?(?:海报)?[吧呗]?"


@router.text("换版式", "换个版式", "换模板", "换个模板", "换风格", "换个风格", "换样式", only=Who.ACTIVE, reads=True)
def styles(ctx: Context) -> Reply:
    """换版式"""
    last, offered = _newest(ctx)
    if last is None or len(offered) < 2:
        return posters.begin(ctx)
    what = f"“{last.product[:20]}”" if last.product else "这张海报"
    lines = [f"{number} {title}{_now(name, last)}" for number, (name, title) in enumerate(offered, 1)]
    text = "\n".join([f"{what}选个版式：", *lines])
    return Ask("posters.style", text, {"offered": [list(each) for each in offered]})


@router.step("posters.style", only=Who.ACTIVE)
def picked(ctx: Context, said: str, *, offered: list[list[str]]) -> Reply:
    number, pairs = choice(plain(said)), [(name, title) for name, title in offered]
    if number is not None and 1 <= number <= len(pairs):
        return _drawn(ctx, pairs[number - 1][0])
    named = poster_words.style(said, pairs)
    return _drawn(ctx, named) if named else Elsewhere()


@router.match(_CALLED, only=Who.ACTIVE)
def called(ctx: Context) -> Reply:
    _, offered = _newest(ctx)
    named = poster_words.style(ctx.said, offered)
    return _drawn(ctx, named) if named else posters.begin(ctx)


@router.text("配一段文案", "配文案", "配个文案", "配段文案", only=Who.ACTIVE, reads=True)
def words(ctx: Context) -> Reply:
    """配一段文案"""
    last, _ = _newest(ctx)
    return material.words_for(ctx, last.product if last else None)


def _newest(ctx: Context) -> tuple[Newest | None, list[tuple[str, str]]]:
    last = poster_lists.newest(ctx.session, ctx.distributor_id)
    if last is None:
        return None, []
    return last, poster_templates.offered(ctx.session, last.product_id, last.purpose)[:_MOST]


def _now(name: str, last: Newest) -> str:
    return "（刚才这张）" if name == last.template else ""


def _drawn(ctx: Context, template: str) -> Reply:
    last, _ = _newest(ctx)
    if last is None:
        return offer("还没有海报可以换版式。", Way("生成海报"))
    return posters.draw(ctx, last.product_id, last.purpose, template=template)
