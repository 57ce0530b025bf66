"""Where the centre takes files over its own page only, a reply brings none past it."""

from collections.abc import Callable

from bot.config import Config
from bot.rehearsal import RehearsalServer
from domain.people import Role
from storage import settings
from tests import papers
from tests.flows.conftest import _house, free_port
from tests.flows.test_bad_input import filed


async def test_a_reply_with_a_file_is_sent_to_the_form_that_has_the_link(
    telegram: RehearsalServer, make_config: Callable[..., Config], database_url: str
) -> None:
    address = f"127.0.0.1:{free_port()}"
    config = make_config(database_url, public_listen=address, public_url=f"http://{address}")
    async with _house(telegram, config, "zh-hans") as house:
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await filed(house, liaison)
        receipt = liaison.last
        async with house.database.tx() as tx:
            await settings.save(tx, {"chat_files": "no"})
        liaison.send_document("清单.pdf", papers.pdf(), caption="请查收", reply_to=receipt)
        await liaison.expect("在附件一步获取链接")
        await house.server.world.drained()
        assert house.server.world.calls.executed("getFile") == []
