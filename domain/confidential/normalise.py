"""One spelling for the many in which a mark may be written, with the way back to what was written."""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_DROPPED = "\x1f"  # stands for a character that is not seen
_LONGER = "\x00"  # stands for a character whose form is longer than one character
_BREAKS = "\n\x0b\x0c\x85\u2028\u2029"
_BLANKS = "\t\r\u2800\u3164\u115f\u1160\uffa0"
_UNSEEN = {"Cf", "Cc", "Cs", "Mn", "Me"}  # zero-width and control characters, soft hyphens, combining marks

_TRADITIONAL = (
    "機绝絕絶祕宻級內業國務開長體標識資傳嚴屬於專號請啟啓時間個項軍護員電話賬帳戶銀聯絡經緯東權條無沒對應須轉發擴複註"
    "報術單軟鐵測圖檔歸據書為爲態閱後會內當銷譯屆滿總頁許與從擬詢將實質產學創證審佈傑備"
)
_SIMPLIFIED = (
    "机绝绝绝秘密级内业国务开长体标识资传严属于专号请启启时间个项军护员电话账帐户银联络经纬东权条无没对应须转发扩复注"
    "报术单软铁测图档归据书为为态阅后会内当销译届满总页许与从拟询将实质产学创证审布杰备"
)
_STARS = "☆✩✪✫✬✭✮✯✰⭐🌟⋆⍟⚝✦✧✶✷⭑⭒🟊🟉٭"
_ASTERISKS = "∗✱✲✳⁎"
_FOLDED = (
    dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
    | dict.fromkeys(_STARS, "★")
    | dict.fromkeys(_ASTERISKS, "*")
    | dict.fromkeys("宓蜜", "密")  # as a scanner reads it
    | dict.fromkeys("・･‧∙", "·")
    | dict.fromkeys("‐‑‒–−", "-")
    | dict.fromkeys("∶꞉ː", ":")
)


class _Forms(dict[int, str]):
    """The one-character form of every character met so far, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        form = _form(chr(code))
        self[code] = form if len(form) == 1 else _LONGER
        return self[code]


def _form(char: str) -> str:
    """What a character is matched as: one character mostly, never none."""
    if char in _BREAKS:
        return "\n"
    if char in _BLANKS or unicodedata.category(char) == "Zs":
        return " "
    if unicodedata.category(char) in _UNSEEN:
        return _DROPPED
    return "".join(_FOLDED.get(part, part) for part in unicodedata.normalize("NFKC", char))


_FORMS = _Forms()
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#[xX][0-9A-Fa-f]{1,5});")
_TAGS = {  # of web pages and of what word processors write, by what they show between words
    "": "b i u s a em strong span font mark small big sub sup code ins del w:[a-z]+",
    "|": "t[dh]",
    "\n": "p br hr div h[1-6] tr table tbody thead li ul ol center section header footer title body pre",
}
_BETWEEN = list(_TAGS)
_TAG = re.compile(
    r"</?(?:"
    + "|".join(f"({'|'.join(names.split())})" for names in _TAGS.values())
    + r")(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_CELL = re.compile(
    r"\t( *[^\s\d]{0,4}[绝絕絶机機秘祕商]密[级級]? *)\t"
)  # a row's cell that is a level and no more
# A space stays where words end and goes where letters are only set apart: 机 密 ★ 1 年.
_LETTER_GAP = r"(?<=\S )(?<!\w\S )(?=\S(?!\w))"
_EDIT = re.compile(rf" (?: ++|(?![^\n])|(?<![^\n] )|{_LETTER_GAP})|{_LONGER}")


@dataclass(frozen=True, slots=True)
class Normal:
    """`text` as it is matched: from `starts[i]` on it runs beside what is seen from `origins[i]` on."""

    text: str
    starts: list[int]
    origins: list[int]
    seen: Sequence[int]  # where each character that can be seen stands in the original

    def offset(self, at: int) -> int:
        """Where in the original the character at `at` was written."""
        piece = bisect_right(self.starts, at) - 1
        return self.seen[self.origins[piece] + at - self.starts[piece]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that `text[start:end]` was written as; `end` is past the last one."""
        return self.offset(start), self.offset(end - 1) + 1


def normalise(text: str) -> Normal:
    """NFKC, nothing that is not seen, simplified characters, one kind of star, single spaces.

    A space between single letters goes; one beside a word stays, for 机密 at the end of a line after a space
    is a mark and 保守机密 is prose. Lines stay lines.
    """
    text = _without_markup(text)
    shown = text.translate(_FORMS)
    seen: Sequence[int] = range(len(text))
    if _DROPPED in shown:
        seen = [at for at, char in enumerate(shown) if char != _DROPPED]
        shown = shown.replace(_DROPPED, "")
    return _spaced(shown, text, seen)


def _without_markup(text: str) -> str:
    """What a page's source would show, each character at the end of where it was written."""
    if "\t" in text:
        text = _CELL.sub(r"|\1|", text)
    if "<" in text:
        text = _TAG.sub(lambda tag: _padded(_BETWEEN[(tag.lastindex or 1) - 1], tag), text)
    if "&" in text:
        text = _ENTITY.sub(lambda entity: _padded(_meant(entity[0]), entity), text)
    return text


def _padded(shown: str, written: re.Match[str]) -> str:
    return shown.rjust(len(written[0]), _DROPPED)


def _meant(entity: str) -> str:
    meant = html.unescape(entity)
    return meant if len(meant) == 1 else entity


def _spaced(shown: str, text: str, seen: Sequence[int]) -> Normal:
    parts: list[str] = []
    starts, origins = [0], [0]
    done = size = 0
    for edit in _EDIT.finditer(shown):
        start, end = edit.span()
        form = _form(text[seen[start]]) if shown[start] == _LONGER else _gap(shown, start, end)
        kept = shown[done:start]
        size += len(kept)
        parts += (kept, form)
        for place in range(len(form)):  # every character of a longer form was written where it began
            starts.append(size + place)
            origins.append(start)
        size += len(form)
        starts.append(size)
        origins.append(end)
        done = end
    parts.append(shown[done:])
    return Normal("".join(parts), starts, origins, seen)


def _gap(shown: str, start: int, end: int) -> str:
    """What is left of spaces: one between words when there were several, none elsewhere."""
    at_an_edge = shown[start - 1 : start] in ("", "\n") or shown[end : end + 1] in ("", "\n")
    return "" if at_an_edge or end - start == 1 else " "
