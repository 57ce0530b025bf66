"""管理办法: the Measures by article and by word, and how long they are in force (Article 11)."""

from collections.abc import Sequence
from datetime import date

from domain import measures
from domain.access import Action
from domain.measures import Article
from domain.notices import Offer, Rows
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.routes import command, press

IN_ROW = 6


@command("rules", Action.MENU)
async def rules(ctx: Ctx) -> None:
    """The list; or, of the words behind the command, the article of that number or those that say them."""
    wanted = ctx.words_after("rules")
    if not wanted:
        await _list(ctx)
    elif (number := measures.number_in(wanted)) and (found := measures.load().article(number)):
        await _show(ctx, found)
    else:
        _find(ctx, wanted)


@press("rule", Action.MENU)
async def article(ctx: Ctx, pressed: Press) -> None:
    found = measures.load().article(int(pressed.arg)) if pressed.arg.isdecimal() else None
    if found is None:
        ctx.toast("errors/bad_press")
        return
    await _show(ctx, found)


async def _list(ctx: Ctx) -> None:
    articles = measures.load().articles
    rows = [{"name": one.name, "gist": one.gist} for one in articles]
    ctx.show("rules/list", {**await _standing(ctx), "articles": rows}, (*_numbers(articles), *BACK))


async def _show(ctx: Ctx, found: Article) -> None:
    last = len(measures.load().articles)
    beside = tuple(_number(number) for number in (found.number - 1, found.number + 1) if 1 <= number <= last)
    facts = {"name": found.name, "gist": found.gist, "text": found.told}
    ways: Rows = (beside, (Offer("go.rules", label="rules"),), *BACK)
    ctx.show("rules/article", {**await _standing(ctx), **facts}, ways)


def _find(ctx: Ctx, wanted: str) -> None:
    hits = measures.load().find(wanted)
    if not hits:
        ctx.show("rules/nothing", {"wanted": wanted, "last": len(measures.load().articles)}, BACK)
        return
    rows = [{"name": hit.article.name, "excerpt": hit.excerpt} for hit in hits]
    ctx.show("rules/found", {"wanted": wanted, "hits": rows}, (*_numbers([h.article for h in hits]), *BACK))


async def _standing(ctx: Ctx) -> dict[str, object]:
    """参考版本, or how long they are in force; who keeps the settings is told how many days are left."""
    told = measures.load()
    issued = (await ctx.centre()).issued_on
    until = told.in_force_until(date.fromisoformat(issued)) if issued else None
    left = (until - ctx.today).days if until and ctx.may(Action.SETTINGS) else None
    return {"title": told.title, "issued_on": issued or None, "until": until, "left": left}


def _numbers(articles: Sequence[Article]) -> Rows:
    offers = [_number(one.number) for one in articles]
    return tuple(tuple(offers[i : i + IN_ROW]) for i in range(0, len(offers), IN_ROW))


def _number(number: int) -> Offer:
    return Offer(f"rule.{number}", text=str(number))
