"""The centre as it presents itself; each fact is set by its admin."""

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Centre:
    """What the texts say of the centre; until a fact is set, the placeholder says that it is not."""

    centre: str = "省知识产权中心"
    tel: str = "—"
    email: str = "—"
    storage_place: str = "—"
    recipient_legal_name: str = "Telegram Messenger Inc."
    privacy_contact: str = "—"
    secrecy_tel: str = "—"
    chat_files: str = "yes"
    chat_reports: str = "no"
    issued_on: str = ""
    outcome_days: str = "90"

    @property
    def takes_in_chat(self) -> bool:
        """Whether files may be sent in the chat, past servers abroad, or over the upload page only."""
        return self.chat_files == "yes"

    def takes(self, channel: str) -> bool:
        """The same, by the setting that decides it: chat_files, or chat_reports for an annual report's."""
        return self.takes_in_chat and getattr(self, channel) == "yes"

    @classmethod
    def of(cls, settings: Mapping[str, str]) -> "Centre":
        return cls(**{f.name: settings[f.name] for f in fields(cls) if f.name in settings})
