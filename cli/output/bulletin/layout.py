"""Make the Word template of a measure's bulletins.

The layout follows GB/T 9704-2012; the numbers in docstrings are its clauses. The office changes its
own copy in Word.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from cli.output.bulletin.annex import add_annex
from cli.output.bulletin.numerals import numeral
from cli.output.bulletin.paragraphs import (
    BODY,
    FANGSONG,
    HEITI,
    KAITI,
    TITLE,
    TITLE_FONT,
    add_page_number,
    paragraph,
    set_font,
)
from cli.output.bulletin.terms import joined, terms_of

if TYPE_CHECKING:
    from docx.document import Document as Doc

    from projections.measure import Measure

_LEFT, _CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER


def _sections(measure: Measure, *, of_year: bool, ranked: bool) -> list[tuple[str, str]]:
    """Return each heading with the name of the text, list or first list below it."""
    terms = terms_of(measure, of_year=of_year)
    counted = [one for one in measure.sections.values() if one.of != "beside"]
    costs_alone = all(one.opening > 0 for one in counted if of_year or one.of == "period")
    found = [("总体情况", "summary"), (f"{terms.noun}{'排名' if ranked else '得分'}", "ranking")]
    if not of_year:
        found.append((f"与{terms.former}比较", "changes"))
    found.append((terms.changes(costs_alone=costs_alone), "deductions"))
    if measure.beside_a_period:
        titles = [one.title.zh for one in measure.beside_a_period]
        found.append((f"{joined(titles)}情况", "beside"))
    if measure.flags:
        titles = [one.title.zh for one in measure.flags.values()]
        found.append((f"{joined(titles)}情况", "flags"))
    return [*found, ("待办事项", "open"), ("前期通报更正情况", "restated")]


def _add_loop(document: Doc, name: str, empty: str, *, last: bool = False) -> None:
    """Add the tags for a paragraph for each text of a list.

    Args:
        document: the template.
        name: the list's name.
        empty: the text for an empty list.
        last: whether the signature follows, which needs some text on its page.
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


def _add_head(document: Doc) -> None:
    """Add number and signer, left open, over the red line (7.2); title; addressees."""
    number = paragraph(document, "　　　　〔{{ year }}〕　　号\t签发人：　　　　", indent=False)
    number.paragraph_format.tab_stops.add_tab_stop(Mm(104))
    border = '<w:pBdr {}><w:bottom w:val="single" w:sz="12" w:space="6" w:color="FF0000"/></w:pBdr>'
    number.runs[0].element.getparent().get_or_add_pPr().insert_element_before(
        parse_xml(border.format(nsdecls("w"))), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )
    paragraph(document, "", indent=False)
    paragraph(document, "", indent=False)
    for words in ("关于{{ period }}", "{{ subject }}考核情况的通报"):
        paragraph(
            document, words, font=TITLE_FONT, size=TITLE, align=_CENTRE, indent=False, line=36
        )
    paragraph(document, "", indent=False)
    paragraph(document, "{{ addressees }}：", indent=False)
    cited = "{% if measure_number %}（{{ measure_number }}）{% endif %}"
    paragraph(
        document,
        f"根据{{{{ issuer }}}}《{{{{ measure }}}}》{cited}，现将{{{{ period }}}}"
        "（{{ starts }}至{{ ends }}）{{ subject }}考核情况通报如下。"
        "考核数据以核定的为准，截至{{ through }}。",
    )


def _add_sections(document: Doc, measure: Measure, *, of_year: bool, ranked: bool) -> None:
    """Add the sections: headings 一、 in 黑体, （一） in 楷体 (7.3.3)."""
    none = f"{terms_of(measure, of_year=of_year).this}无。"
    sections = _sections(measure, of_year=of_year, ranked=ranked)
    for number, (title, name) in enumerate(sections, 1):
        _add_heading(document, f"{numeral(number)}、{title}")
        if name in {"summary", "ranking"}:
            paragraph(document, f"{{{{ {name} }}}}")
        elif name == "deductions":
            paragraph(document, "{%p for one in deductions %}")
            paragraph(document, "{{ one.number }}{{ one.title }}（{{ one.citation }}）", font=KAITI)
            paragraph(document, "{{ one.counted }}")
            paragraph(document, "{%p else %}")
            paragraph(document, none)
            paragraph(document, "{%p endfor %}")
        elif name == "beside":
            paragraph(document, "{%p for one in beside %}")
            paragraph(document, "{{ one.number }}{{ one.title }}", font=KAITI)
            _add_loop(document, "one.texts", none)
            paragraph(document, "{%p endfor %}")
        else:
            last = name == "restated"
            _add_loop(document, name, none if name in {"changes", "flags"} else "无。", last=last)
    paragraph(document, "{%p if notes_of_law %}")
    _add_heading(document, f"{numeral(len(sections) + 1)}、有关法律政策")
    _add_loop(document, "notes_of_law", "无。", last=True)
    paragraph(document, "{%p endif %}")


def _add_heading(document: Doc, text: str) -> None:
    paragraph(document, text, font=HEITI).paragraph_format.keep_with_next = True


def _add_close(document: Doc) -> None:
    """Add the list of annexes (7.3.4); signature, seal and date left open (7.3.5)."""
    kept = [paragraph(document, "", indent=False)]
    kept.append(paragraph(document, "附件：{{ period }}{{ subject }}考核得分表"))
    kept.extend(paragraph(document, "", indent=False) for _ in range(3))
    for blank in kept:
        # Keep the signature on one page with the last paragraph of the text.
        blank.paragraph_format.keep_with_next = True
    for text in ("（署名、印章）", "　　　　年　　月　　日"):
        signature = paragraph(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
        signature.paragraph_format.keep_together = True
        signature.paragraph_format.right_indent = Pt(4 * BODY)


def _set_page(document: Doc) -> None:
    """Set A4 with 156 × 225 mm for text (5.2.1), and page numbers (7.5)."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    add_page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    add_page_number(section.even_page_footer, _LEFT)


def template(measure: Measure, *, of_year: bool, ranked: bool) -> bytes:
    """Return the template of the bulletins of a measure's periods, or of its years.

    Args:
        measure: the measure; it gives headings and columns.
        of_year: whether the bulletin is of a year and not of a period.
        ranked: whether the units have ranks in it.
    """
    document = Document()
    normal = document.styles["Normal"]
    set_font(normal, FANGSONG, BODY)
    properties = document.core_properties
    properties.author = properties.last_modified_by = "tally"
    properties.title, properties.comments = f"{terms_of(measure, of_year=of_year).noun}通报", ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    _set_page(document)
    _add_head(document)
    _add_sections(document, measure, of_year=of_year, ranked=ranked)
    _add_close(document)
    add_annex(document, measure, of_year=of_year, ranked=ranked)
    made = BytesIO()
    document.save(made)
    return made.getvalue()
