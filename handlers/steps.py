"""Steps of the product's own forms: their words are labels (`field_<key>`, `hint_<key>`, `form_<name>`)."""

from domain.fields import Field, parser
from domain.forms import Choice, Step, Words
from domain.requests import Source
from handlers.context import Ctx
from messages.catalog import Catalog


def words(catalog: Catalog, key: str) -> Words:
    """A label in both languages."""
    return Words(catalog.label(key, "zh_CN"), catalog.label(key, "en"))


def step(
    ctx: Ctx,
    key: str,
    type: str = "text",  # noqa: A002  the field's own word
    *,
    required: bool = True,
    many: bool = False,
    hint: str | None = None,
    checks: dict[str, object] | None = None,
) -> Step:
    """A step that asks for one of the catalogue's types."""
    asked = Field(key, words(ctx.catalog, f"field_{key}"), type, required, checks=checks or {})
    return Step(
        key=key,
        label=asked.label,
        type=type,
        parse=parser(asked, lambda: ctx.today),
        choices=asked.choices,
        required=required,
        many=many or type == "file_list",
        hint=words(ctx.catalog, f"hint_{hint}") if hint else None,
    )


def chosen(ctx: Ctx, key: str, choices: tuple[Choice, ...]) -> Step:
    """A step with one of these options for its answer."""
    asked = Field(key, words(ctx.catalog, f"field_{key}"), "enum", options=choices)
    return Step(key, asked.label, "enum", parser(asked, lambda: ctx.today), choices=choices)


def chosen_many(ctx: Ctx, key: str, choices: tuple[Choice, ...], *, required: bool = True) -> Step:
    """A step with some of these options for its answer."""
    asked = Field(key, words(ctx.catalog, f"field_{key}"), "multi_enum", required, options=choices)
    parse = parser(asked, lambda: ctx.today)
    return Step(key, asked.label, "multi_enum", parse, choices=choices, required=required, many=True)


def recording_steps(ctx: Ctx) -> tuple[Step, ...]:
    """How and when it came, for what an officer records."""
    sources = tuple(Choice(source.value, words(ctx.catalog, f"source_{source}")) for source in Source)
    return (
        chosen(ctx, "source", sources),
        step(ctx, "received_on", "date", checks={"not_after": "today"}),
    )


def original_step(ctx: Ctx) -> Step:
    """The letter or the paper itself; a call leaves none."""
    return step(ctx, "original", "file_list", required=False, hint="original")
