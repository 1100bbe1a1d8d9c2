"""Make the Word template of the slips by which units learn their scores: a page each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.shared import Mm, Pt

from cli.output.documents.annex import add_table
from cli.output.documents.frame import CENTRE, LEFT, RIGHT, WIDTH, finished, new_document
from cli.output.documents.paragraphs import (
    FANGSONG,
    HEITI,
    PROOF,
    TABLE,
    TITLE,
    TITLE_FONT,
    paragraph,
)
from cli.output.documents.slip import COLUMNS, titles_of
from cli.output.documents.slip_page import (
    AFTER_TABLE,
    BOTTOM,
    LINE,
    PROOF_LINE,
    ROW,
    SIZE,
    TITLE_LINE,
    TOP,
)

if TYPE_CHECKING:
    from cli.output.documents.terms import UnitWords


def slip_template(words: UnitWords) -> bytes:
    """Return the template, in the words for figures of the measure's unit."""
    document = new_document(f"{words.score}告知单", numbered=False)
    section = document.sections[0]
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)

    def add(text: str, *, font: str = FANGSONG, **more: object) -> None:
        paragraph(document, text, font=font, size=SIZE, line=LINE, **more)  # type: ignore[arg-type]

    paragraph(
        document,
        f"{{{{工作}}}}考核{words.score}告知单",
        font=TITLE_FONT,
        size=TITLE,
        align=CENTRE,
        indent=False,
        line=TITLE_LINE,
    )
    add("{{考核期}}", align=CENTRE, indent=False)
    add("{{单位名称}}（{{单位编号}}）：", indent=False)
    add("{{考核依据}}")
    add("{{得分说明}}")
    shares = list(zip(COLUMNS, (3, 2, 2), strict=True))
    add_table(document, "得分项", shares, WIDTH, TABLE, titles_of(words))
    for row in document.tables[0].rows:
        for cell in row.cells:
            for one in cell.paragraphs:
                one.paragraph_format.line_spacing = Pt(ROW)
    for heading, field in (
        (f"一、{words.less}和原因", "{{扣分}}"),
        (f"二、{words.more}情况", "{{加分}}"),
        ("三、尚未确定的事项", "{{待定}}"),
        ("四、异议", "{{异议}}"),
    ):
        headed = paragraph(document, heading, font=HEITI, size=SIZE, line=LINE)
        if field == "{{扣分}}":
            headed.paragraph_format.space_before = Pt(AFTER_TABLE)
        add(field)
    for text in ("{{署名}}", "{{成文日期}}"):
        signature = paragraph(document, text, size=SIZE, line=LINE, align=RIGHT, indent=False)
        signature.paragraph_format.right_indent = Pt(4 * SIZE)
    paragraph(document, "{{台账证明}}", size=PROOF, indent=False, align=LEFT, line=PROOF_LINE)
    return finished(document)
