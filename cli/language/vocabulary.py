"""The office's Chinese words for coded values, names of figures and events.

One code has one word, whether a table, a page, a workbook, the bulletin or a message shows it.
Kinds of entries and their fields have their titles in `ledger.entries`; sentences are in the
catalogue. Where the measure has a term (三（一）, 四.2), it is the word.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    # Values of the entries' fields (`ledger.vocabulary`).
    "village": "村",
    "farm": "场",
    "community": "社区",
    "outside": "镇外单位",
    "national": "国家",
    "province": "省",
    "city": "市",
    "district": "区",
    "town": "镇",
    "early_warning": "预警",
    "urgent": "紧急",
    "ahead": "提前",
    "with": "同步",
    "prompt": "及时",
    "late": "延迟",
    "absent": "无",
    "joint_conference": "区联席会议",
    "true": "是",
    "false": "否",
    "none": "无",
    # Roles of accounts; that of a unit is its word below.
    "clerk": "登记员",
    "verifier": "核定员",
    "auditor": "审计员",
    # Figures of a score.
    "rank": "名次",
    "unit": "单位",
    "name": "名称",
    "Q1": "一季度",
    "Q2": "二季度",
    "Q3": "三季度",
    "Q4": "四季度",
    "score": "得分",
    "basic_work": "基础工作",
    "abnormal_petitions": "非正常上访工作",
    "inspection": "年终考核",
    "rewards": "奖分",
    "penalties": "罚分",
    "total": "总分",
    "band": "等次",
    # Flags and open points.
    "flags": "否决事项",
    "vetoed": "一票否决",
    "disqualified": "取消评先评优资格",
    "eligible": "可评先评优",
    "open": "待办事项",
    "undetermined": "待定",
    "incomplete": "材料不全",
    "not_inspected": "未检查",
    "unverified": "未核定",
    # What happened to an entry, an objection or a quarter, and the particulars.
    "opened": "开户",
    "closed": "关闭",
    "reset": "更换密钥",
    "signed": "签名",
    "recorded": "登记",
    "returned": "退回",
    "verified": "核定",
    "reversed": "冲销",
    "replaced": "更正",
    "objected": "提出异议",
    "decided": "答复",
    "published": "通报",
    "adopted": "采用",
    "measure": "考核办法",
    "founding": "建立台账时采用",
    "basis": "依据",
    "kind": "种类",
    "entry": "记录",
    "objection": "异议",
    "publication": "通报",
    "position": "序号",
    "by": "经办人",
    "by_entry": "冲销记录",
    "in_effect": "已生效",
    "replaced_by": "替代记录",
    "to": "异议对象",
    "outcome": "结果",
    "upheld": "成立",
    "dismissed": "不成立",
    "edition": "版次",
    "shows_position": "台账序号",
    "through": "统计截止日",
    "quarter": "季度",
    "clause": "条款",
}

PARAMETERS: dict[str, str] = {
    "from": "从",
    "to": "到",
    "late_by": "至少延迟（天）",
    "import": "导入",
    "part": "页次",
    "q": "查找内容",
    "lang": "语言",
    "month": "月份",
    "state": "状态",
    "format": "格式",
    "what": "报送事项",
    "subject": "异议对象",
}
"""The Chinese of parameters of addresses, where it is not that of the field of the same name."""

ARGUMENTS: dict[str, str] = {
    "CODE": "行政区划代码",
    "COMMAND": "命令",
    "DIR": "文件夹",
    "FILE": "文件",
    "FOLDER": "文件夹",
    "ID": "编号",
    "PERIOD": "考核期",
}
"""Words for the arguments that messages name; a usage line has the arguments themselves."""
