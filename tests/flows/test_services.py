"""Services are data: each that is offered can be filed from the phone, with its own checks."""

from dataclasses import dataclass

import pytest

from domain.people import Role
from storage import requests
from tests.flows.conftest import House

SKIP = object()


@dataclass(frozen=True)
class Said:
    """What the prompt asks, what is pressed or typed; `refused` is what a wrong answer is told."""

    asked: str
    said: object
    wrong: str = ""
    refused: str = ""


COMMON = (
    Said("具体联系人", SKIP),
    Said("如需加急", SKIP),
    Said("不含涉密", "是", wrong="否", refused="需为“是”"),
)
PLEDGE = (
    Said("专利号", "ZL202319999901.2，ZL202319999902.7", wrong="ZL202310123456.7", refused="校验位"),
    Said("拟融资金额", "20000", wrong="0", refused="大于"),
    Said("数额较大", "确认"),
    Said("借款单位", "江岸新材料科技有限公司（演示）"),
    Said("统一社会信用代码", "91510100DEM00009X4", wrong="91510100DEM00009X5", refused="信用代码"),
    Said("期限", "12", wrong="121", refused="120"),
    Said("意向金融机构", SKIP),
    Said("是否已质押", "否"),
    Said("评估值", SKIP),
    Said("企业与本单位关系", "合作单位"),
    Said("企业是否同意提交", "是"),
    *COMMON,
)
MEDIATION = (
    Said("纠纷类型", "专利侵权"),
    Said("对方单位名称", SKIP),
    Said("专利号", SKIP),
    Said("诉求", "请求停止侵权。", wrong="字" * 501, refused="500"),
    Said("争议金额", "50.5", wrong="约五十", refused="万元"),
    Said("对方是否同意调解", "未知"),
    Said("是否已诉讼", "否"),
    *COMMON,
)


@pytest.mark.parametrize(
    ("service", "story", "kept"),
    [
        (
            "知识产权质押融资",
            PLEDGE,
            {"amount": "20000", "term_m": 12, "encumbered": "no", "relation": "partner"},
        ),
        ("知识产权纠纷调解", MEDIATION, {"amount": "50.5", "pending": "no"}),
    ],
)
async def test_a_service_is_filed_with_its_own_checks(
    house: House, service: str, story: tuple[Said, ...], kept: dict[str, object]
) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send("/request")
    await liaison.expect(where=lambda m: m.has(service))
    liaison.press(service)
    for one in story:
        prompt = await liaison.expect(one.asked)
        if one.wrong:
            liaison.send(one.wrong)
            prompt = await liaison.expect(one.refused)
        if one.said is SKIP:
            liaison.press("跳过", prompt)
        elif prompt.has(str(one.said)):
            liaison.press(str(one.said), prompt)
        else:
            liaison.send(str(one.said))
    await liaison.expect(where=lambda m: m.has("提交"))
    liaison.press("提交")
    await liaison.expect("申请已收到")
    async with house.database.read() as tx:
        [request] = await requests.list_of_base(tx, 1, 5)
    assert kept.items() <= request.answers.items()
