"""A Bot API server on a raw asyncio protocol, in a process of its own, never the limit.

    python -m benchmarks.stub [--delay-ms 50] [--updates 5000] [--chats 1000] [--rate 0] [--limit 0]

It prints its port. Sends are answered after the delay; updates (`/bench`, from many chats) lie ready, or
come due at a rate; a limit answers 429 to what exceeds it within any second. `GET /report` tells what was
seen, instants on the machine's monotonic clock, which all processes share.
"""

import argparse
import asyncio
import json
import re
import statistics
import time
from collections import defaultdict, deque

HEAD_END = b"\r\n\r\n"
BATCH = 100
POLL_S = 10.0
WARM_UP_S = 2.0
"""What came due before this counts for no latency: connections are made and modules loaded then."""
CHAT = re.compile(rb'chat_id"?[=:]\s*"?(-?\d+)')
OFFSET = re.compile(rb'offset"?[=:]\s*"?(-?\d+)')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TOO_MANY = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}'
ME = {"id": 42, "is_bot": True, "first_name": "bench", "username": "bench_bot", "can_join_groups": True}


class Feed:
    """Updates that lie ready (rate 0) or come due one after another."""

    def __init__(self, updates: int, chats: int, rate: float) -> None:
        self.total, self._chats, self._rate = updates, chats, rate
        self.began: float | None = None
        self.due: dict[int, deque[float]] = defaultdict(deque)
        self._given = 0

    def next_due(self) -> float:
        """The instant at which the first that was not given yet comes due."""
        began = self.began if self.began is not None else time.monotonic()
        return began + (self._given / self._rate if self._rate else 0.0)

    def take(self, offset: int) -> list[bytes]:
        """What is due and not confirmed, at most a batch."""
        now = time.monotonic()
        if self.began is None:
            self.began = now
        first = max(offset, 1)
        batch = []
        for number in range(first, min(first + BATCH, self.total + 1)):
            due = self.began + ((number - 1) / self._rate if self._rate else 0.0)
            if due > now:
                break
            if number > self._given:
                self._given = number
                self.due[self.chat(number)].append(due)
            batch.append(self._update(number))
        return batch

    def chat(self, number: int) -> int:
        return 1_000_000 + number % self._chats

    def _update(self, number: int) -> bytes:
        person = {"id": self.chat(number), "is_bot": False, "first_name": "张三", "language_code": "zh-hans"}
        message = {
            "message_id": number,
            "date": 1_795_579_200,
            "from": person,
            "chat": {"id": self.chat(number), "type": "private", "first_name": "张三"},
            "text": "/bench",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        }
        return json.dumps({"update_id": number, "message": message}, ensure_ascii=False).encode()


class Limit:
    """At most so many sends within any second; 0 for no limit."""

    def __init__(self, per_second: int) -> None:
        self._sends: deque[float] = deque(maxlen=per_second or 1)
        self._per_second = per_second

    def exceeded(self, now: float) -> bool:
        if not self._per_second:
            return False
        if len(self._sends) == self._per_second and now - self._sends[0] < 1.0:
            return True
        self._sends.append(now)
        return False


class Stub:
    def __init__(self, feed: Feed, delay_s: float, limit: Limit) -> None:
        self.feed, self.delay_s, self.limit = feed, delay_s, limit
        self.sends: list[float] = []
        self.beyond: list[float] = []
        self.throttled = 0

    def send(self, body: bytes) -> bytes:
        now = time.monotonic()
        if self.limit.exceeded(now):
            self.throttled += 1
            return TOO_MANY
        self.sends.append(now)
        found = CHAT.search(body)
        chat = int(found[1]) if found else 0
        if self.feed.due.get(chat):
            due = self.feed.due[chat].popleft()
            if due - (self.feed.began or 0) >= WARM_UP_S:
                self.beyond.append(now - due)
        number = len(self.sends)
        return (
            b'{"ok":true,"result":{"message_id":%d,"date":1795579200,"text":"x",'
            b'"chat":{"id":%d,"type":"private","first_name":"x"}}}' % (number, chat)
        )

    def report(self) -> bytes:
        """Latencies in ms: from an update's being due until its reply is here."""
        cuts = statistics.quantiles(self.beyond, n=1000) if len(self.beyond) > 1 else [0.0] * 999
        told = {
            "began": self.feed.began,
            "sends": len(self.sends),
            "first": self.sends[0] if self.sends else None,
            "last": self.sends[-1] if self.sends else None,
            "throttled": self.throttled,
            "p50": cuts[499] * 1000,
            "p99": cuts[989] * 1000,
        }
        return json.dumps(told).encode()


class Connection(asyncio.Protocol):
    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(HEAD_END)) >= 0:
            head = self._buffer[:end]
            length = LENGTH.search(head)
            whole = end + len(HEAD_END) + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + len(HEAD_END) : whole], self._buffer[whole:]
            self._serve(head.split(b" ", 2)[1], body)

    def _serve(self, path: bytes, body: bytes) -> None:
        method = path.rsplit(b"/", 1)[-1].split(b"?")[0]
        if method == b"getUpdates":
            found = OFFSET.search(body) or OFFSET.search(path)
            self._poll(int(found[1]) if found else 0, time.monotonic() + POLL_S)
        elif method.startswith(b"send"):
            answer = self._stub.send(body)
            if self._stub.delay_s:
                self._loop.call_later(self._stub.delay_s, self._write, answer)
            else:
                self._write(answer)
        elif method == b"getMe":
            self._write(json.dumps({"ok": True, "result": ME}).encode())
        elif method == b"report":
            self._write(self._stub.report())
        else:
            self._write(b'{"ok":true,"result":true}')

    def _poll(self, offset: int, until: float) -> None:
        """A long poll: answered as soon as something is due."""
        if self._transport is None:
            return
        batch = self._stub.feed.take(offset)
        now = time.monotonic()
        if batch or now >= until:
            self._write(b'{"ok":true,"result":[' + b",".join(batch) + b"]}")
            return
        more = offset <= self._stub.feed.total
        wake = min(until, max(self._stub.feed.next_due(), now + 0.0002) if more else until)
        self._loop.call_later(wake - now, self._poll, offset, until)

    def _write(self, body: bytes) -> None:
        if self._transport is not None:
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (len(body), body)
            )


async def serve(options: argparse.Namespace) -> None:
    feed = Feed(options.updates, options.chats, options.rate)
    stub = Stub(feed, options.delay_ms / 1000, Limit(options.limit))
    server = await asyncio.get_running_loop().create_server(lambda: Connection(stub), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--updates", type=int, default=0)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=0, help="updates a second; 0: all lie ready")
    parser.add_argument("--limit", type=int, default=0, help="sends a second before a 429")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
