"""Prose that says of something that it is classified, and prose that speaks of 国防专利.

A rule (`涉及国家秘密的，按……`), a question, a denial and the names of subjects (商业秘密保护) assert nothing.
"""

import re
from collections.abc import Iterator

from domain.confidential.findings import Rule
from domain.confidential.sightings import (
    Sighting,
    after,
    after_unwrapped,
    any_of,
    before_unwrapped,
    first_clause,
    last_clause,
)
from domain.confidential.stamps import FORBIDDEN

_GAP = " ?"
_SECRETS = (
    *("国家秘密", "国家机密", "军事秘密", "军事机密", "工作秘密", "商业秘密", "商业机密", "技术秘密"),
    *("公司机密", "公司秘密", "企业秘密", "核心商密", "普通商密", "绝密", "机密"),
)
_OWNED = r"(?:[本我该贵]?(?:公司|企业|集团|单位|中心|部门|[院所校厂])的?)?(?:核心|重要|普通|一般)?"
_SUBJECTS = ("商业秘密", "技术秘密")  # what cases and contracts are about
_ASSERTS = re.compile(
    r"(?:属于?|涉及到?|涉|包?含有?|载有|系|(?<![分作因认称成以一注志])为|是(?!否)|定为|列为|列入|确定为|认定为|构成)了?[“\"「]?"
    r"(?:(?:国家|工作|商业|技术)[秘机]密(?:和|及|与|或|、|/))?[“\"「]?"
    rf"{_OWNED}$"
)
_VERB = re.compile("[属涉含载系为是列构]")
_VERB_REACH = 24
_WRAPPED = 15
_CLASSIFIED = re.compile(
    r"[^，。；,;]{0,4}(?:项目|课题|内容|成果)|文件|材料|资料|图纸|数据|合同|专利|技术|信息|事项|产品"
)
_DENIES = any_of(
    r"不(?!仅|但|只|光|得外传) 未(?!经) 无(?!线|人机|锡) 没 最[高低] 非(?!常) 是否 如(?!下) 若 凡 应当? "
    r"须 严禁 禁止 防止 避免 杜绝 可能 或者?涉 有无 勿 假设 倘 确保 保证 规定 办法 条例 要求 一旦 哪些 "
    r"哪种 何种 只要 什么 何为 对于 培训 讲座 宣传 学习 认定 判断 排除 排查 审查 检查 核查 自查 管理 "
    r"制度 处理 除 剔除 删除 去除 脱密 "
)
_TOPICS = any_of(
    r"的 [两二三四]级 保护 纠纷 案 管理 法 制度 培训 审查 侵权 诉讼 条款 范围 问题 风险 领域 业务 机制 "
    r"体系 建设 人员 岗位 系统 计算机 网络 载体 资质 单位 场所 范畴 专项 课程 规定 办法 标志 吗 么 与否 "
    r"时 之 者 主体 权 合规 服务 工作 标准 检查 设备 等[多各领类] 需 具备 虚拟 容器 登记 收发 销毁 出口 "
    r"程序 治理 消除 借阅 流程 指南 台账 平台 政策 转化 归属 许可 转让 使用 认定 价值 评估 鉴定 实施 "
    r"质押 运营 交易 维权 研究 布局 知识 意识 计算 性 "
)
_TOPIC_AFTER = re.compile(
    r"(?:级|事项|内容|信息|文件|资料|材料|技术)?[”\"」]?(?:和|及|与|、|或)?[^，。；,;]{0,8}?"
    + _TOPICS.pattern
)
_RULES_AFTER = any_of(
    r"不得 严禁 禁止 不能 不可 应当 必?须 一律 不予 (?<!申)请(?!勿|不) 机要 线下 脱密 除外 "
    r"^[数项]?量?[:为]?(?:无|0(?!\d)) 不上网 不上传 不联网 不涉密 "
)
_HANDLES = re.compile(r"(?:[对将把就按以]|对于|关于|按照|加强|规范|强化|清理|清退|销毁)$")
_COUNTED = re.compile(r"\d+[项件个]|、(?![^，。]{0,4}秘密)")
_OPEN_TITLE = re.compile(r"《[^》]*$")
_SUBJECT = re.compile(r"^(?:本|该|此|上述|我|其|所报|附件)[^不未无非]*$")

_KEPT_IN = re.compile(FORBIDDEN)
_SEED = re.compile(rf"[绝机秘商]{_GAP}密|[涉定]{_GAP}密")
_DEFENCE_RULED = re.compile(r"^的(?:内容)?$|应当?|须|由.*受理")
_DEFENCE_STUDIED = re.compile(r"(?:解密的?|推[动进]|促进|介绍|学习|了解|研究|讲解|普及)$")
_DEFENCE_SEED = re.compile(rf"国{_GAP}防{_GAP}(?:发{_GAP}明{_GAP}|实用新型)?专{_GAP}利")
_DEFENCE_TOPIC = any_of(
    r"条例 局 机构 制度 管理 代理 法 工作 审查 分类 保密 转让 解密 公报 主管 事务 知识 转化 转民 信息 "
    r"运用 流程 政策 平台 申请(?:流程|指南|须知|程序|条件|要求|实务|文件) 是指 培训 保护 体系 与 和 、 "
    r"的?(?:定义|概念|范围|特点|受理|规定|要求) "
)


def classified_mentions(text: str) -> Iterator[Sighting]:
    for seed in _SEED.finditer(text):
        found = _classified(text, seed) if seed[0][0] in "涉定" else _asserted(text, seed)
        if found is not None:
            yield found


def _asserted(text: str, seed: re.Match[str]) -> Sighting | None:
    """`属于国家秘密`, `定为机密级`; most such words have no verb of that kind before them."""
    if not _VERB.search(text, max(seed.start() - _VERB_REACH, 0), seed.start()):
        return None
    left = before_unwrapped(text, seed.end(), _WRAPPED)
    plain = left.replace(" ", "")
    graded = text[seed.end() : seed.end() + 2].lstrip().startswith("级")
    named = (*_SECRETS, "秘密") if graded else _SECRETS
    secret = next((one for one in named if plain.endswith(one)), None)
    if secret is None:
        return None
    clause = last_clause(plain[: -len(secret)])
    verb = _ASSERTS.search(clause, max(len(clause) - _VERB_REACH, 0))
    if verb is None:
        return None
    right = first_clause(after_unwrapped(text, seed.end(), _WRAPPED)).replace(" ", "")
    if _denied(clause[: verb.start()], right, text, seed.end()):
        return None
    if secret in _SUBJECTS and (
        _COUNTED.match(right) or (verb[0][0] in "为是系认列构定确" and not _SUBJECT.match(clause))
    ):
        return None
    start = seed.end() - len(secret)
    whole = text[start : seed.end()] == secret  # not if spaces are in it
    return Sighting(Rule.CLASSIFIED_MENTION, start if whole else seed.start(), seed.end())


def _classified(text: str, seed: re.Match[str]) -> Sighting | None:
    """`涉密项目3项`, `本文件涉密`."""
    left = last_clause(before_unwrapped(text, seed.start(), _WRAPPED)).replace(" ", "")
    right = first_clause(after_unwrapped(text, seed.end(), _WRAPPED)).replace(" ", "")
    noun = _CLASSIFIED.match(right) if seed[0][0] == "涉" else None
    if noun is None and (right or not _SUBJECT.match(left)):
        return None
    rest = right[noun.end() :] if noun else right
    if _HANDLES.search(left) or "请" in rest or _denied(left, rest, text, seed.end()):
        return None
    return Sighting(Rule.CLASSIFIED_MENTION, seed.start(), seed.end())


def _denied(left: str, right: str, text: str, end: int) -> bool:
    """Denied, asked, supposed, ruled about, or no more than a subject."""
    if _OPEN_TITLE.search(left) or _DENIES.search(left) or after(text, end)[len(right) :][:1] in ("?", "？"):
        return True
    if _SUBJECT.match(left) and (right.startswith("的") or _KEPT_IN.match(right)):
        return False
    return _TOPIC_AFTER.match(right) is not None or _RULES_AFTER.search(right) is not None


def defence_patents(text: str) -> Iterator[Sighting]:
    for found in _DEFENCE_SEED.finditer(text):
        left = last_clause(before_unwrapped(text, found.start(), _WRAPPED)).replace(" ", "")
        right = first_clause(after_unwrapped(text, found.end(), _WRAPPED)).replace(" ", "").lstrip('”」"')
        if not _is_studied(left, right):
            yield Sighting(Rule.DEFENCE_PATENT, *found.span())


def _is_studied(left: str, right: str) -> bool:
    """Spoken of as a subject, denied, or ruled about; nobody is said to have one."""
    before_it = _OPEN_TITLE.search(left) or _DENIES.search(left) or _DEFENCE_STUDIED.search(left)
    after_it = _DEFENCE_TOPIC.match(right) or _DEFENCE_RULED.search(right) or _RULES_AFTER.search(right)
    return before_it is not None or after_it is not None
