"""A Bot API server of our own, so that the real bot can be rehearsed with no token.

The bot talks to it over real HTTP, exactly as to Telegram; tests (and a page) act as the people.

    async with RehearsalServer(token="42:TEST", clock=clock) as server:  # clock() gives ms UTC
        bot = telegram.Bot("42:TEST", base_url=server.base_url, base_file_url=server.base_file_url)
        #     or a subprocess with LIANLUO_TOKEN=server.token, LIANLUO_API_URL=server.url
        world = server.world
        zhang = world.person("张三", username="zhangsan", phone="+8613800000001", language_code="zh-hans")
        zhang.start("CODE")                                  # acting never waits: it queues an update
        asked = await zhang.expect("联系电话", timeout=5)     # the first match since zhang last acted
        zhang.tap("共享电话")                                 # reply keyboard; sends the contact if asked for
        zhang.send("13800000001", reply_to=asked)
        review = await zhang.expect("提交")
        press = zhang.press("提交", review)                  # or zhang.press("提交"): the newest that has it
        answer = await press.answered()                      # Answer(text, show_alert, url)
        await zhang.expect("登记完成", where=lambda m: m.edited)
        zhang.press_data("forged:1:1", review)               # data that is on no button
        zhang.send_document("年报.pdf", b"%PDF-1.7", caption="附件")
        zhang.send_document("大.zip", size=30_000_000)       # no bytes; getFile refuses it as Telegram does
        zhang.block()
        group = world.group("知识产权中心", members=[zhang], forum=True)
        topic = group.topic("服务申请")
        zhang.send("/desk", chat=group, topic=topic)
        basic = world.group("工作群", members=[zhang])
        basic.migrate()                                      # a basic group becomes a supergroup
        world.faults.add("sendMessage", Failure(429, retry_after=3), times=2)
        assert len(world.calls.executed("sendMessage")) == 5
        await world.drained()                                # the bot has confirmed every update

Server: `RehearsalServer(token, *, clock, host, port, username, name, limits, seed, state, kept_at,
clock_control, zone)`; port 0 takes a free one; `kept_at` is the file in which the world outlives a restart;
`clock_control` (a ClockControl) lets the page at `.url` move the clock; `.world .token .url .port .base_url
.base_file_url .control_url`; `await .start()` and `.stop()` may be repeated, the world stays.

World: `.person(first_name, *, id, last_name, username, language_code, phone, slot)`, `.group(title, *,
members, forum, supergroup, with_bot, admin)`, `.people .groups .bot .calls .faults .limits .updates .state`,
`.events` (`.listen(callback) -> stop`, `.until(check, seconds)`), `.revoke() / .restore()` the token,
`.updates.restart(first_id)`, `await .drained(timeout)`,
`await .expect_call(method, *, timeout=5.0, times=1, **params) -> list[Call]`.

Person, what it does: `.start(payload)`, `.send(text, *, reply_to, chat, topic)`, `.edit(message, text)`,
`.delete(message)`, `.share_contact()`, `.share_contact_of(person_or_contact)`,
`.forward_contact(person, by=None)`, `.tap(label, *, whom=None)`, `.share_users(asked, *whom)`,
`.press(label, message=None, *, chat=None) -> Press`,
`.press_data(data, message=None, *, chat=None) -> Press`,
`.send_document(name, data=None, *, size, mime_type, caption, reply_to, chat, topic)`, `.send_photo(data)`,
`.send_voice(data)`, `.send_sticker(emoji)`, `.send_album([Attachment(name, data)], caption)`,
`.block() .unblock() .deactivate()`. What a person's Telegram would not allow raises CannotAct.
Person, what it sees: `.messages(chat=None) -> list[Seen]`, `.last`, `.refreshed(seen)`, `.keyboard`,
`.typing`, `.unread(chat=None)`,
`await .expect(text_or_pattern=None, *, chat=None, where=None, timeout=5.0) -> Seen`.
`expect` looks at what the bot sent or edited since this person last acted in the chat, or since what the last
`expect` returned; a time-out raises NotSeen, which tells what came instead.

Seen, a snapshot: `.message_id .chat_id .text .html .buttons .labels .button(label) .has(label) .data(label)
.keyboard .document .photo .contact .reply_to .topic .edited .deleted .from_bot .sender_id .raw`.
Group: `.id .topics .add(person) .remove(person) .add_bot(admin=True) .remove_bot() .topic(name) .migrate()
.messages()`. Calls: `.all .of(method, **params) .executed(…) .refused(…)`, each a `Call(number, method,
params, at, outcome, error_code, description, result)`; executed counts the unheard too (answer lost).
Faults: `.add(method | ANY | EVERYTHING | UPDATE, Failure | DropBefore | DropAfter | Delay | Repeat, *, times,
fraction, for_ms)`, `.remove(fault)`, `.clear()`.

The same over HTTP JSON on loopback at `/control/…`: see `control.py`.
"""

from bot.rehearsal.acting import Attachment, CannotAct
from bot.rehearsal.clock import ClockControl
from bot.rehearsal.faults import (
    ANY,
    EVERYTHING,
    UPDATE,
    Delay,
    DropAfter,
    DropBefore,
    Failure,
    Fault,
    Faults,
    Repeat,
)
from bot.rehearsal.groups import Group
from bot.rehearsal.journal import Call, Calls, Event, Outcome
from bot.rehearsal.limits import Limits
from bot.rehearsal.people import NotSeen, Person
from bot.rehearsal.press import Answer, Press
from bot.rehearsal.seen import Seen
from bot.rehearsal.server import RehearsalServer, system_clock
from bot.rehearsal.state import State, Topic
from bot.rehearsal.world import World

__all__ = [
    "ANY",
    "EVERYTHING",
    "UPDATE",
    "Answer",
    "Attachment",
    "Call",
    "Calls",
    "CannotAct",
    "ClockControl",
    "Delay",
    "DropAfter",
    "DropBefore",
    "Event",
    "Failure",
    "Fault",
    "Faults",
    "Group",
    "Limits",
    "NotSeen",
    "Outcome",
    "Person",
    "Press",
    "RehearsalServer",
    "Repeat",
    "Seen",
    "State",
    "Topic",
    "World",
    "system_clock",
]
