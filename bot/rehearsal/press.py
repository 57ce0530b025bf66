"""A press of an inline button, and what the bot answered to it."""

# ruff: noqa: ASYNC109 # a time-out is a question here, not a deadline: what came instead is told

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rehearsal.state import CallbackQuery

if TYPE_CHECKING:
    from bot.rehearsal.world import World


@dataclass(frozen=True)
class Answer:
    """A toast, or with show_alert a window; an empty text only stops the button's waiting sign."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None


@dataclass(frozen=True)
class Press:
    world: "World"
    query: CallbackQuery

    @property
    def answers(self) -> list[Answer]:
        return [Answer(**answer) for answer in self.query.answers]

    async def answered(self, timeout: float = 5.0) -> Answer:
        if not await self.world.events.until(lambda: bool(self.query.answers), timeout):
            raise TimeoutError(f"the press {self.query.data!r} was not answered within {timeout} s")
        return self.answers[0]
