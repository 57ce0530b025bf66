"""What Telegram's answers mean."""

from typing import Any

import pytest

from bot.delivery import (
    Dead,
    Dropped,
    Gone,
    Halt,
    Moved,
    Outcome,
    Refused,
    RetryAt,
    Sent,
    Uncertain,
    Why,
    outcome_of,
    outcome_of_error,
)
from bot.transport import Answer, Unanswered, Unreached

NOW = 1_000_000


def refusal(code: int, description: str = "", **parameters: Any) -> Answer:
    return Answer(ok=False, status=code, error_code=code, description=description, **parameters)


def page(code: int) -> Answer:
    return Answer(ok=False, status=code, error_code=code, by_gateway=True)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(ok=True, message_id=5), Sent(5)),
        (Answer(ok=True), Sent(None)),
        (refusal(400, "Bad Request: message is not modified: specified new message content"), Sent()),
        (refusal(400, "Bad Request: query is too old and response timeout expired"), Dropped("too late")),
        (refusal(400, "Bad Request: message to delete not found"), Dropped("gone")),
        (
            refusal(400, "Bad Request: message can't be deleted for everyone"),
            Dropped("too old to be deleted"),
        ),
        (refusal(400, "Bad Request: message to edit not found"), Gone()),
        (refusal(400, "Bad Request: message can't be edited"), Gone()),
        (refusal(400, "Bad Request: MESSAGE_ID_INVALID"), Gone()),
        (refusal(400, "Bad Request: message to be replied not found"), Gone()),
        (refusal(400, "Bad Request: reply message not found"), Gone()),
        (refusal(400, "Bad Request: replied message not found"), Gone()),
        (refusal(400, "Bad Request: there is no text in the message to edit"), Gone()),
        (refusal(400, "Bad Request: message thread not found"), Gone()),
        (refusal(400, "Bad Request: TOPIC_CLOSED"), Gone()),
        (refusal(403, "Forbidden: bot was blocked by the user"), Dead("blocked")),
        (refusal(403, "Forbidden: user is deactivated"), Dead("deactivated")),
        (refusal(403, "Forbidden: bot can't initiate conversation with a user"), Dead("never started")),
        (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), Dead("chat left")),
        (refusal(403, "Forbidden: bot is not a member of the channel chat"), Dead("chat left")),
        (refusal(403, "Forbidden: the group chat was deleted"), Dead("chat left")),
        (refusal(400, "Bad Request: group is deactivated"), Dead("chat left")),
        (refusal(403, "Forbidden: bots can't send messages to bots"), Dead("a bot")),
        (refusal(403, "Forbidden: the bot can't send messages to the bot"), Dead("a bot")),
        (refusal(403, "Forbidden: something new"), Dead("forbidden")),
        (refusal(400, "Bad Request: PEER_ID_INVALID"), Dead("chat gone")),
        (refusal(400, "Bad Request: chat not found"), Dead("chat gone")),
        (
            refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrated_to=-100),
            Moved(-100),
        ),
        (refusal(401, "Unauthorized"), Halt()),
        (refusal(404, "Not Found"), Refused("Not Found")),
        (refusal(400, "Bad Request: can't parse entities"), Refused("Bad Request: can't parse entities")),
        (refusal(413, "Request Entity Too Large"), Refused("Request Entity Too Large")),
        (refusal(429, "Too Many Requests", retry_after=7), RetryAt(NOW + 7_000, Why.THROTTLED)),
        (refusal(429, retry_after=7), RetryAt(NOW + 7_000, Why.THROTTLED)),
        (refusal(429, "Too Many Requests"), RetryAt(NOW + 1_000, Why.THROTTLED)),
        (refusal(500, "Internal Server Error"), RetryAt(NOW + 500, Why.BROKEN)),
        (refusal(502, "Bad Gateway"), RetryAt(NOW + 500, Why.BROKEN)),
        (refusal(504, "Gateway Timeout"), Uncertain()),
    ],
)
def test_an_answer_has_one_meaning(answer: Answer, outcome: Outcome) -> None:
    assert outcome_of(answer, NOW, 0) == outcome


@pytest.mark.parametrize("status", [401, 403, 404, 407, 500, 503])
def test_a_gateway_that_turns_us_away_says_nothing_of_the_person_or_the_token(status: int) -> None:
    assert outcome_of(page(status), NOW, 0, misses=1) == RetryAt(NOW + 1_000, Why.UNREACHED)


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_handed_it_on_and_heard_nothing_leaves_a_doubt(status: int) -> None:
    assert outcome_of(page(status), NOW, 0) == Uncertain()


def test_what_a_gateway_finds_too_large_never_gets_through() -> None:
    assert isinstance(outcome_of(page(413), NOW, 0), Refused)


def test_pauses_grow_up_to_half_a_minute() -> None:
    outcomes = [
        outcome_of(refusal(500, "Internal Server Error"), NOW, attempts)
        for attempts in (0, 1, 2, 5, 6, 1_000)
    ]
    waits = [outcome.instant - NOW for outcome in outcomes if isinstance(outcome, RetryAt)]
    assert waits == [500, 1_000, 2_000, 16_000, 30_000, 30_000]


def test_what_was_never_written_is_tried_again_and_what_was_is_uncertain() -> None:
    assert outcome_of_error(Unreached("x"), NOW, 0) == RetryAt(NOW + 500, Why.UNREACHED)
    assert outcome_of_error(Unreached("x"), NOW, 50) == RetryAt(NOW + 5_000, Why.UNREACHED)
    assert outcome_of_error(Unanswered("x"), NOW, 0) == Uncertain()
