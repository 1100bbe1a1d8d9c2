"""Recognise columns for personal data by their headers."""

from __future__ import annotations

import re
import unicodedata

from cli.workbooks.words import half_width

_CHINESE = (
    *("姓名", "名字", "电话", "手机", "号码", "证件", "身份证", "地址", "住址", "住所", "住处"),
    *("联系", "微信", "邮箱", "户籍", "户口", "籍贯", "出生", "生日", "性别", "年龄", "民族"),
    *("家庭", "家属", "亲属", "监护人", "信访人", "上访人", "来访人", "诉求人", "当事人"),
    *("反映人", "投诉人", "举报人", "带头人", "代表人", "银行卡", "账户", "照片", "签名", "护照"),
)
_ENGLISH = re.compile(
    r"phone|mobile|address|id ?card|identity|passport|birth|e-?mail|wechat|surname|gender"
    r"|petitioner|\b(full|first|last|given|person'?s?)? ?names?\b"
    r"|\b(tel|sex|age|qq)\b|\bcontact"
)


def names_personal_data(header: str) -> bool:
    """Return whether a header that is not that of a field names personal data."""
    text = unicodedata.normalize("NFKC", half_width(header)).casefold().replace("_", " ")
    spaceless = "".join(text.split())
    return any(word in spaceless for word in _CHINESE) or _ENGLISH.search(text) is not None
