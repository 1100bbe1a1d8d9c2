"""The bulletin has the layout of GB/T 9704-2012, whose clauses are named here."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tests.office.documents import text_of
from tests.office.test_bulletin import today


def test_page_has_the_size_and_margins_of_the_standard(notice):
    """A4 with margins of 37, 35, 28 and 26 mm (5.2.1)."""
    (section,) = notice.sections
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    for length, wanted in zip(margins, (37, 35, 28, 26), strict=True):
        assert abs(length - Mm(wanted)) < Mm(0.05)
    assert abs(section.page_width - Mm(210)) < Mm(0.05)
    assert abs(section.page_height - Mm(297)) < Mm(0.05)


def layout_of(paragraph):
    """Return font, size and line spacing (points), indent (characters), from XML."""
    run = paragraph.runs[0]._r.rPr
    fonts = {run.rFonts.get(qn(f"w:{script}")) for script in ("eastAsia", "ascii", "hAnsi")}
    spacing, indent = paragraph._p.pPr.find(qn("w:spacing")), paragraph._p.pPr.find(qn("w:ind"))
    assert spacing.get(qn("w:lineRule")) == "exact"
    first = None if indent is None else indent.get(qn("w:firstLineChars"))
    (font,) = fonts
    size = int(run.find(qn("w:sz")).get(qn("w:val"))) / 2
    return font, size, int(spacing.get(qn("w:line"))) / 20, first


def test_body_title_and_headings_have_their_fonts(notice):
    by_text = {one.text: one for one in notice.paragraphs if one.text}
    body = next(one for text, one in by_text.items() if text.startswith("根据"))
    assert layout_of(body) == ("仿宋_GB2312", 16, 28.95, "200")
    for line in ("关于2016年度第二季度", "信访工作考核情况的通报"):
        assert layout_of(by_text[line])[:2] == ("方正小标宋简体", 22)
        assert by_text[line].alignment == 1
    headings = [one for text, one in by_text.items() if re.match("[一二三四五六七八]、", text)]
    assert len(headings) == 8
    assert {layout_of(one) for one in headings} == {("黑体", 16, 28.95, "200")}
    second = [one for text, one in by_text.items() if re.match("（[一二三四]）", text)]
    assert len(second) >= 4
    assert {layout_of(one) for one in second} == {("楷体_GB2312", 16, 28.95, "200")}
    assert layout_of(by_text["附件"])[:2] == ("黑体", 16)
    assert by_text["附件"].paragraph_format.page_break_before


def test_number_signer_and_seal_are_left_open(notice):
    text = text_of(notice)
    assert f"〔{today().year}〕　　号" in text
    assert "签发人：　" in text
    assert "（发文机关标志）" in text
    assert "（署名、印章）" in text
    assert "年　　月　　日" in text


def test_table_repeats_its_header_and_breaks_no_row(notice):
    rows = notice.tables[0].rows
    assert rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_page_numbers_are_right_on_odd_pages_and_left_on_even_ones(notice):
    (section,) = notice.sections
    assert notice.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
        assert footer.paragraphs[0].alignment == side
        assert "PAGE" in footer._element.xml
        assert footer.paragraphs[0].runs[0].font.size == Pt(14)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_converts_it_to_pdf(notice, tmp_path):
    path = tmp_path / "b.docx"
    notice.save(str(path))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=120)
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
