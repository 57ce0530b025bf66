"""Links by which the centre's people fetch one stored file: one person, one browser, one press."""

from dataclasses import dataclass

LIFE_MS = 24 * 60 * 60 * 1000
FETCH_MS = 15 * 60 * 1000
"""So long after the press the file is given, so that a broken download can be repeated."""


@dataclass(frozen=True, slots=True)
class DownloadLink:
    """`browser` is the SHA-256 of the secret of the browser that pressed 下载. Instants in ms UTC."""

    id: int
    person_id: int
    sha256: str
    name: str
    media_type: str
    size: int
    expires_at: int
    browser: str | None = None
    pressed_at: int | None = None

    def alive(self, now: int) -> bool:
        """Until it expires or, once it was pressed, for as long as the file is given."""
        if self.pressed_at is not None:
            return now < self.pressed_at + FETCH_MS
        return now < self.expires_at

    def gives(self, browser: str | None, now: int) -> bool:
        """Whether this browser gets the file."""
        return self.pressed_at is not None and self.browser == browser and self.alive(now)
