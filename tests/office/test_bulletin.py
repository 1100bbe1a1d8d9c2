"""The quarterly notice: its figures are those of the scores, its layout that of GB/T 9704-2012."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cli.output.bulletin import packaged_template
from cli.output.bulletin.layout import template
from cli.output.bulletin.numerals import numeral
from cli.output.bulletin.wording import context
from cli.session import session
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.integrity.note import to_base64
from ledger.stores import open_store
from projections.bulletin import bulletin
from projections.explanation import explain_quarter
from tests.cli.entries import batch, reports
from tests.cli.running import ROOT


@pytest.fixture(scope="module")
def notice(town):
    """The bulletin of the sample year's second quarter."""
    path = town.folder / "通报.docx"
    town("bulletin", "2016Q2", "-o", path).ok()
    return Document(str(path))


def text_of(document):
    """All that can be read in it, tables too."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def made(tally, *arguments):
    path = tally.folder / "b.docx"
    tally("bulletin", *arguments, "-o", path).ok()
    return Document(str(path))


def test_the_table_is_that_of_the_scores(town, notice):
    units = town("score", "--through", "2016-05-31", "--json").ok().json["units"]
    by_name = {unit["name"]: unit for unit in units}
    (table,) = notice.tables
    rows = [[cell.text.replace("−", "-") for cell in row.cells] for row in table.rows[1:]]
    assert len(rows) == len(units) == 46
    ordered = sorted((Decimal(unit["quarters"][1]["score"]) for unit in units), reverse=True)
    for row in rows:
        unit = by_name[row[1]]
        first, quarter = unit["quarters"]
        assert row[0] == str(ordered.index(Decimal(quarter["score"])) + 1)
        assert row[2:5] == [quarter[key] for key in ("basic_work", "abnormal_petitions", "score")]
        assert row[5] == first["score"]
        assert Decimal(row[6]) == Decimal(quarter["score"]) - Decimal(first["score"])
        assert row[7:9] == [quarter["rewards"], quarter["penalties"]]
        assert row[9] == unit["total"]
        assert bool(row[10]) == (not unit["eligible"])
    assert [int(row[0]) for row in rows] == sorted(int(row[0]) for row in rows)


def test_deductions_by_clause_are_those_of_the_postings(town, notice):
    """Each clause's sum and count, from the explanations of all units."""
    sums: dict[str, list[Decimal]] = {}
    with session(town.url) as opened:
        scores = opened.scores(opened.state(), 2016, date(2016, 5, 31))
        for score in scores.units:
            for line in explain_quarter(score, scores, 2, opened.rulebook).postings:
                if line.points:
                    sums.setdefault(line.citation, []).append(line.points)
    assert len(sums) == 4
    text = text_of(notice)
    for citation, points in sums.items():
        found = re.search(rf"（{re.escape(citation)}）\n共(\d+)次，扣([\d.]+)分", text)
        assert found is not None, citation
        assert (int(found[1]), Decimal(found[2])) == (len(points), -sum(points))


def test_case_numbers_and_entries_stay_out(town, notice):
    text = text_of(notice)
    with session(town.url) as opened:
        entries = [life.entry for life in opened.state().entries.values()]
    told = {entry.id for entry in entries if entry.KIND != "unit"}
    told |= {entry.matter for entry in entries if hasattr(entry, "matter")}
    assert len(told) > 5000
    assert not [word for word in told if word in text]


def test_position_and_root_stand_at_the_foot(town, notice):
    store = open_store(town.url)
    hashes = leaf_hashes(store)
    store.close()
    foot = notice.paragraphs[-1].text
    assert f"台账序号：{len(hashes)}（截至2016年5月31日）" in foot
    assert to_base64(root_of(hashes)) in foot


def test_the_page_is_that_of_the_standard(notice):
    """GB/T 9704-2012, 5.2.1: A4, margins 37, 35, 28, 26 mm."""
    (section,) = notice.sections
    told = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    for length, wanted in zip(told, (37, 35, 28, 26), strict=True):
        assert abs(length - Mm(wanted)) < Mm(0.05)
    assert abs(section.page_width - Mm(210)) < Mm(0.05)
    assert abs(section.page_height - Mm(297)) < Mm(0.05)


def shape(paragraph):
    """Font, size and spacing in points, indent in characters, from the XML itself."""
    run = paragraph.runs[0]._r.rPr
    fonts = {run.rFonts.get(qn(f"w:{script}")) for script in ("eastAsia", "ascii", "hAnsi")}
    spacing, indent = paragraph._p.pPr.find(qn("w:spacing")), paragraph._p.pPr.find(qn("w:ind"))
    assert spacing.get(qn("w:lineRule")) == "exact"
    first = None if indent is None else indent.get(qn("w:firstLineChars"))
    (font,) = fonts
    size = int(run.find(qn("w:sz")).get(qn("w:val"))) / 2
    return font, size, int(spacing.get(qn("w:line"))) / 20, first


def test_type_and_spacing(notice):
    by_text = {one.text: one for one in notice.paragraphs if one.text}
    body = next(one for text, one in by_text.items() if text.startswith("根据《"))
    assert shape(body) == ("仿宋", 16, 28, "200")
    for line in ("关于2016年第二季度", "信访工作考核情况的通报"):
        assert shape(by_text[line])[:2] == ("方正小标宋简体", 22)
        assert by_text[line].alignment == 1
    headings = [one for text, one in by_text.items() if re.match("[一二三四五六七八]、", text)]
    assert len(headings) == 8
    assert {shape(one) for one in headings} == {("黑体", 16, 28, "200")}
    second = [one for text, one in by_text.items() if re.match("（[一二三四]）", text)]
    assert len(second) >= 4
    assert {shape(one) for one in second} == {("楷体", 16, 28, "200")}
    assert shape(by_text["附件"])[:2] == ("黑体", 16)
    assert by_text["附件"].paragraph_format.page_break_before


def test_number_signer_and_seal_are_left_open(notice):
    text = text_of(notice)
    assert "〔2016〕　　号" in text
    assert "签发人：　" in text
    assert "（署名、印章）" in text
    assert "年　　月　　日" in text


def test_the_table_repeats_its_header_and_breaks_no_row(notice):
    rows = notice.tables[0].rows
    assert rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_page_numbers(notice):
    (section,) = notice.sections
    assert notice.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
        assert footer.paragraphs[0].alignment == side
        assert "PAGE" in footer._element.xml
        assert footer.paragraphs[0].runs[0].font.size == Pt(14)


def test_the_first_quarter_is_compared_with_none(town):
    notice = made(town, "2016Q1")
    assert "首季度，不作比较" in text_of(notice)
    assert {row.cells[5].text for row in notice.tables[0].rows[1:]} == {"—"}


def test_the_last_quarter_ends_with_the_years_total(town):
    units = town("score", "--json").ok().json["units"]
    rows = made(town, "2016Q4").tables[0].rows
    totals = {row.cells[1].text: row.cells[9].text.replace("−", "-") for row in rows}
    assert {unit["name"]: unit["total"] for unit in units}.items() <= totals.items()


def test_changes_flags_open_points_and_restatements(tally):
    """A quarter published, then a batch of it recorded late, and one that disqualifies."""
    tally.take_in(*reports("V001", "2015-12", "2016-01", "2016-02"), verify_by="head")
    tally("publish", "2016Q1", "--by", "office").ok()
    late = batch("B-1", occurred_at="2016-01-05T09:00", matter="XF-2016-秘密")
    grave = batch("B-2", level="national", headcount=8)
    tally.take_in(late, grave)
    tally.take_in(batch("B-3", occurred_at="2016-04-05T09:00"), verify_by=None)
    text = text_of(made(tally, "2016Q2"))
    assert "2016年第一季度通报的甲村季度得分20分，现更正为19分。" in text
    assert "2016年第一季度通报的甲村非正常上访工作12分，现更正为11分。" in text
    assert "甲村：取消评先评优资格（三（一）2，第二季度起）。" in text
    assert "未核定1项，涉及1个单位：甲村。" in text
    assert "材料不全2项，涉及1个单位：甲村。" in text
    assert "第一季度通报的甲村：原通报" not in text  # the flag came with the second quarter
    assert "秘密" not in text
    assert "B-1" not in text


def test_units_that_left_and_joined_since_the_publication(tally):
    """乙村 is taken back, 丁村 recorded: the edition had the one and not the other."""
    months = ("2015-12", "2016-01", "2016-02")
    tally.take_in(*reports("V001", *months), *reports("V002", *months))
    tally("publish", "2016Q1", "--by", "office").ok()
    tally("reverse", "V002", "--reason", "撤并", "--by", "clerk", "--yes").ok()
    tally("verify", "--all", "--by", "head").ok()
    tally.take_in({"kind": "unit", "id": "V004", "name": "丁村", "type": "village"})
    found = [one.text for one in made(tally, "2016Q2").paragraphs]
    # 丁村 reported nothing in three months: −1 and −3 for each leave 20 − 12.
    assert found[found.index("八、前期通报更正情况") + 1 :][:2] == [
        "2016年第一季度通报的乙村（20分），现不再参加该季度考核。",
        "2016年第一季度通报未列的丁村，现补列，季度得分8分。",
    ]


def test_quarters_of_the_year_before_are_restated_too(tally):
    """All of 甲村's 2015Q4 was in: 20 points. A batch of it comes to light a quarter later: −1."""
    tally.take_in(*reports("V001", "2015-09", "2015-10", "2015-11", "2015-12"))
    tally.take_in(*reports("V002", "2015-09", "2015-10", "2015-11"))
    tally("publish", "2015Q4", "--by", "office").ok()
    assert "无。" in text_of(made(tally, "2016Q1")).partition("八、")[2]
    tally.take_in(batch(occurred_at="2015-10-05T09:00"))
    found = [one.text for one in made(tally, "2016Q1").paragraphs]
    assert found[found.index("八、前期通报更正情况") + 1 :][:3] == [
        "2015年第四季度通报的甲村季度得分20分，现更正为19分。",
        "2015年第四季度通报的甲村非正常上访工作12分，现更正为11分。",
        "",
    ]


def test_points_below_nought_have_a_minus_that_holds_its_line(tally):
    """12 and 3 points for eight people in Beijing, 6 × 1.5 and 2 for 42 in the city."""
    many = {"level": "city", "headcount": 42, "repeated": True}
    tally.take_in(
        *reports("V001", "2015-12", "2016-01", "2016-02"),
        batch("B-1", level="national", headcount=8, occurred_at="2016-01-05T09:00"),
        batch("B-2", **many, occurred_at="2016-01-06T09:00"),
    )
    # Basic work 8 − 3 − 2, petitions 12 − 12 − 9.
    (row,) = [row for row in made(tally, "2016Q1").tables[0].rows if row.cells[1].text == "甲村"]
    assert [cell.text for cell in row.cells][2:5] == ["3", "−9", "−6"]


def test_as_known_before(tally):
    tally.take_in(*reports("V001", "2015-12", "2016-01", "2016-02"))
    position = tally.position
    tally.take_in(batch("B-1", occurred_at="2016-01-05T09:00"))
    then, now = made(tally, "2016Q1", "--as-of", position), made(tally, "2016Q1")
    assert f"台账序号：{position}（" in then.paragraphs[-1].text
    score = {name: doc.tables[0].rows[1].cells[4].text for name, doc in (("t", then), ("n", now))}
    assert score == {"t": "20", "n": "19"}


def test_the_office_changes_the_template(tally):
    path = tally.folder / "own.docx"
    tally("template", path).ok()
    document = Document(str(path))
    document.paragraphs[0].runs[0].text = "钱粮湖镇 {{ quarter }} {{ position }}"
    document.save(str(path))
    found = made(tally, "2016Q1", "--template", path)
    assert found.paragraphs[0].text == "钱粮湖镇 2016年第一季度 4"


def test_the_template_itself_is_not_written_over(tally):
    path = tally.folder / "own.docx"
    tally("template", path).ok()
    before = path.read_bytes()
    run = tally("bulletin", "2016Q1", "-o", path, "--template", path).refused()
    assert run.err == f"tally: -o: {path} is the template itself; name another file\n"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("{{ nonsense }}", "has a wrong tag: 'nonsense' is undefined"),
        ("{{ title ", "has a wrong tag"),
        ("{{ ''.__class__.__mro__ }}", "has a wrong tag"),
        ("{{ 1 / 0 }}", "has a wrong tag: division by zero"),
        ("{% for one in position %}{% endfor %}", "has a wrong tag: 'int' object is not iterable"),
        ("{% for one in range(10**9) %}{% endfor %}", "has a wrong tag: Range too big"),
        ("{{ summary() }}", "has a wrong tag: 'str' object is not callable"),
        ("{{ '%d' % summary }}", "has a wrong tag: %d format"),
        ("{{ summary|nonsense }}", "has a wrong tag: No filter named 'nonsense'"),
        ("{% include 'x' %}", "has a wrong tag"),
        ("{%p endfor %}", "has a wrong tag"),
    ],
)
def test_a_wrong_tag_is_told(tally, tag, words):
    document = Document()
    document.add_paragraph(tag)
    path = tally.folder / "own.docx"
    document.save(str(path))
    run = tally("bulletin", "2016Q1", "-o", tally.folder / "b.docx", "--template", path).refused()
    assert words in run.err
    assert not (tally.folder / "b.docx").exists()


def broken(part, data):
    """The program's own template with one part of it broken; None: gone."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, told in {**parts(packaged_template()), part: data}.items():
            if told is not None:
                archive.writestr(name, told)
    return made.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"hello",
        lambda: b"PK\x05\x06" + bytes(18),
        lambda: packaged_template()[:-100],
        lambda: broken("word/document.xml", b"<w"),
        lambda: broken("word/document.xml", None),
        lambda: broken("_rels/.rels", b"x"),
        lambda: broken("[Content_Types].xml", None),
    ],
)
def test_a_template_that_is_no_document(tally, make):
    data = make()
    path = tally.folder / "own.docx"
    path.write_bytes(data)
    run = tally("bulletin", "2016Q1", "-o", tally.folder / "b.docx", "--template", path).refused()
    assert "is not a Word document" in run.err


def test_refusals(tally):
    out = tally.folder / "b.docx"
    for quarter in ("2016", "0000Q1"):
        told = tally("bulletin", quarter, "-o", out).misused().err
        assert f"'{quarter}' is not a quarter; write 2016Q2" in told
    assert "b.doc must end in .docx" in tally("bulletin", "2016Q1", "-o", "b.doc").misused().err
    early = ("--through", "2016-01-31")
    assert "has not begun" in tally("bulletin", "2016Q2", "-o", out, *early).refused().err
    assert "no unit counts" in tally("bulletin", "2016Q1", "-o", out, "--as-of", 0).refused().err
    missing = ("--template", tally.folder / "none.docx")
    assert "No such file" in tally("bulletin", "2016Q1", "-o", out, *missing).refused().err


def test_a_name_is_never_markup(empty):
    name = "<w:p>&甲{{ position }}"
    empty.take_in({"kind": "unit", "id": "V001", "name": name, "type": "village"})
    assert made(empty, "2016Q1").tables[0].rows[1].cells[1].text == name


def parts(data):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_template_that_ships_is_the_one_that_is_made():
    made_now = BytesIO()
    template().save(made_now)
    assert parts(made_now.getvalue()) == parts(packaged_template())


def test_the_docs_name_all_that_a_template_may_name(tally):
    """And nothing else: what stands in the table of `docs/office.md` can be written so."""
    tally.take_in(batch(occurred_at="2016-01-05T09:00"))
    with session(tally.url) as opened:
        scores = opened.scores(opened.state(), 2016, date(2016, 2, 29))
        said = bulletin(scores, 1, opened.state(), opened.rulebook)
        words = context(said, opened.rulebook, None)
    lines = (ROOT / "docs/office.md").read_text(encoding="utf-8").splitlines()
    table = {line.split("|")[1].strip(): line for line in lines if line.startswith("| `")}
    named = {name for cell in table for name in re.findall(r"`(\w+)`", cell)}
    assert named == set(words)
    for name in ("rows", "deductions"):
        inner = set(re.findall(r"`(\w+)`", table[f"`{name}`"])) - {name}
        assert inner == set(words[name][0])


def test_numbers_in_chinese():
    told = [numeral(number) for number in (1, 9, 10, 11, 20, 21, 99)]
    assert told == ["一", "九", "十", "十一", "二十", "二十一", "九十九"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(notice, tmp_path):
    path = tmp_path / "b.docx"
    notice.save(str(path))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=120)
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
