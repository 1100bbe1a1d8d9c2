"""The annex of a bulletin's template (附件): the table of all scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from cli.output.bulletin.paragraphs import (
    FANGSONG,
    HEITI,
    SMALL,
    TABLE,
    TITLE,
    TITLE_FONT,
    fill_cell,
    paragraph,
)
from cli.output.bulletin.terms import tags_of, terms_of
from projections.bulletin import columns_of

if TYPE_CHECKING:
    from docx.document import Document as Doc

    from projections.measure import Measure

_LEFT, _CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_WIDTH = 156
"""Millimetres of a page's text (GB/T 9704-2012, 5.2.1)."""

_NARROW = 10
"""Millimetres of a column in which the usual size of type has no room."""


_WITHIN = {"group": "分组", "type": "类型"}
"""Header of the column of the groups that units are ranked within."""


class _Column(NamedTuple):
    """Header and tag of a column; its width in millimetres, or None for an equal share."""

    header: str
    tag: str
    width: float | None = None


def _columns(measure: Measure, *, of_year: bool, ranked: bool) -> list[_Column]:
    terms = terms_of(measure, of_year=of_year)
    scored, beside = columns_of(measure, measure.source.year, None if of_year else 1)
    tags = tags_of((*scored, *beside), measure)
    titles = [column.title.zh for column in (*scored, *beside)]
    figures = [_Column(title, tag) for title, tag in zip(titles, tags, strict=True)]
    score = _Column(f"{terms.noun}\n得分", "score")
    own = [*figures[: len(scored)], score]
    if not of_year:
        own += [_Column(f"{terms.former}\n得分", "before"), _Column("增减", "change")]
        own += [*figures[len(scored) :], _Column("年度\n累计", "total")]
    elif measure.bands:
        own.append(_Column("等次", "band"))
    rank = [_Column("名次", "rank", 10)] if ranked else []
    within = _WITHIN.get(measure.rank.within) if ranked else None
    grouped = [] if within is None else [_Column(within, "within", 17)]
    found = [*rank, _Column("单位", "name", 23), *grouped, *own, _Column("备注", "remarks", 17)]
    fixed = [one.width for one in found if one.width is not None]
    share = (_WIDTH - sum(fixed)) / (len(found) - len(fixed))
    return [one._replace(width=one.width or share) for one in found]


def add_annex(document: Doc, measure: Measure, *, of_year: bool, ranked: bool) -> None:
    """Add the annex on a page of its own (GB/T 9704-2012, 7.3.7)."""
    paragraph(
        document, "附件", font=HEITI, indent=False, align=_LEFT
    ).paragraph_format.page_break_before = True
    paragraph(document, "", indent=False)
    title = "{{ period }}{{ subject }}考核得分表"
    paragraph(document, title, font=TITLE_FONT, size=TITLE, align=_CENTRE, indent=False, line=36)
    unit = "单位：{{ points }}"
    paragraph(document, unit, size=TABLE, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False, line=20)
    columns = _columns(measure, of_year=of_year, ranked=ranked)
    size = SMALL if min(one.width or 0 for one in columns[1:]) < _NARROW else TABLE
    table = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    table.autofit = False
    for at, (header, tag, width) in enumerate(columns):
        table.columns[at].width = Mm(width or 0)
        for row in table.rows:
            row.cells[at].width = Mm(width or 0)
            row.cells[at].vertical_alignment = 1
        align = _LEFT if tag in {"name", "remarks"} else _CENTRE
        fill_cell(table.rows[0].cells[at], header, HEITI, _CENTRE, size)
        fill_cell(table.rows[2].cells[at], f"{{{{ row.{tag} }}}}", FANGSONG, align, size)
    fill_cell(table.rows[1].cells[0], "{%tr for row in rows %}", FANGSONG, _LEFT)
    fill_cell(table.rows[3].cells[0], "{%tr endfor %}", FANGSONG, _LEFT)
    _set_table_properties(document)
    foot = "台账序号：{{ position }}（截至{{ through }}）。{% if root %}根值：{{ root }}{% endif %}"
    foot += "{% if set_aside %}{{ set_aside }}{% endif %}"
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
