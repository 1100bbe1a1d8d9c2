"""The annex of the bulletin's template (附件): the table of all scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from cli.output.bulletin.paragraphs import (
    FANGSONG,
    HEITI,
    TABLE,
    TITLE,
    TITLE_FONT,
    fill_cell,
    paragraph,
)

if TYPE_CHECKING:
    from docx.document import Document as Doc

_LEFT, _CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_COLUMNS = (
    ("名次", "rank", 10),
    ("单位", "name", 23),
    ("基础\n工作", "basic_work", 12),
    ("非正常\n上访", "abnormal_petitions", 14),
    ("季度\n得分", "score", 15),
    ("上季\n得分", "before", 15),
    ("增减", "change", 15),
    ("奖分", "rewards", 10),
    ("罚分", "penalties", 10),
    ("年度\n累计", "total", 15),
    ("备注", "flags", 17),
)
"""Header, tag and width in millimetres; 156 in all."""


def add_annex(document: Doc) -> None:
    """Add the annex on a page of its own (GB/T 9704-2012, 7.3.7)."""
    paragraph(
        document, "附件", font=HEITI, indent=False, align=_LEFT
    ).paragraph_format.page_break_before = True
    paragraph(document, "", indent=False)
    title = "{{ quarter }}信访工作考核得分表"
    paragraph(document, title, font=TITLE_FONT, size=TITLE, align=_CENTRE, indent=False, line=36)
    paragraph(
        document, "单位：分", size=TABLE, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False, line=20
    )
    table = document.add_table(rows=4, cols=len(_COLUMNS), style="Table Grid")
    table.autofit = False
    for at, (header, tag, width) in enumerate(_COLUMNS):
        table.columns[at].width = Mm(width)
        for row in table.rows:
            row.cells[at].width = Mm(width)
            row.cells[at].vertical_alignment = 1
        align = _LEFT if tag == "name" else _CENTRE
        fill_cell(table.rows[0].cells[at], header, HEITI, _CENTRE)
        fill_cell(table.rows[2].cells[at], f"{{{{ row.{tag} }}}}", FANGSONG, align)
    fill_cell(table.rows[1].cells[0], "{%tr for row in rows %}", FANGSONG, _LEFT)
    fill_cell(table.rows[3].cells[0], "{%tr endfor %}", FANGSONG, _LEFT)
    _set_table_properties(document)
    foot = "台账序号：{{ position }}（截至{{ through }}）。{% if root %}根值：{{ root }}{% endif %}"
    paragraph(document, foot, size=TABLE, indent=False, align=_LEFT, line=20)


def _set_table_properties(document: Doc) -> None:
    """Keep rows whole, repeat the header and set margins, by XML of the table."""
    (table,) = document.element.body.tbl_lst
    for number, row in enumerate(table.tr_lst):
        properties = row.get_or_add_trPr()
        properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        if number == 0:
            properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    margins = f'<w:tblCellMar {nsdecls("w")}><w:left w:w="30" w:type="dxa"/>'
    margins += '<w:right w:w="30" w:type="dxa"/></w:tblCellMar>'
    table.tblPr.append(parse_xml(margins))
