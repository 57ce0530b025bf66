"""A wrong configuration is one line that says what to set."""

import pytest

from bot.config import Misconfigured, host_and_port, load


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("LIANLUO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(str(tmp_path))


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("LIANLUO_TOKEN", "not a token", "LIANLUO_TOKEN: a token as BotFather gives it"),
        ("LIANLUO_DATABASE_URL", "mysql://x", "LIANLUO_DATABASE_URL: sqlite:///path or postgresql://"),
        ("LIANLUO_API_URL", "ftp://x", "LIANLUO_API_URL: an address that begins with http"),
        ("LIANLUO_PROXY", "gopher://x", "LIANLUO_PROXY: an address that begins with http:// or socks5://"),
        ("LIANLUO_LISTEN", "8080", "LIANLUO_LISTEN: host:port"),
        ("LIANLUO_TIMEZONE", "Mars/Olympus", "LIANLUO_TIMEZONE: a time zone such as Asia/Shanghai"),
        ("LIANLUO_LOCALE", "fr", "LIANLUO_LOCALE: "),
        ("LIANLUO_SENDS_PER_SECOND", "-1", "LIANLUO_SENDS_PER_SECOND: "),
        ("LIANLUO_WEBHOOK_URL", "https://bot.example", "LIANLUO_WEBHOOK_SECRET: needed"),
        (
            "LIANLUO_PUBLIC_URL",
            "https://bot.example",
            "LIANLUO_PUBLIC_LISTEN: needed beside LIANLUO_PUBLIC_URL",
        ),
        ("LIANLUO_PUBLIC_URL", "bot.example", "LIANLUO_PUBLIC_URL: an address that begins with http"),
        ("LIANLUO_PUBLIC_LISTEN", "8081", "LIANLUO_PUBLIC_LISTEN: host:port"),
    ],
)
def test_one_line_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(Misconfigured) as refused:
        load()
    assert str(refused.value).startswith(says)
    assert "\n" not in str(refused.value)


def test_the_defaults_are_a_whole_configuration() -> None:
    config = load()
    assert (config.token, config.database_url, config.sends_per_second) == (
        None,
        "sqlite:///var/lianluo.db",
        30,
    )


def test_the_token_shows_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANLUO_TOKEN", "123456:secret-part-of-it")
    assert "secret-part" not in repr(load())


def test_host_and_port() -> None:
    assert host_and_port("127.0.0.1:0") == ("127.0.0.1", 0)
    assert host_and_port("[::1]:8080") == ("::1", 8080)
