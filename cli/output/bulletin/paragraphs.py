"""Paragraphs, table cells and page numbers in the layout of GB/T 9704-2012."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

BODY, TITLE, PAGE_NUMBER, TABLE, SMALL = 16, 22, 14, 10.5, 7.5
"""Points: 三号, 二号 (7.3.1), 四号 (7.5), and a table's 五号, or 六号 where columns are narrow."""

LINE = 28
"""Points from line to line: 22 lines a page (5.2.3)."""

FANGSONG, HEITI, KAITI, TITLE_FONT = "仿宋", "黑体", "楷体", "方正小标宋简体"

_PAGE_FIELD = (
    '<w:fldChar {} w:fldCharType="begin"/>',
    "<w:instrText {}>PAGE</w:instrText>",
    '<w:fldChar {} w:fldCharType="separate"/>',
    "<w:t {}>1</w:t>",
    '<w:fldChar {} w:fldCharType="end"/>',
)


def set_font(run: Any, name: str, size: float) -> None:
    """Set the font of a run or style, for any script; size in points."""
    run.font.name, run.font.size, run.bold = name, Pt(size), False
    fonts = run.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def paragraph(
    document: Any,
    text: str,
    *,
    font: str = FANGSONG,
    size: float = BODY,
    align: Any = WD_ALIGN_PARAGRAPH.JUSTIFY,
    indent: bool = True,
    line: float = LINE,
) -> Paragraph:
    """Add a paragraph; with `indent` its first line begins two characters in."""
    added: Paragraph = document.add_paragraph()
    _set_layout(added, align, line)
    run = added.add_run(text)
    set_font(run, font, size)
    if indent:
        added.paragraph_format.first_line_indent = Pt(2 * size)
        indentation = run.element.getparent().get_or_add_pPr().get_or_add_ind()
        indentation.set(qn("w:firstLineChars"), "200")
    return added


def _set_layout(where: Paragraph, align: Any, line: float) -> None:
    """Set alignment and exact line spacing, in points."""
    layout = where.paragraph_format
    layout.alignment, layout.line_spacing_rule = align, WD_LINE_SPACING.EXACTLY
    layout.line_spacing, layout.space_before, layout.space_after = Pt(line), Pt(0), Pt(0)


def fill_cell(cell: Any, text: str, font: str, align: Any, size: float = TABLE) -> None:
    """Write the text of a table's cell, with a line break for each of its own."""
    (only,) = cell.paragraphs
    _set_layout(only, align, 16)
    for number, part in enumerate(text.split("\n")):
        run = only.add_run()
        if number:
            run.add_break()
        run.add_text(part)
        set_font(run, font, size)


def add_page_number(footer: Any, align: Any) -> None:
    """Add the page number as — 1 —, in 四号 and one character from the margin (7.5)."""
    footer.is_linked_to_previous = False
    (only,) = footer.paragraphs
    _set_layout(only, align, 20)
    only.paragraph_format.left_indent = only.paragraph_format.right_indent = Pt(PAGE_NUMBER)
    for text in ("— ", "", " —"):
        run = only.add_run(text)
        set_font(run, "宋体", PAGE_NUMBER)
        for element in () if text else _PAGE_FIELD:
            run.element.append(parse_xml(element.format(nsdecls("w"))))
