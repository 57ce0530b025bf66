"""parse_mode HTML: the text, and entities counted in UTF-16 code units."""

from typing import Any

import pytest
from telegram import Bot

from bot.rehearsal import RehearsalServer
from bot.rehearsal.formatting import parse_html
from bot.rehearsal.seen import to_html
from bot.rehearsal.texts import message_text


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length} | more


PARSED = [
    ("<b>年度</b>总结", "年度总结", [entity("bold", 0, 2)]),
    ("😀<b>年</b>", "😀年", [entity("bold", 2, 1)]),
    ("<b>😀</b>", "😀", [entity("bold", 0, 2)]),
    ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
    ("<B>a</B><strong>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
    ("<i>a</i><em>b</em>", "ab", [entity("italic", 0, 1), entity("italic", 1, 1)]),
    ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
    (
        "<s>a</s><strike>b</strike><del>c</del>",
        "abc",
        [entity("strikethrough", place, 1) for place in range(3)],
    ),
    (
        '<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>',
        "ab",
        [entity("spoiler", 0, 1), entity("spoiler", 1, 1)],
    ),
    (
        '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
        "👍",
        [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")],
    ),
    (
        "<a href='http://a.cn/?x=1&amp;y=2'>年</a>",
        "年",
        [entity("text_link", 0, 1, url="http://a.cn/?x=1&y=2")],
    ),
    ("<a href=a.cn>年</a>", "年", [entity("text_link", 0, 1, url="http://a.cn/")]),
    ('<a href="">a.cn</a>', "a.cn", [entity("text_link", 0, 4, url="http://a.cn/")]),
    ('<a href="nowhere">a</a>', "a", []),
    (
        '<a href="tg://user?id=7">张</a>',
        "张",
        [entity("text_mention", 0, 1, user={"id": 7, "is_bot": False, "first_name": ""})],
    ),
    ("<code>a</code><pre>b</pre>", "ab", [entity("code", 0, 1), entity("pre", 1, 1)]),
    ('<pre><code class="language-sql">a</code></pre>', "a", [entity("pre", 0, 1, language="sql")]),
    ('<code class="language-sql">a</code>', "a", [entity("code", 0, 1)]),
    (
        "<blockquote>a</blockquote><blockquote expandable>b</blockquote>",
        "ab",
        [entity("blockquote", 0, 1), entity("expandable_blockquote", 1, 1)],
    ),
    ("&lt;b&gt; &amp; &quot;&#24180;&#x5e74;", '<b> & "年年', []),
    ("&nbsp;&apos;&", "&nbsp;&apos;&", []),
    ("&lt no semicolon", "< no semicolon", []),
    ("<b>a</>", "a", [entity("bold", 0, 1)]),
    ("<b></b>a", "a", []),
]


@pytest.mark.parametrize(("markup", "text", "entities"), PARSED)
def test_html_becomes_text_and_entities(markup: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse_html(markup) == (text, entities)


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        (" \n年<b>度 </b> \n", {"text": "年度", "entities": [entity("bold", 1, 1)]}),
        ("\n\n年\n", {"text": "年"}),
        ("<b>\n年</b>", {"text": "\n年", "entities": [entity("bold", 0, 2)]}),
        ("a\tb\x07", {"text": "a b"}),
        ("<i>a\r\nb</i>c", {"text": "a\nbc", "entities": [entity("italic", 0, 3)]}),
        ("/start@bot 1", {"text": "/start@bot 1", "entities": [entity("bot_command", 0, 10)]}),
        (
            "年 /menu，#专利",
            {"text": "年 /menu，#专利", "entities": [entity("bot_command", 2, 5), entity("hashtag", 8, 3)]},
        ),
        ("<code>/menu</code>", {"text": "/menu", "entities": [entity("code", 0, 5)]}),
        (
            "见https://a.cn/x 或 b@a.cn",
            {
                "text": "见https://a.cn/x 或 b@a.cn",
                "entities": [entity("url", 1, 14), entity("email", 18, 6)],
            },
        ),
        ("3/4 @zhang_1", {"text": "3/4 @zhang_1", "entities": [entity("mention", 4, 8)]}),
    ],
)
def test_a_text_is_trimmed_and_telegrams_own_entities_are_found(markup: str, shown: dict[str, Any]) -> None:
    assert message_text(markup, "HTML", None) == shown


@pytest.mark.parametrize("markup", [markup for markup, _, _ in PARSED[:6]])
def test_what_a_person_sees_is_told_as_html_again(markup: str) -> None:
    normal = markup.lower().replace("strong>", "b>").replace("em>", "i>")
    assert to_html(*parse_html(markup)) == normal


def test_the_longest_text_is_4096_units_after_the_tags_are_gone() -> None:
    assert len(message_text(f"<b>{'年' * 4096}</b>", "HTML", None)["text"]) == 4096


async def test_ptb_reads_the_entities(server: RehearsalServer, bot: Bot) -> None:
    zhang = server.world.person("张三")
    zhang.start()
    message = await bot.send_message(zhang.id, "😀 <b>年度</b> <i>总<u>结</u></i>", parse_mode="HTML")
    assert {one.type: text for one, text in message.parse_entities().items()} == {
        "bold": "年度",
        "italic": "总结",
        "underline": "结",
    }
    assert message.text_html == "😀 <b>年度</b> <i>总<u>结</u></i>"
    assert zhang.last.html == message.text_html
