"""The office may change the papers' templates; a wrong one is refused by the name of the field."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.shared import Pt

from cli.office import Office
from cli.output.documents.entry_names import EntryNames
from cli.output.documents.filling import STYLES, Blocks, Table
from cli.output.documents.making import computed
from cli.output.documents.slips import slips_of
from cli.output.documents.wording import bulletin_values
from cli.parameters.times import Period
from cli.session import session, today
from projections.query import ScoreQuery
from tests.cli.entries import batch
from tests.cli.running import ROOT, Tally
from tests.office.documents import rows_of, write_bulletin
from tests.office.workbooks import rewrite


@pytest.fixture
def own(tally):
    """Return the path of the program's template of the ledger."""
    path = tally.folder / "own.docx"
    tally("template", path).ok()
    return path


def changed(path, change):
    """Change the template in place as Word does."""
    document = Document(str(path))
    change(document)
    document.save(str(path))
    return path


def paragraph_with(document, text):
    return next(one for one in document.paragraphs if text in one.text)


def refused(tally, path):
    out = tally.folder / "b.docx"
    run = tally("bulletin", "2016Q1", "-o", out, "--template", path).refused()
    assert not out.exists()
    return run.err.replace("\n", "")


def test_fills_a_changed_template(tally, own):
    """Text of the office's own, a field twice, and the format of a sample paragraph."""

    def change(document):
        document.paragraphs[0].runs[0].text = "钱粮湖镇{{ 考核期 }}（{{考核期}}）"
        paragraph_with(document, "{{正文.段落}}").runs[0].font.size = Pt(18)

    found = write_bulletin(tally, "2016Q1", "--template", changed(own, change))
    assert found.paragraphs[0].text == "钱粮湖镇2016年度第一季度（2016年度第一季度）"
    told = paragraph_with(found, "本季度没有发生上访。")
    assert told.runs[0].font.size == Pt(18)


def test_fills_a_field_that_word_split_over_several_runs(tally, own):
    """Word begins a run wherever one has typed or the spelling was checked."""

    def change(document):
        paragraph = document.paragraphs[0]
        first = paragraph.runs[0]
        first.text = "之前{"
        for text in ("{考", "核期", "}", "}之后{{年度}}"):
            copied = deepcopy(first._r)
            paragraph._p.append(copied)
            paragraph.runs[-1].text = text

    found = write_bulletin(tally, "2016Q1", "--template", changed(own, change))
    assert found.paragraphs[0].text == "之前2016年度第一季度之后2016"


def test_tells_a_missing_field_by_name(tally, own):
    def change(document):
        paragraph_with(document, "{{台账证明}}").runs[0].text = ""
        paragraph_with(document, "{{正文.小标题}}").runs[0].text = "（一）"

    message = refused(tally, changed(own, change))
    assert "own.docx: lacks {{正文.小标题}}, {{台账证明}}, which it must have" in message
    assert "`tally template FILE.docx` writes one" in message


def test_tells_an_unknown_field_by_name_with_those_there_are(tally, own):
    message = refused(tally, changed(own, lambda one: one.add_paragraph("{{总分}}")))
    assert "has the unknown field {{总分}}; the fields are 发文机关标志, 文号" in message


@pytest.mark.parametrize("text", ["{{考核期", "考核期}}", "{% for one in x %}"])
def test_refuses_a_broken_field(tally, own, text):
    message = refused(tally, changed(own, lambda one: one.add_paragraph(text)))
    assert "has a broken field in" in message


def test_fills_headers_and_cells_of_the_offices_own_tables(tally, own):
    def change(document):
        document.sections[0].header.paragraphs[0].text = "{{考核期}}"
        document.add_table(rows=1, cols=1).rows[0].cells[0].text = "{{版次说明}}"

    found = write_bulletin(tally, "2016Q1", "--template", changed(own, change))
    assert found.sections[0].header.paragraphs[0].text == "2016年度第一季度"
    assert found.tables[-1].rows[0].cells[0].text == ""


def test_the_template_of_slips_is_changed_likewise(tally):
    path, out = tally.folder / "slip.docx", tally.folder / "s.docx"
    tally("template", path, "--slip").ok()
    changed(path, lambda one: one.add_paragraph("联系人：{{单位名称}}"))
    tally("slip", "--all", "2016Q1", "-o", out, "--template", path).ok()
    found = [one.text for one in Document(str(out)).paragraphs if "联系人" in one.text]
    assert found == ["联系人：甲村", "联系人：乙村"]
    out.unlink()
    changed(path, lambda one: setattr(paragraph_with(one, "{{扣分}}").runs[0], "text", ""))
    run = tally("slip", "V001", "2016Q1", "-o", out, "--template", path).refused()
    assert "slip.docx: lacks {{扣分}}, which it must have" in run.err.replace("\n", "")


@pytest.mark.parametrize("option", ["--of-year", "--last-period", "--slip"])
def test_refuses_a_workbook_of_a_papers_template(tally, option):
    """The option was passed over without a word."""
    path = tally.folder / "t.xlsx"
    run = tally("template", path, option).refused()
    assert f"{option}: goes with FILE.docx" in run.err
    assert not path.exists()


def test_refuses_templates_of_two_papers_and_of_a_last_period_where_there_is_none(tally, tmp_path):
    path = tally.folder / "t.docx"
    run = tally("template", path, "--of-year", "--last-period").refused()
    assert "--of-year: goes without --last-period" in run.err
    other = Tally(tmp_path / "other")
    other.folder.mkdir()
    other("init", "--measure", "shengzhou-2010-62").ok()
    run = other("template", path, "--last-period").refused()
    assert "--last-period: the measure of 2010 has no periods" in run.err
    assert not path.exists()


def table_row(document, name):
    """Return the row of a unit in a bulletin's table by the header of each column."""
    header, rows = rows_of(document)
    return dict(zip(header, rows[name], strict=True))


def figures(tally, unit):
    """Return a unit's score of the last quarter and of the year, as `score` has them."""
    units = {
        one["unit"]: one for one in tally("score", "--year", 2016, "--json").ok().json["units"]
    }
    return units[unit]["periods"][3]["score"], units[unit]["total"]


def test_the_template_of_a_quarter_makes_the_fourth_and_names_what_of_the_year_it_lacks(tally, own):
    quarter, total = figures(tally, "V001")
    out = tally.folder / "b.docx"
    run = tally("bulletin", "2016Q4", "-o", out, "--template", own).ok()
    row = table_row(Document(str(out)), "甲村")
    assert (row["季度得分"], row["年度累计"]) == (quarter, total)
    fields = ("年度考核", "全年奖分", "全年罚分", "年度得分", "年度名次")
    lacking = ", ".join(f"{{{{得分表.{one}}}}}" for one in fields)
    assert f"own.docx does not use {lacking}: the bulletin lacks" in run.err.replace("\n", " ")
    assert "--last-period" in run.err
    out.unlink()
    assert "note:" not in tally("bulletin", "2016Q3", "-o", out, "--template", own).ok().err


def test_the_template_of_the_last_quarter_has_the_years_figures_and_serves_all_quarters(tally):
    path, out = tally.folder / "last.docx", tally.folder / "b.docx"
    tally("template", path, "--last-period").ok()
    run = tally("bulletin", "2016Q4", "-o", out, "--template", path).ok()
    assert "note:" not in run.err
    row = table_row(Document(str(out)), "甲村")
    quarter, total = figures(tally, "V001")
    assert quarter != total
    assert (row["季度得分"], row["年度得分"], row["年度名次"]) == (quarter, total, "1")
    out.unlink()
    tally("bulletin", "2016Q1", "-o", out, "--template", path).ok()
    row = table_row(Document(str(out)), "甲村")
    assert (row["年度得分"], row["年度名次"]) == ("—", "—")


def test_a_template_with_ranks_serves_a_bulletin_without(tally, own):
    out = tally.folder / "b.docx"
    tally("bulletin", "2016Q1", "-o", out, "--template", own, "--unranked").ok()
    assert table_row(Document(str(out)), "甲村")["名次"] == "—"


@pytest.mark.parametrize(
    ("options", "period", "field"),
    [((), "2016Q1", "季度得分"), (("--of-year",), "2016", "年度得分")],
)
def test_a_template_without_the_score_is_refused_by_the_fields_name(tally, options, period, field):
    path, out = tally.folder / "own.docx", tally.folder / "b.docx"
    tally("template", path, *options).ok()

    def change(document):
        for cell in document.tables[0].rows[1].cells:
            if cell.text == f"{{{{得分表.{field}}}}}":
                cell.text = ""

    changed(path, change)
    run = tally("bulletin", period, "-o", out, "--template", path).refused()
    assert f"own.docx: lacks {{{{得分表.{field}}}}}, which it must have" in run.err
    assert not out.exists()


@pytest.mark.parametrize(
    "command", [["bulletin", "2016Q1"], ["slip", "--all", "2016Q1"], ["score", "--format", "xlsx"]]
)
def test_a_paper_that_exists_is_not_overwritten(tally, command):
    """Demands and number may have been written into it; the office's template is one too."""
    path = tally.folder / ("b.xlsx" if "xlsx" in command else "b.docx")
    path.write_bytes(b"edited")
    run = tally(*command, "-o", path).refused()
    assert run.err == f"tally: -o: {path} exists already; name a new one, or move it away\n"
    assert path.read_bytes() == b"edited"


def usual_template():
    """Return a template with one field."""
    made = BytesIO()
    document = Document()
    document.add_paragraph("{{考核期}}")
    document.save(made)
    return made.getvalue()


def with_part(part, data):
    """Return the packaged template with other bytes for a part; without it for None."""
    return rewrite(usual_template(), lambda name, old: data if name == part else old)


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"hello",
        lambda: b"PK\x05\x06" + bytes(18),
        lambda: usual_template()[:-100],
        lambda: with_part("word/document.xml", b"<w"),
        lambda: with_part("word/document.xml", None),
        lambda: with_part("_rels/.rels", b"x"),
        lambda: with_part("[Content_Types].xml", None),
    ],
)
def test_refuses_a_template_that_is_not_a_word_document(tally, make):
    data = make()
    path = tally.folder / "own.docx"
    path.write_bytes(data)
    run = tally("bulletin", "2016Q1", "-o", tally.folder / "b.docx", "--template", path).refused()
    assert "is not a Word document" in run.err


def test_a_name_is_never_markup(empty):
    """Neither XML nor a tag."""
    name = "<w:p>&甲{{考核期}}"
    empty.take_in({"kind": "unit", "id": "V001", "name": name, "type": "village"})
    assert write_bulletin(empty, "2016Q1").tables[0].rows[1].cells[1].text == name


def names_of(values):
    """Return the names of the fields, of rows and blocks with their parts."""
    found = set()
    for name, value in values.items():
        parts = [*value.columns, *value.others] if isinstance(value, Table) else STYLES
        found |= (
            {f"{name}.{part}" for part in parts} if isinstance(value, Table | Blocks) else {name}
        )
    return found


def test_docs_list_exactly_the_fields_that_a_template_may_use(tally):
    """The tables of `docs/office.md`; columns that the measure names are not listed."""
    tally.take_in(batch(occurred_at="2016-01-05T09:00"))
    with session(tally.url) as opened:
        period, query = Period(2016, "Q1"), ScoreQuery(2016)
        content, scores, proof, state = computed(opened, period, query)
        measure = scores.town.measure
        names = EntryNames(state, measure, 5, set())
        of_bulletin = bulletin_values(
            content, measure, Office(), proof, today(), names_of=names, collective_from=5
        )
        of_slip = slips_of(opened, "V001", period, query, date(2016, 6, 10)).values[0]
    text = (ROOT / "docs/office.md").read_text(encoding="utf-8")
    sections = ("基础工作", "非正常上访工作", "奖分", "罚分", "年度考核", "全年奖分", "全年罚分")
    of_measure = {f"得分表.{one}" for one in sections}
    for title, values in (("bulletin", of_bulletin), ("slip", of_slip)):
        table = text.partition(f"Fields of a {title}:")[2]
        lines = table.partition("\n\n")[2].partition("\n\n")[0].splitlines()
        cells = [line.split("|")[1] for line in lines[2:]]
        named = {name for cell in cells for name in re.findall(r"`\{\{(.+?)\}\}`", cell)}
        assert named == names_of(values) - of_measure
