"""Paragraphs, table cells and page numbers in the layout of GB/T 9704-2012."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

BODY, TITLE, FOURTH, TABLE, SMALL, PROOF = 16, 22, 14, 10.5, 9, 7.5
"""Points: 三号, 二号 (7.3.1), 四号 (7.4, 7.5); of tables 五号, 小五 where narrow."""

LINE = 28.95
"""Points from line to line: 22 lines in 225 mm (5.2.3)."""

_CONDENSED = -5
"""Twentieths of a point between characters: 28 of 16 points in 156 mm (5.2.3)."""

FANGSONG, HEITI, KAITI = "仿宋_GB2312", "黑体", "楷体_GB2312"
TITLE_FONT, NUMBERS = "方正小标宋简体", "宋体"

FALLBACKS = {
    FANGSONG: "仿宋,FangSong,STFangsong",
    HEITI: "SimHei,STHeiti",
    KAITI: "楷体,KaiTi,STKaiti",
    TITLE_FONT: "华文中宋,STZhongsong,宋体,SimSun",
    NUMBERS: "SimSun,STSong",
}
"""Fonts that stand in for one that a computer does not have (ECMA-376, 17.8.3.1)."""

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
    if size == BODY:
        condensed = parse_xml(f'<w:spacing {nsdecls("w")} w:val="{_CONDENSED}"/>')
        run.element.get_or_add_rPr().insert_element_before(
            condensed, "w:w", "w:kern", "w:position", "w:sz"
        )
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


def fill_cell(
    cell: Any, text: str, font: str, align: Any, size: float = TABLE, line: float = 16
) -> None:
    """Write the text of a table's cell, with a line break for each of its own."""
    (only,) = cell.paragraphs
    _set_layout(only, align, line)
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
    only.paragraph_format.left_indent = only.paragraph_format.right_indent = Pt(FOURTH)
    for text in ("— ", "", " —"):
        run = only.add_run(text)
        set_font(run, NUMBERS, FOURTH)
        for element in () if text else _PAGE_FIELD:
            run.element.append(parse_xml(element.format(nsdecls("w"))))


def fonts_named(document: bytes) -> bytes:
    """Return a .docx whose table of fonts names what stands in for each font."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/></w:font>'
        for name, others in FALLBACKS.items()
    )
    table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>'
    table = f"{table}{fonts}</w:fonts>"
    made = BytesIO()
    with ZipFile(BytesIO(document)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for one in old.infolist():
            is_table = one.filename == "word/fontTable.xml"
            new.writestr(one, table.encode() if is_table else old.read(one))
    return made.getvalue()
