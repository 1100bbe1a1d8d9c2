"""The office may change the bulletin's template; a wrong one is refused."""

from __future__ import annotations

import re
from datetime import date

import pytest
from docx import Document

from cli.output.bulletin import template_of
from cli.output.bulletin.wording import context
from cli.session import session
from projections.bulletin import bulletin
from projections.measure import built_in
from projections.query import ScoreQuery
from tests.cli.entries import batch
from tests.cli.running import ROOT
from tests.office.documents import write_bulletin
from tests.office.workbooks import rewrite


def test_fills_a_changed_template(tally):
    path = tally.folder / "own.docx"
    tally("template", path).ok()
    document = Document(str(path))
    document.paragraphs[0].runs[0].text = "钱粮湖镇 {{ period }} {{ position }}"
    document.save(str(path))
    found = write_bulletin(tally, "2016Q1", "--template", path)
    assert found.paragraphs[0].text == "钱粮湖镇 2016年度第一季度 5"


def test_refuses_a_workbook_of_a_years_bulletin(tally):
    """The option was passed over without a word."""
    path = tally.folder / "t.xlsx"
    run = tally("template", path, "--of-year").refused()
    assert "--of-year: goes with FILE.docx" in run.err
    assert not path.exists()


def test_refuses_to_overwrite_the_template(tally):
    path = tally.folder / "own.docx"
    tally("template", path).ok()
    before = path.read_bytes()
    run = tally("bulletin", "2016Q1", "-o", path, "--template", path).refused()
    assert run.err == f"tally: -o: {path} is the template itself; name another file\n"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("tag", "message"),
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
def test_refuses_a_wrong_tag_and_writes_nothing(tally, tag, message):
    document = Document()
    document.add_paragraph(tag)
    path = tally.folder / "own.docx"
    document.save(str(path))
    run = tally("bulletin", "2016Q1", "-o", tally.folder / "b.docx", "--template", path).refused()
    assert message in run.err
    assert not (tally.folder / "b.docx").exists()


def usual_template():
    """Return the template of the bulletins of the built-in measure's quarters."""
    return template_of(built_in(), of_year=False, ranked=True)


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
    name = "<w:p>&甲{{ position }}"
    empty.take_in({"kind": "unit", "id": "V001", "name": name, "type": "village"})
    assert write_bulletin(empty, "2016Q1").tables[0].rows[1].cells[1].text == name


def test_docs_list_exactly_the_names_that_a_template_may_use(tally):
    """The table of `docs/office.md`."""
    tally.take_in(batch(occurred_at="2016-01-05T09:00"))
    with session(tally.url) as opened:
        scores = opened.loader.scores(ScoreQuery(2016, date(2016, 2, 29)), postings=True).scores
        figures = bulletin(scores, 1, opened.ledger.state())
        values = context(figures, built_in(), None)
    lines = (ROOT / "docs/office.md").read_text(encoding="utf-8").splitlines()
    table = {line.split("|")[1].strip(): line for line in lines if line.startswith("| `")}
    named = {name for cell in table for name in re.findall(r"`(\w+)`", cell)}
    assert named == set(values)
    sections = {"basic_work", "abnormal_petitions", "rewards", "penalties"}
    of_columns = {"rows": {"basic_work", "p1"}, "deductions": set(), "beside": set()}
    for name, examples in of_columns.items():
        inner = set(re.findall(r"`(\w+)`", table[f"`{name}`"])) - {name} - examples
        assert inner == set(values[name][0]) - sections
