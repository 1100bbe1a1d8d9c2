"""What each column means, in the Chinese of the office that fills it in."""

from __future__ import annotations

_OF_ALL = {
    "id": "本单位文号，全库唯一",
    "replaces": "本行代替的、已冲销事项的编号",
    "note": "不超过200字；不得写个人信息",
    "unit": "村、场、社区的编号",
    "submitted_on": "收到的日期",
    "issued_on": "文件落款日期",
}

_OF_KIND = {
    ("unit", "name"): "单位全称",
    ("unit", "type"): "从下拉列表中选择",
    ("special_period", "level"): "哪一级的特护期",
    ("special_period", "starts_on"): "特护期第一天",
    ("special_period", "ends_on"): "特护期最后一天（含当天）",
    ("notice", "title"): "通知的事由",
    ("notice", "due_on"): "要求报送的最后一天",
    ("notice", "units"): "通知所发单位的编号，多个用“、”隔开；不填为全部单位",
    ("ruling", "year"): "适用的考核年度",
    ("ruling", "reading"): "解释口径的名称，见 tally rules",
    ("ruling", "value"): "该口径可取的值之一，见 tally rules",
    ("ruling", "basis"): "作出解释的依据（会议纪要、文件）",
    ("screening_report", "month"): "排查的月份，写作 2016-03；按通知报送的不填",
    ("screening_report", "notice"): "所依据通知的编号；按月报送的不填",
    ("case_report", "month"): "上报的月份，写作 2016-03",
    ("case_report", "cases"): "信访办采用的件数，可为0",
    ("information_report", "urgency"): "从下拉列表中选择",
    ("information_report", "matters"): "所报信访事项的编号，多个用“、”隔开，没有写“无”",
    ("information_report", "submitted_at"): "收到的日期和时间",
    ("petition_batch", "unit"): "问题引发单位的编号",
    ("petition_batch", "host_unit"): "人事分离时，人员稳控单位的编号；其余不填",
    ("petition_batch", "matter"): "信访事项的编号，不写人名",
    ("petition_batch", "level"): "到哪一级上访；进京为国家",
    ("petition_batch", "headcount"): "该批次的人数，至少1人",
    ("petition_batch", "occurred_at"): "上访发生的日期和时间",
    ("petition_batch", "abnormal"): "是否认定为非正常上访",
    ("petition_batch", "repeated"): "是否重复集体上访",
    ("petition_batch", "key_person"): "是否上级交办的重点人员",
    ("on_site_response", "batch"): "所处置上访批次的编号",
    ("on_site_response", "arrival"): "责任单位领导到场的情形",
    ("on_site_response", "effective"): "处置效果是否明显",
    ("on_site_response", "stay_minutes"): "上访人员滞留的分钟数",
    ("commendation", "level"): "哪一级通报表扬",
    ("research_site", "level"): "哪一级来调研",
    ("research_site", "held_on"): "提供现场的日期",
    ("supervised_case", "level"): "哪一级督办",
    ("supervised_case", "due_on"): "要求化解的最后一天",
    ("case_resolution", "case"): "所化解督办件的编号",
    ("case_resolution", "resolved_on"): "化解的日期",
    ("criticism", "issuer"): "哪一级通报批评；区委、区政府为区",
    ("inspection_finding", "year"): "所检查的考核年度",
    ("inspection_finding", "item"): "三（二）各项的序号，1.1 至 6",
    ("inspection_finding", "points"): "评分的项目：0分至该项满分",
    ("inspection_finding", "missing"): "计数的项目（1.2、3、4、6）：缺几项，可为0",
    ("reversal", "of"): "所冲销事项的编号",
    ("reversal", "reason"): "冲销的原因",
}


def meaning_of(kind: str, field: str) -> str:
    """What a kind's column means; a new field has none until it is written here."""
    return _OF_KIND.get((kind, field)) or _OF_ALL.get(field, "")
