"""Makes `template.docx` after GB/T 9704-2012: `python -m cli.output.bulletin.layout FILE`.

The office changes the template in Word; this is how the one that ships came about.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from cli.output.bulletin.annex import annex
from cli.output.bulletin.paragraphs import (
    BODY,
    FANGSONG,
    HEITI,
    KAITI,
    TITLE,
    TITLE_FONT,
    font,
    page_number,
    paragraph,
)

if TYPE_CHECKING:
    from docx.document import Document as Doc

MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}
"""5.2.1: millimetres of an A4 page (210 × 297), which leave 156 × 225 for the type."""

_LEFT, _CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_SECTIONS = (
    ("总体情况", ["{{ summary }}"], None),
    ("季度排名", ["{{ ranking }}"], None),
    ("与上季度比较", None, "changes"),
    ("扣分情况", None, "deductions"),
    ("奖分和罚分情况", None, "rewards"),
    ("评先评优资格和一票否决情况", None, "flags"),
    ("待办事项", None, "open"),
    ("前期通报更正情况", None, "restated"),
)


def _loop(document: Doc, name: str, *, empty: str = "本季度无。", last: bool = False) -> None:
    """A paragraph for each text of a list; one that says so where there is none.

    Args:
        document: the template.
        name: the list's.
        empty: what stands where it is empty.
        last: whether the signature follows, which must not stand on a page without text.
    """
    paragraph(document, f"{{%p for text in {name} %}}")
    if last:
        paragraph(document, "{%p if loop.last %}")
        paragraph(document, "{{ text }}").paragraph_format.keep_with_next = True
        paragraph(document, "{%p else %}")
    paragraph(document, "{{ text }}")
    if last:
        paragraph(document, "{%p endif %}")
    paragraph(document, "{%p else %}")
    paragraph(document, empty).paragraph_format.keep_with_next = last
    paragraph(document, "{%p endfor %}")


def _head(document: Doc) -> None:
    """Number and signer left open over the red line (7.2), title, addressees."""
    made = paragraph(document, "　　　　〔{{ year }}〕　　号\t签发人：　　　　", indent=False)
    made.paragraph_format.tab_stops.add_tab_stop(Mm(104))
    border = '<w:pBdr {}><w:bottom w:val="single" w:sz="12" w:space="6" w:color="FF0000"/></w:pBdr>'
    made._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - no other way
        parse_xml(border.format(nsdecls("w"))), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )
    paragraph(document, "", indent=False)
    paragraph(document, "", indent=False)
    for text in ("关于{{ quarter }}", "信访工作考核情况的通报"):
        paragraph(document, text, face=TITLE_FONT, size=TITLE, align=_CENTRE, indent=False, line=36)
    paragraph(document, "", indent=False)
    paragraph(document, "各村（场）、社区：", indent=False)
    paragraph(
        document,
        "根据《{{ measure }}》（{{ measure_number }}），现将{{ quarter }}"
        "（{{ starts }}至{{ ends }}）信访工作考核情况通报如下。"
        "考核数据以核定的为准，截至{{ through }}。",
    )


def _sections(document: Doc) -> None:
    """一、黑体 →（一）楷体 (7.3.3)."""
    for number, (title, texts, name) in zip("一二三四五六七八", _SECTIONS, strict=True):
        heading = paragraph(document, f"{number}、{title}", face=HEITI)
        heading.paragraph_format.keep_with_next = True
        for text in texts or ():
            paragraph(document, text)
        if name == "deductions":
            paragraph(document, "{%p for one in deductions %}")
            paragraph(document, "{{ one.number }}{{ one.title }}（{{ one.citation }}）", face=KAITI)
            paragraph(document, "{{ one.counted }}")
            paragraph(document, "{%p else %}")
            paragraph(document, "本季度无。")
            paragraph(document, "{%p endfor %}")
        elif name == "rewards":
            for words, one in (("（一）奖分", "rewards"), ("（二）罚分", "penalties")):
                paragraph(document, words, face=KAITI)
                _loop(document, one)
        elif name is not None:
            _loop(document, name, empty="无。", last=name == "restated")


def _close(document: Doc) -> None:
    """附件说明 (7.3.4); signature, seal and date left open (7.3.5)."""
    kept = [paragraph(document, "", indent=False)]
    kept.append(paragraph(document, "附件：{{ quarter }}信访工作考核得分表"))
    kept.extend(paragraph(document, "", indent=False) for _ in range(3))
    for blank in kept:
        # With the last of the text: no page holds the signature alone.
        blank.paragraph_format.keep_with_next = True
    for text in ("（署名、印章）", "　　　　年　　月　　日"):
        made = paragraph(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
        made.paragraph_format.keep_together = True
        made.paragraph_format.right_indent = Pt(4 * BODY)


def _page(document: Doc) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(MARGINS["top"]), Mm(MARGINS["bottom"])
    section.left_margin, section.right_margin = Mm(MARGINS["left"]), Mm(MARGINS["right"])
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    page_number(section.even_page_footer, _LEFT)


def template() -> Doc:
    """The template."""
    document = Document()
    normal = document.styles["Normal"]
    font(normal, FANGSONG, BODY)
    properties = document.core_properties
    properties.author = properties.last_modified_by = "tally"
    properties.title, properties.comments = "季度通报", ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    _page(document)
    _head(document)
    _sections(document)
    _close(document)
    annex(document)
    return document


if __name__ == "__main__":
    template().save(str(Path(sys.argv[1])))
