"""What people asked for, written down when they asked: the yardstick of every check."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Filed:
    """`place` counts what this person asked: the order of effects within a chat."""

    person: int
    place: int
    nonce: str
    answers: dict[str, object]


@dataclass(frozen=True, slots=True)
class Word:
    """A line of a thread: `move` is say, answer or close."""

    person: int
    place: int
    nonce: str
    number: str
    move: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A form that was not finished: what was answered of it."""

    person: int
    form: str
    answers: dict[str, object]


@dataclass(slots=True)
class Ledger:
    filed: list[Filed] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    answers: int = 0
    """Answers given to forms, and the presses and words that sent them off."""
    commands: dict[tuple[int, str], int] = field(default_factory=dict)
    """How often somebody sent a command, by Telegram id and command."""

    def command(self, person: int, name: str) -> None:
        self.commands[person, name] = self.commands.get((person, name), 0) + 1
