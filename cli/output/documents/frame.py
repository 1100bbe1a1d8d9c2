"""Lay out what surrounds the text of a notice: page, head, signature and imprint.

The numbers in docstrings are clauses of GB/T 9704-2012.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from cli.output.documents.paragraphs import (
    BODY,
    FANGSONG,
    FOURTH,
    PROOF,
    TITLE_FONT,
    add_page_number,
    fonts_named,
    paragraph,
    set_font,
)

if TYPE_CHECKING:
    from docx.document import Document as Doc

LEFT, CENTRE, RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
)
WIDTH, HEIGHT = 156, 225
"""Millimetres of a page's text (5.2.1)."""

_IMPRINT = 18
"""Millimetres of the imprint: two lines of 24 points and their rules."""

_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
"""Elements of a paragraph's properties that follow its borders."""

_RED = RGBColor(0xFF, 0, 0)
_MARK_WIDTH, _LARGEST, _SMALLEST = 436, 48, 26
"""Points of the line that the office's mark must fit in, and of its type."""


def new_document(title: str, *, numbered: bool = True) -> Doc:
    """Return an empty document: A4 with 156 × 225 mm for text (5.2.1), page numbers (7.5)."""
    document = Document()
    set_font(document.styles["Normal"], FANGSONG, BODY)
    properties = document.core_properties
    properties.author = properties.last_modified_by = "tally"
    properties.title, properties.comments = title, ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    if numbered:
        document.settings.odd_and_even_pages_header_footer = True
        add_page_number(section.footer, RIGHT)
        add_page_number(section.even_page_footer, LEFT)
    return document


def finished(document: Doc) -> bytes:
    """Return the bytes of a document, with the fonts that may stand in for its own."""
    made = BytesIO()
    document.save(made)
    return fonts_named(made.getvalue())


def turn_page(document: Doc) -> None:
    """Begin a section of pages that lie on their side, as wide tables need (7.1)."""
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(35), Mm(37)
    section.footer_distance = Mm(15)


def add_head(document: Doc, mark: str) -> None:
    """Add the office's mark, number and signer, left open, over the red line (7.2).

    Args:
        document: the template.
        mark: the mark of the office, to whose length its type is fitted; empty if none is set.
    """
    size = min(max(_MARK_WIDTH // max(len(mark), 9), _SMALLEST), _LARGEST)
    head = paragraph(
        document,
        "{{发文机关标志}}",
        font=TITLE_FONT,
        size=size,
        align=CENTRE,
        indent=False,
        line=size * 1.25,
    )
    head.runs[0].font.color.rgb = _RED
    # 35 mm from the upper edge of the text (7.2.4), less what the type has above its letters.
    head.paragraph_format.space_before = Mm(33)
    for _ in range(2):
        paragraph(document, "", indent=False)
    number = paragraph(document, "{{文号}}\t签发人：{{签发人}}", indent=False)
    number.paragraph_format.left_indent = Pt(BODY)
    number.paragraph_format.tab_stops.add_tab_stop(Mm(100))
    border = (
        '<w:pBdr {}><w:bottom w:val="single" w:sz="12" w:space="11" w:color="FF0000"/></w:pBdr>'
    )
    line = paragraph(document, "", indent=False, line=4)
    line.runs[0].element.getparent().get_or_add_pPr().insert_element_before(
        parse_xml(border.format(nsdecls("w"))), *_AFTER_BORDERS
    )
    for _ in range(2):
        paragraph(document, "", indent=False)


def add_signature(document: Doc, annex: str | None) -> None:
    """Add the list of annexes (7.3.4) and the signature, with room for the seal (7.3.5)."""
    kept = [paragraph(document, "", indent=False)]
    if annex is not None:
        kept.append(paragraph(document, f"附件：{annex}"))
    kept.extend(paragraph(document, "", indent=False) for _ in range(2))
    for one in kept:
        # Keep the signature on one page with the last paragraph of the text.
        one.paragraph_format.keep_with_next = True
    for text in ("{{署名}}", "{{成文日期}}"):
        signature = paragraph(document, text, align=RIGHT, indent=False)
        signature.paragraph_format.keep_together = True
        signature.paragraph_format.keep_with_next = text == "{{署名}}"
        signature.paragraph_format.right_indent = Pt(4 * BODY)


_BOX = """<w:drawing {word} xmlns:wp="{draw}/wordprocessingDrawing" xmlns:a="{draw}/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0"
 locked="0" layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="{width}" cy="{height}"/><wp:wrapTopAndBottom/><wp:docPr id="1" name="版记"/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>
<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>
<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent/></wps:txbx>
<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/></wps:wsp>
</a:graphicData></a:graphic></wp:anchor></w:drawing>"""
"""A box of text at the foot of the page that it is anchored on (ISO/IEC 29500-1, 20.4.2.3)."""


def add_imprint(document: Doc, width: float) -> None:
    """Add whom copies go to, who printed it and when, at the foot of the last page (7.4).

    Args:
        document: the template.
        width: millimetres of the page's text.
    """
    copies = paragraph(document, "　抄送：{{抄送}}", size=FOURTH, indent=False, align=LEFT, line=24)
    printed = "　{{印发机关}}\t{{印发日期}}印发"
    sent = paragraph(document, printed, size=FOURTH, indent=False, align=LEFT, line=24)
    sent.paragraph_format.tab_stops.add_tab_stop(Mm(width) - Pt(FOURTH), WD_TAB_ALIGNMENT.RIGHT)
    for one, lines in ((copies, {"top": 8, "bottom": 6}), (sent, {"bottom": 8})):
        # Rules of 0.35 and 0.25 mm, as wide as the text.
        borders = "".join(
            f'<w:{side} w:val="single" w:sz="{size}" w:space="1"/>' for side, size in lines.items()
        )
        properties = one.paragraph_format.element.get_or_add_pPr()
        ruled = parse_xml(f"<w:pBdr {nsdecls('w')}>{borders}</w:pBdr>")
        properties.insert_element_before(ruled, *_AFTER_BORDERS)
    anchor = paragraph(document, "", size=PROOF, indent=False, line=PROOF)
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    sizes = {"width": Mm(width), "height": Mm(_IMPRINT)}
    box = parse_xml(_BOX.format(word=nsdecls("w"), draw=drawing, **sizes))
    (content,) = box.iter(qn("w:txbxContent"))
    content.extend([copies.paragraph_format.element, sent.paragraph_format.element])
    anchor.runs[0].element.append(box)
