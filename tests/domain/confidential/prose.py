"""Made prose of the field, full of the words that marks are made of, with nothing in it to be found."""

import random

LINES_A_PAGE = 30
WHO = (
    "本单位",
    "示范基地",
    "知识产权办公室",
    "成果转化中心",
    "课题组",
    "科研处",
    "合作企业",
    "法务部门",
    "学院",
    "项目承担单位",
)
DID = ("建立", "完善", "修订", "落实", "健全", "推行", "评估", "优化", "宣传", "执行", "总结", "更新")
WHAT = (
    "保密制度",
    "商业秘密保护制度",
    "内部控制流程",
    "保密协议管理办法",
    "专利申请保密审查机制",
    "向外国申请专利保密审查流程",
    "信息脱密处理规程",
    "内部评审制度",
    "技术秘密管理规范",
    "密级标识管理要求",
    "涉密人员管理制度",
    "商业秘密与专利组合保护策略",
    "数据机密性保护方案",
    "机密计算技术路线",
    "内部审计办法",
    "知识产权内部管理体系",
    "保密教育培训计划",
    "秘密共享算法专利布局",
    "商用密码应用方案",
    "国家秘密载体管理规定学习计划",
)
ENDS = (
    "。",
    "，成效明显。",
    "，全年开展培训{n}次。",
    "，覆盖科研人员{n}人。",
    "，签订保密协议{n}份。",
    "，未发生泄密事件。",
    "，不涉及国家秘密。",
    "，相关材料已做脱密处理。",
    "，新增专利申请{n}件。",
    "，转化收入{n}.5万元。",
    "，满意度★★★★★。",
    "，并报中心备案。",
)
WHOLE = (
    "全年处理商业秘密纠纷{n}件，其中调解结案{n}件。",
    "涉及国家秘密的，按照保密法律法规执行。",
    "报送前请检查是否含有工作秘密，严禁上传标有“机密★10年”的文件。",
    "国家秘密的密级分为绝密、机密、秘密三级，书面形式为“密级★保密期限”。",
    "{n}. 商业秘密保护",
    "（三）内部管理与保密审查",
    "密级：公开",
    "保密期限：无",
    "□秘密 □机密 ☑公开",
    "论文《基于秘密共享的机密计算方法》获奖，申请号已公开。",
    "侵犯商业秘密罪的立案标准由司法机关解释，企业应保存证据{n}年以上。",
    "发明人对技术方案负有保密义务，离职后{n}年内不得披露。",
    "内部收益率为{n}.2%，投资回收期{n}年。",
    "本年度总结已由保密审查人审查，不属于国家秘密，也不含工作秘密和商业秘密。",
    "组织观看保密宣传片《绝密》，参加{n}人。",
    "The base adopted confidential computing and trade secret protection in {n} projects.",
    "凡标注“工作秘密”“内部”等字样的文件不得通过互联网传递。",
    "经营秘密、技术秘密的认定以不为公众所知悉、具有商业价值并经权利人采取相应保密措施为要件。",
)


def pages(count: int, seed: int = 20261123) -> list[str]:
    """`count` pages of 30 lines each, the same for the same seed."""
    chance = random.Random(seed)
    return ["\n".join(_line(chance) for _ in range(LINES_A_PAGE)) for _ in range(count)]


def _line(chance: random.Random) -> str:
    n = chance.randint(2, 99)
    if chance.random() < 0.3:
        return chance.choice(WHOLE).format(n=n)
    ending = chance.choice(ENDS).format(n=n)
    return f"{chance.choice(WHO)}{chance.choice(DID)}{chance.choice(WHAT)}{ending}"
