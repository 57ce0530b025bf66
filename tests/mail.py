"""A mail server of our own, for what goes over another channel."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

FROM, TO = "lianluo@centre.example", "base@unit.example"


class Mailbox:
    """What the server has taken.

    With `hold` it has the mail and does not say so until `let_go`;
    one that `hangs_up` never does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.arrived = threading.Event()
        self.let_go = threading.Event()
        self.let_go.set()
        self.hangs_up = False

    @property
    def url(self) -> str:
        """As LIANLUO_FALLBACK has it."""
        return f"mailto://127.0.0.1:{self.port}?from={FROM}&to={TO}"

    @property
    def texts(self) -> list[str]:
        return [_body(mail) for mail in self.mails]

    def hold(self) -> None:
        self.let_go.clear()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        import asyncio

        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.arrived.set()
        if self.hangs_up:
            server.transport.close()
        await asyncio.to_thread(self.let_go.wait, 30)
        return "250 taken"


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


@contextmanager
def open_for(mailbox: Mailbox) -> Iterator[None]:
    """The server, as long as somebody listens."""
    server = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    server.start()
    try:
        yield
    finally:
        mailbox.let_go.set()
        server.stop()
