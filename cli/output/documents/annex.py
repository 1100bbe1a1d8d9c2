"""The annex of a bulletin's template (附件): the table of all scores."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from cli.output.documents.frame import CENTRE, HEIGHT, LEFT, RIGHT, WIDTH, add_imprint, turn_page
from cli.output.documents.paragraphs import (
    FANGSONG,
    HEITI,
    PROOF,
    SMALL,
    TABLE,
    TITLE,
    TITLE_FONT,
    fill_cell,
    paragraph,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docx.document import Document as Doc

    from cli.output.documents.table import Column
    from cli.output.documents.terms import Terms

_MOST_ON_A_PAGE = 84
"""Characters of the columns of a table that fits on an upright page."""

_MOST_IN_TABLE_TYPE = 68
"""Characters that fit there in 五号; more are in 小五."""

_TEXTS = {"单位", "备注"}
"""Columns of text, which is not centred."""


def add_annex(document: Doc, columns: Sequence[Column], terms: Terms) -> None:
    """Add the annex on a page of its own (7.3.7), and the imprint at the foot of the last (7.4)."""
    wanted = sum(one.width for one in columns)
    turned = wanted > _MOST_ON_A_PAGE
    if turned:
        turn_page(document)
    width = HEIGHT if turned else WIDTH
    first = paragraph(document, "附件", font=HEITI, indent=False, align=LEFT)
    first.paragraph_format.page_break_before = not turned
    if not turned:
        paragraph(document, "", indent=False)
    title = f"{{{{考核期}}}}{{{{工作}}}}考核{terms.score}表"
    paragraph(document, title, font=TITLE_FONT, size=TITLE, align=CENTRE, indent=False, line=36)
    paragraph(document, "单位：{{计分单位}}", size=TABLE, align=RIGHT, indent=False, line=20)
    is_small = wanted * WIDTH > _MOST_IN_TABLE_TYPE * width
    shares = [(one.header, one.width) for one in columns]
    add_table(document, "得分表", shares, width, SMALL if is_small else TABLE)
    proof = paragraph(document, "{{台账证明}}", size=PROOF, indent=False, align=LEFT, line=12)
    proof.paragraph_format.space_before = Mm(1)
    add_imprint(document, width)


def add_table(
    document: Doc,
    name: str,
    columns: Sequence[tuple[str, float]],
    width: float,
    size: float,
    titles: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Add a table with a header and the row of a field of rows.

    Args:
        document: the template.
        name: of the field.
        columns: the header of each, which names it in the field, and its share of the width.
        width: millimetres of the whole table.
        size: points of its type.
        titles: headers that are other than the name in the field.
    """
    table = document.add_table(rows=2, cols=len(columns), style="Table Grid")
    table.autofit = False
    share = width / sum(part for _, part in columns)
    for at, (header, part) in enumerate(columns):
        table.columns[at].width = Mm(part * share)
        align = LEFT if header in _TEXTS else CENTRE
        for row, text, font, side in (
            (table.rows[0], titles.get(header, header), HEITI, CENTRE),
            (table.rows[1], f"{{{{{name}.{header}}}}}", FANGSONG, align),
        ):
            row.cells[at].width = Mm(part * share)
            row.cells[at].vertical_alignment = 1
            fill_cell(row.cells[at], text, font, side, size)
    _set_properties(table._tbl)  # noqa: SLF001 - python-docx has no other access to them


def _set_properties(table: Any) -> None:
    """Keep rows whole, repeat the header and set margins."""
    for number, row in enumerate(table.tr_lst):
        properties = row.get_or_add_trPr()
        properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        if number == 0:
            properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    margins = f'<w:tblCellMar {nsdecls("w")}><w:left w:w="30" w:type="dxa"/>'
    margins += '<w:right w:w="30" w:type="dxa"/></w:tblCellMar>'
    table.tblPr.insert_element_before(parse_xml(margins), "w:tblLook")
