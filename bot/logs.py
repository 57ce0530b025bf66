"""The log: what happened and where, never what people wrote.

An exception is logged by its type and the lines it passed through: its own words may quote a message.
"""

import logging
import re
import secrets
import traceback
from types import TracebackType

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{10,}")
_PHONE = re.compile(r"(?<![\w.-])(?:\+?\d{1,4}[- ]?)?(\d{3})-?\d{4}-?(\d{4})(?!\w)")


def redact(text: str) -> str:
    """Tokens go, and of a phone number only its ends stay."""
    return _PHONE.sub(r"\1****\2", _TOKEN.sub("<token>", text))


class Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802  logging's own name
        _, error, trace = ei
        return describe(error, trace) if error else ""


def describe(error: BaseException, trace: TracebackType | None = None) -> str:
    """The types of the error and its causes, and the frames, innermost last; no messages."""
    frames = traceback.extract_tb(trace or error.__traceback__)
    lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    causes = [type(cause).__name__ for cause in _causes(error)]
    return "\n".join([" from ".join(causes), *lines])


def reference() -> str:
    """A number that a person can read out over the phone: E-7K3M-Q2XH."""
    letters = "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(8))
    return f"E-{letters[:4]}-{letters[4:]}"


def configure(level: int = logging.INFO) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("apscheduler", "aiohttp.access", "telegram", "aiosqlite"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return chain
