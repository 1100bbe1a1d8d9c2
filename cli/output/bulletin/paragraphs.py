"""Paragraphs, cells and page numbers as GB/T 9704-2012 wants them, in python-docx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

BODY, TITLE, PAGE_NUMBER, TABLE = 16, 22, 14, 10.5
"""Points: 三号, 二号 (7.3.1), 四号 (7.5), and a table's 五号."""

LINE = 28
"""Points between lines: 22 lines on a page (5.2.3)."""

FANGSONG, HEITI, KAITI, TITLE_FONT = "仿宋", "黑体", "楷体", "方正小标宋简体"


def font(run: Any, name: str, size: float, *, bold: bool = False) -> None:
    """A run's font, for Chinese and Latin alike, in points."""
    run.font.name, run.font.size, run.bold = name, Pt(size), bold
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - no other way
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def paragraph(
    where: Any,
    text: str,
    *,
    face: str = FANGSONG,
    size: float = BODY,
    align: Any = WD_ALIGN_PARAGRAPH.JUSTIFY,
    indent: bool = True,
    line: float = LINE,
) -> Paragraph:
    """A paragraph of one run."""
    made: Paragraph = where.add_paragraph()
    shape(made, align=align, indent=indent, size=size, line=line)
    font(made.add_run(text), face, size)
    return made


def shape(made: Paragraph, *, align: Any, indent: bool, size: float, line: float) -> None:
    """A paragraph's alignment, indent of two characters and exact spacing, in points."""
    form = made.paragraph_format
    form.alignment, form.line_spacing_rule = align, WD_LINE_SPACING.EXACTLY
    form.line_spacing, form.space_before, form.space_after = Pt(line), Pt(0), Pt(0)
    if indent:
        form.first_line_indent = Pt(2 * size)
        indented = made._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001 - no other way
        indented.set(qn("w:firstLineChars"), "200")


def cell(where: Any, text: str, face: str, align: Any) -> None:
    """The text of a table's cell, each line of it on a line."""
    made = where.paragraphs[0]
    shape(made, align=align, indent=False, size=TABLE, line=16)
    for number, part in enumerate(text.split("\n")):
        run = made.add_run()
        if number:
            run.add_break()
        run.add_text(part)
        font(run, face, TABLE)


def page_number(footer: Any, align: Any) -> None:
    """7.5: — 1 —, in 四号, right on odd pages and left on even ones, one character in."""
    footer.is_linked_to_previous = False
    made = footer.paragraphs[0]
    shape(made, align=align, indent=False, size=PAGE_NUMBER, line=20)
    made.paragraph_format.left_indent = made.paragraph_format.right_indent = Pt(PAGE_NUMBER)
    font(made.add_run("— "), "宋体", PAGE_NUMBER)
    run = made.add_run()
    font(run, "宋体", PAGE_NUMBER)
    for kind, text in (
        ("begin", None),
        (None, "PAGE"),
        ("separate", None),
        (None, None),
        ("end", None),
    ):
        run._r.append(_field(kind, text))  # noqa: SLF001 - a field has no other way
    font(made.add_run(" —"), "宋体", PAGE_NUMBER)


def _field(kind: str | None, text: str | None) -> Any:
    if kind is not None:
        return parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>')
    if text is not None:
        return parse_xml(f"<w:instrText {nsdecls('w')}>{text}</w:instrText>")
    return parse_xml(f"<w:t {nsdecls('w')}>1</w:t>")
