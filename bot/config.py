"""What the environment (and `.env`) says. A wrong configuration is one line that tells what to set."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Misconfigured(Exception):
    """One line: which variable, and what it takes."""


class Config(BaseSettings):
    """Every variable is named LIANLUO_… (README, Configuration)."""

    model_config = SettingsConfigDict(env_prefix="LIANLUO_", env_file=".env", extra="ignore", frozen=True)

    token: SecretStr | None = None
    api_url: str = "https://api.telegram.org"
    database_url: str = "sqlite:///var/lianluo.db"
    data_dir: Path = Path("var")
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "127.0.0.1:8080"
    public_listen: str | None = None
    public_url: str | None = None
    proxy: SecretStr | None = None
    timezone: str = "Asia/Shanghai"
    locale: Literal["zh_CN", "en"] = "zh_CN"
    sends_per_second: float = Field(default=30, ge=0)
    fallback: SecretStr | None = None
    legal_clearance: str | None = None

    @field_validator("token")
    @classmethod
    def _token_has_two_parts(cls, token: SecretStr | None) -> SecretStr | None:
        text = token.get_secret_value() if token else ""
        number, _, secret = text.partition(":")
        if text and not (number.isdigit() and secret and text.isascii() and not set("/ \t") & set(text)):
            raise ValueError("a token as BotFather gives it, such as 123456:ABC-DEF")
        return token if text else None

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("sqlite:///path or postgresql://user@host/name")
        return url

    @field_validator("api_url", "webhook_url", "public_url")
    @classmethod
    def _is_http(cls, url: str | None) -> str | None:
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("an address that begins with http:// or https://")
        return url.rstrip("/") if url else None

    @field_validator("proxy")
    @classmethod
    def _is_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        text = proxy.get_secret_value() if proxy else ""
        if text and urlsplit(text).scheme not in ("http", "https", "socks5", "socks5h"):
            raise ValueError("an address that begins with http:// or socks5://")
        return proxy if text else None

    @field_validator("listen", "public_listen")
    @classmethod
    def _is_host_and_port(cls, address: str | None) -> str | None:
        if address:
            host_and_port(address)
        return address or None

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("a time zone such as Asia/Shanghai") from None
        return name

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> "Config":
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("LIANLUO_WEBHOOK_SECRET: needed beside LIANLUO_WEBHOOK_URL")
        if self.webhook_url and not self.public_listen:
            raise ValueError("LIANLUO_PUBLIC_LISTEN: needed beside LIANLUO_WEBHOOK_URL")
        return self

    @model_validator(mode="after")
    def _pages_are_served(self) -> "Config":
        """With LIANLUO_PUBLIC_URL people are given links, which somebody has to serve."""
        if self.public_url and not self.public_listen:
            raise ValueError("LIANLUO_PUBLIC_LISTEN: needed beside LIANLUO_PUBLIC_URL")
        return self

    @property
    def bot_token(self) -> str:
        if self.token is None:
            raise Misconfigured("LIANLUO_TOKEN: needed; BotFather gives one")
        return self.token.get_secret_value()


def load() -> Config:
    """The configuration. Raises Misconfigured."""
    try:
        return Config()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        says = str(first["msg"]).removeprefix("Value error, ")
        where = f"LIANLUO_{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise Misconfigured(f"{where}{says}") from None


def host_and_port(address: str) -> tuple[str, int]:
    """`127.0.0.1:8080` in two; port 0 takes a free one. Raises ValueError."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("host:port, such as 127.0.0.1:8080")
    return host.strip("[]"), int(port)
