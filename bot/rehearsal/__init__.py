"""A Bot API server of our own, so that the real bot can be rehearsed with no token.

The bot talks to it over real HTTP, exactly as to Telegram; tests (and a page) act as the people.

    async with RehearsalServer(token="42:TEST", clock=clock) as server:  # clock() -> ms UTC; port=0: a free one
        bot = telegram.Bot("42:TEST", base_url=server.base_url, base_file_url=server.base_file_url)
        #     or a subprocess with LIANLUO_TOKEN=server.token, LIANLUO_API_URL=server.url
        world = server.world
        zhang = world.person("张三", username="zhangsan", phone="+8613800000001", language_code="zh-hans")
        zhang.start("CODE")                                  # acting never waits: it queues an update
        asked = await zhang.expect("联系电话", timeout=5)     # the first match since zhang last acted
        zhang.tap("共享电话")                                 # reply keyboard (sends the contact when asked for one)
        zhang.send("13800000001", reply_to=asked)
        review = await zhang.expect("提交")
        press = zhang.press("提交", review)                  # or zhang.press("提交"): newest message that has it
        answer = await press.answered()                      # Answer(text, show_alert, url)
        await zhang.expect("登记完成", where=lambda m: m.edited)
        zhang.press_data("forged:1:1", review)               # data that is on no button
        zhang.send_document("年报.pdf", b"%PDF-1.7", caption="附件")
        zhang.send_document("大.zip", size=30_000_000)       # no bytes; getFile refuses it as Telegram does
        zhang.block()
        group = world.group("知识产权中心", members=[zhang], forum=True)
        topic = group.topic("服务申请")
        zhang.send("/desk", chat=group, topic=topic)
        group.migrate()                                      # a basic group becomes a supergroup
        world.faults.add("sendMessage", Failure(status=429, retry_after=3), times=2)
        assert len(world.calls.executed("sendMessage")) == 5
        await world.drained()                                # the bot has confirmed every update

Server: `RehearsalServer(token, *, clock, host, port, username, name, files, limits, seed)`; `.world .url .port
.base_url .base_file_url .control_url`; `await .start() / .stop()` may be repeated, the world stays.

World: `.person(first_name, *, id, last_name, username, language_code, phone)`, `.group(title, *, members,
forum, supergroup, with_bot, admin)`, `.people`, `.groups`, `.bot`, `.calls`, `.faults`, `.limits`, `.events`
(`.listen(callback) -> stop`, `.until(predicate, timeout)`), `.revoke() / .restore()` the token,
`await .drained(timeout)`, `await .expect_call(method, timeout, times=1, **params)`.

Person, what it does: `.start(payload)`, `.send(text, *, reply_to, chat, topic)`, `.edit(message, text)`,
`.share_contact()`, `.share_contact_of(person_or_contact)`, `.forward_contact(person)`, `.press(label, message=None)`,
`.press_data(data, message=None)`, `.tap(label)`, `.send_document(name, data, *, size, mime_type, caption)`,
`.send_photo(data, ...)`, `.send_voice(data, ...)`, `.send_sticker(emoji)`, `.send_album(uploads, caption)`,
`.block() .unblock() .deactivate()`.
Person, what it sees: `.messages(chat=None) -> list[Seen]`, `.last`, `.keyboard -> list[list[str]]`, `.typing`,
`await .expect(text=None, *, chat=None, where=None, timeout=5.0) -> Seen`, `.unread(chat=None)`.

Seen: `.message_id .text .html .buttons .labels .data(label) .document .photo .contact .edited .deleted
.from_bot .reply_to .topic .raw`. Group: `.id .add(person) .remove(person) .add_bot(admin) .remove_bot()
.topic(name) .messages() .migrate()`. Calls: `.all .of(method) .executed(method) .refused(method)`, each a
`Call(method, params, outcome, error_code, description, result, at, number)`.

The same over HTTP JSON on loopback: `POST /control/person`, `/control/person/{id}/{act}`, see `control.py`.
"""
