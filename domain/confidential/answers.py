"""Answers in a form that say that papers are classified: `是否涉密：是`, `涉密情况：☑涉密 □不涉密`."""

import re
from collections.abc import Iterator

from domain.confidential.findings import Rule
from domain.confidential.naming import BOX, is_ticked
from domain.confidential.sightings import Sighting, after

_QUESTION = re.compile(
    r"(?:(?:是否|有无)(?:涉及?|属于?|包?含有?|为|存在)[^\n:,。;?]{0,6}密(?:项目|课题|内容|信息|文件|资料|材料|数据|成果|专利)?"
    r"|涉密(?:情况|程度|性质|属性|类型))"
    r"(?:\([^()\n]{1,12}\))?[ \n]?[:?|=]?[ \n]?"
)
_YES = re.compile("是|有|涉密")
_PLAINLY = re.compile(r"(?:是|有|涉密)(?=$|[\s,。;|(])(?![ (]{0,2}[/否无])")
_OPTIONS = re.compile(BOX)


def classified_answers(text: str) -> Iterator[Sighting]:
    for question in _QUESTION.finditer(text):
        end = question.end()
        given = after(text, end)
        answered = _ticked(given) if _OPTIONS.search(given[:8]) else _PLAINLY.match(given)
        if answered:
            yield Sighting(Rule.CLASSIFIED_MENTION, question.start(), end + answered.end())


def _ticked(options: str) -> re.Match[str] | None:
    yes = _YES.search(options[:8])
    return yes if yes and is_ticked(options[: yes.start()], options[yes.end() :]) else None
