"""`python -m bot run` as a process that is killed and started again, as by a supervisor."""

import asyncio
import os
import sys
from pathlib import Path

from bot.config import Config

ROOT = Path(__file__).resolve().parents[2]


class Bot:
    """`ends` are the exit codes with which it ended by itself, which a supervisor answers with a start."""

    def __init__(self, config: Config, log: Path) -> None:
        self._config = config
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.kills = 0
        self.ends: list[int] = []

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=_environment(self._config), stderr=log, cwd=ROOT
            )

    async def tend(self) -> None:
        """Start it again if it ended by itself."""
        if self._process is not None and self._process.returncode is not None:
            self.ends.append(self._process.returncode)
            await self.start()

    async def kill(self) -> None:
        """kill -9."""
        await self.tend()
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        self.kills += 1

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self._process.wait()


def _environment(config: Config) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LIANLUO_")}
    return clean | {
        "PYTHONPATH": str(ROOT),
        "LIANLUO_TOKEN": config.bot_token,
        "LIANLUO_API_URL": config.api_url,
        "LIANLUO_DATABASE_URL": config.database_url,
        "LIANLUO_DATA_DIR": str(config.data_dir),
        "LIANLUO_LISTEN": config.listen,
        "LIANLUO_SENDS_PER_SECOND": "0",
    }
