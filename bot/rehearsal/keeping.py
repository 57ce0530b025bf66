"""The world on disk, so that a second start finds the same chats again.

world.json            the state, without the bytes of files
world.json.files/     the bytes, a file each, by file_id
"""

import asyncio
import logging
import os
from pathlib import Path

from bot.rehearsal import snapshot
from bot.rehearsal.journal import Event
from bot.rehearsal.state import State
from bot.rehearsal.world import World

log = logging.getLogger(__name__)
PAUSE = 0.5  # seconds from the first change to the writing, in which others join it


def read(path: Path) -> State | None:
    """What was kept; None when there is nothing, or nothing that can be read (it is put aside)."""
    if not path.exists():
        return None
    try:
        return _with_files(snapshot.load(path.read_text(encoding="utf-8")), _folder(path))
    except (ValueError, TypeError, KeyError, AttributeError):
        aside = path.with_suffix(".unreadable")
        log.warning("%s cannot be read; it is now %s, and the rehearsal begins anew", path, aside)
        path.replace(aside)
        return None


def _folder(path: Path) -> Path:
    return path.with_name(f"{path.name}.files")


def _with_files(state: State, folder: Path) -> State:
    for stored in state.files.values():
        kept = folder / stored.file_id
        if kept.exists():
            stored.data = kept.read_bytes()
    return state


class Keeper:
    """Writes the state a moment after something happened, and at the end."""

    def __init__(self, world: World, path: Path) -> None:
        self.world = world
        self.path = path
        self._written: set[str] = set()  # file_ids
        self._waiting: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._stop_listening = self.world.events.listen(self._heard)

    def stop(self) -> None:
        self._stop_listening()
        if self._waiting:
            self._waiting.cancel()
        self.save()

    def _heard(self, event: Event) -> None:
        if self._waiting is None and event.kind not in ("poll", "clock"):
            self._waiting = asyncio.get_running_loop().call_later(PAUSE, self.save)

    def save(self) -> None:
        """Synchronous, a few milliseconds: nothing can change meanwhile."""
        self._waiting = None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._save_files()
        _write(self.path, snapshot.dump(self.world.state, with_data=False).encode())

    def _save_files(self) -> None:
        folder = _folder(self.path)
        folder.mkdir(exist_ok=True)
        for file_id, stored in self.world.state.files.items():
            if file_id not in self._written:
                if stored.data is not None and not (folder / file_id).exists():
                    _write(folder / file_id, stored.data)
                self._written.add(file_id)


def _write(path: Path, data: bytes) -> None:
    """The whole of it or nothing, whenever the machine stops."""
    unfinished = path.with_name(f"{path.name}.tmp")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
