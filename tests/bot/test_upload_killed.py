"""kill -9 in the middle of an upload: it goes on from what is recorded, and is handed on once."""

import asyncio
import hashlib
import random
import sys
from pathlib import Path

import aiohttp
import pytest

from domain.upload_links import CHUNK_BYTES
from storage.engine import connect
from tests.bot.upload_house import UploadHouse, Visitor, new_browser

SERVER = """
import asyncio, sys
from pathlib import Path
from storage.engine import connect
from tests.bot.upload_house import UploadHouse

async def main(url, folder, port):
    house = UploadHouse(await connect(url), Path(folder), port=int(port))
    await house.start()
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""
FIRST = asyncio.FIRST_COMPLETED
CONTENT = random.Random(5).randbytes(6 * CHUNK_BYTES + 12345)


class Server:
    """The pages in a process of their own, that is killed and comes back at the same address."""

    def __init__(self, url: str, folder: Path, port: int) -> None:
        self.arguments = (url, str(folder), str(port))
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVER, *self.arguments, stdout=asyncio.subprocess.PIPE
        )
        assert self.process.stdout is not None
        assert await self.process.stdout.readline() == b"ready\n"

    async def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        await self.process.communicate()


async def send(visitor: Visitor, sending: asyncio.Event) -> int:
    """As the page does: on until it is not open any more; how often the connection broke."""
    breaks = 0
    while True:
        try:
            status, file = await visitor.begin(len(CONTENT))
            assert status == 200
            while file["state"] == "open":
                piece = CONTENT[file["received"] : file["received"] + CHUNK_BYTES]
                sending.set()
                status, answer = await visitor.put(file["id"], file["received"], piece)
                assert status in (200, 409)
                file = answer if status == 200 else answer["file"]
        except aiohttp.ClientError:
            breaks += 1
            await asyncio.sleep(0.01)
        else:
            return breaks


@pytest.mark.parametrize("seed", range(3))
async def test_an_upload_survives_kills_at_any_moment(
    sqlite_migrated_url: str, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    database = await connect(sqlite_migrated_url)
    house = UploadHouse(database, tmp_path)
    link = await house.link()
    await house.stop()
    server = Server(sqlite_migrated_url, tmp_path, house.port)
    await server.start()
    try:
        async with new_browser() as session:
            visitor = await Visitor(session, link).started()
            at_it = asyncio.Event()
            sending = asyncio.create_task(send(visitor, at_it))
            for _ in range(5):
                at_it.clear()
                await asyncio.wait([sending, begun := asyncio.ensure_future(at_it.wait())], return_when=FIRST)
                begun.cancel()
                await asyncio.wait([sending], timeout=chance.uniform(0, 0.008))
                await server.kill()
                await server.start()
            assert await sending > 0
            [file] = (await visitor.state())[1]["files"]
        assert file["state"] == "examining"
        [handed] = await house.handed_on()
        kept = house.partials.path(handed["upload_id"]).read_bytes()
        assert hashlib.sha256(kept).digest() == hashlib.sha256(CONTENT).digest()
    finally:
        await server.kill()
        await database.close()
