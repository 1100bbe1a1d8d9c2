"""Workbooks show the figures of the JSON, and no text becomes a formula."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from cli.output.workbooks.book import MOST_CHARACTERS, NAME_LENGTH, Book
from tests.cli.entries import OF_EACH_KIND, batch

QUARTERS = [f"2016年度第{one}季度" for one in "一二三四"]

FORMULA_LIKE = [
    "=1+1",
    "@SUM(A1:A9)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "http://a.b",
    "{=1}",
    "\t=1",
    "1e5",
]


@pytest.fixture(scope="module")
def year(town):
    """Return the workbook of the sample year."""
    path = town.folder / "scores.xlsx"
    town("score", "--format", "xlsx", "-o", path).ok()
    return openpyxl.load_workbook(path)


def cells(sheet, first=3):
    return list(sheet.iter_rows(min_row=first, values_only=True))


def number(cell):
    return None if cell is None else Decimal(str(cell))


def test_ranking_equals_the_json(town, year):
    scores = town("score", "--json").ok().json
    assert year.sheetnames[:6] == ["排名", "图表", *QUARTERS]
    rows = cells(year["排名"])
    assert len(rows) == len(scores["units"]) == 46
    for row, unit in zip(rows, scores["units"], strict=True):
        quarters = [Decimal(quarter["score"]) for quarter in unit["periods"]]
        assert row[:3] == (unit["rank"], unit["unit"], unit["name"])
        assert [number(cell) for cell in row[3:7]] == quarters
        sums = [Decimal(unit["sections"][key]) for key in ("inspection", "rewards", "penalties")]
        assert [number(cell) for cell in row[7:11]] == [*sums, Decimal(unit["total"])]
        assert bool(row[11]) == (not unit["eligible"])
        assert (row[12] or 0) == len(unit["open"])
    assert f"台账序号{scores['position']}" in year["排名"]["A1"].value


def test_published_points_are_numbers(tally):
    """As text they would be missing from sums, and be sorted behind all numbers."""
    tally.take_in(batch())
    tally.publish("2016Q2")
    tally.take_in(batch("B-2", matter="XF-2016-002"))
    path = tally.folder / "s.xlsx"
    tally("score", "--year", 2016, "--format", "xlsx", "-o", path).ok()
    (unit,) = [one for one in tally("score", "--json").ok().json["units"] if one["unit"] == "V001"]
    sheet = openpyxl.load_workbook(path)[QUARTERS[1]]
    at = [cell.value for cell in sheet[2]].index("已发布得分")
    (cell,) = [row[at] for row in sheet.iter_rows(min_row=3) if row[at].value is not None]
    published = Decimal(unit["periods"][1]["published"]["score"])
    assert (cell.data_type, number(cell.value)) == ("n", published)


def test_postings_add_up_to_the_scores_of_the_quarters(town, year):
    scores = {
        (unit["unit"], quarter["period"]): Decimal(quarter["score"])
        for unit in town("score", "--json").ok().json["units"]
        for quarter in unit["periods"]
    }
    names = {f"{zh}季度": f"2016Q{at}" for at, zh in enumerate("一二三四", 1)}
    for sheet, name in zip(QUARTERS, names.values(), strict=True):
        for row in cells(year[sheet]):
            assert number(row[4]) == scores[row[0], name] == number(row[2]) + number(row[3])
    sums: dict[tuple[str, str], Decimal] = {}
    for unit, _, quarter, citation, _, points, *_ in cells(year["计分明细"]):
        if quarter and citation.startswith("三（一）"):
            key = unit, names[quarter]
            sums[key] = sums.get(key, Decimal(20)) + number(points)
    # Rows of no points are left out; 基础工作 and 非正常上访工作 open at 8 and 12.
    assert {key: sums.get(key, Decimal(20)) for key in scores} == scores
    assert len(sums) > 40


def test_the_items_of_the_inspection_are_a_table_of_numbers(town, year):
    """13 items for each of 46 units; as rows of the postings they filled 20 sheets of paper."""
    units = town("score", "--json").ok().json["units"]
    header, *rows = year["年度考核"].iter_rows(min_row=2, values_only=True)
    assert (len(header), header[2], header[-1]) == (16, "工作部署与计划", "各项合计")
    for row, unit in zip(rows, units, strict=True):
        points = [number(cell) for cell in row[2:-1] if cell is not None]
        assert row[0] == unit["unit"]
        assert sum(points) == number(row[-1]) == Decimal(unit["sections"]["inspection"])
    assert not [row for row in cells(year["计分明细"]) if row[3].startswith("三（二）")]


def test_no_row_of_the_postings_is_of_no_points(year):
    rows = cells(year["计分明细"])
    assert rows
    assert all(row[5] for row in rows)
    note = "；“年度考核”另表，未列的项均为0分）"
    assert year["计分明细"]["A1"].value.endswith(note)


def test_freezes_headers_and_sets_up_pages(year):
    for name in ("排名", QUARTERS[0], "计分明细", "待办事项"):
        sheet = year[name]
        assert sheet.freeze_panes == "A3", name
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.page_setup.paperSize == 9
        is_lying = sheet.page_setup.orientation == "landscape"
        assert is_lying == (name == "计分明细")
        assert sheet.auto_filter.ref is not None
        usual = sheet.sheet_format.defaultRowHeight
        rows = range(1, sheet.max_row + 1)
        heights = [sheet.row_dimensions[one].height or usual for one in rows]
        assert min(heights) >= 15


def test_draws_a_native_chart(town):
    """It refers to the cells of the ranking."""
    with zipfile.ZipFile(town.folder / "scores.xlsx") as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert chart.count("<c:ser>") == 6
    assert "$C$3:$C$48" in chart


_ENGLISH = re.compile(r"\b(?!XF-|SR-|IR-|CR-|UR-)[a-z]{2,}\b")
"""Matches an English word; ids are no words."""


_ISO = re.compile(r"(?<![\w-])\d{4}-\d\d")
"""Matches a day or month as it is stored."""


def _figures(working):
    """Return the figures of a working, the same in any language and order; quarters by name."""
    working = re.sub(r"年度第(.)季度", lambda one: f"Q{'一二三四'.index(one[1]) + 1}", working)
    return sorted(str(int(one)) for one in re.findall(r"\d+", working))


def test_explanations_equal_the_json_with_workings_in_chinese(town):
    path = town.folder / "v.xlsx"
    town("explain", "V017", "2016", "--format", "xlsx", "-o", path).ok()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["2016年度", *QUARTERS, "各期", "待办事项"]
    periods = ("2016", "2016Q1", "2016Q2", "2016Q3", "2016Q4")
    for period, sheet in zip(periods, book.sheetnames, strict=False):
        explanation = town("explain", "V017", period, "--json").ok().json
        rows = cells(book[sheet])
        (closing,) = [row for row in rows if row[0] == "得分"]
        assert number(closing[3]) == Decimal(explanation["closing"])
        postings = [row for row in rows if row[0] == "计分"]
        costly = [one for one in explanation["postings"] if Decimal(one["points"])]
        told = [row for row in postings if row[3]]
        assert [number(row[3]) for row in told] == [Decimal(one["points"]) for one in costly]
        workings = [one["working"] for one in costly]
        assert [_figures(row[5]) for row in told] == [_figures(one) for one in workings]
        assert [re.split("[、\n]", row[4] or "") for row in told] == [
            one["entries"] or [""] for one in costly
        ]
        assert not any(_ENGLISH.search(row[5]) or _ISO.search(row[5]) for row in postings)
        assert not _ISO.search(book[sheet]["A1"].value)
        texts = dict.fromkeys(row[6] for row in told if row[6] != "同上")
        assert [*texts] == [*dict.fromkeys(one["text"] for one in costly)]
        free = [row for row in postings if not row[3]]
        counted = [re.search(r"(\d+)项，均为0$", row[5]) for row in free]
        zeros = sum(1 if one is None else int(one[1]) for one in counted)
        assert zeros == len(explanation["postings"]) - len(costly)
        assert len({row[2] for row in free}) == len(free)
    path.unlink()
    town("explain", "V017", "2016Q2", "--format", "xlsx", "-o", path).ok()
    assert openpyxl.load_workbook(path).sheetnames == [QUARTERS[1], "待办事项"]


def test_an_item_that_lost_all_its_points_shows_its_entry_and_its_clause(town):
    """V009 has 0 of 1 point at items 1.3 and 2.2; what cost nothing stays one line."""
    path = town.folder / "v009.xlsx"
    town("explain", "V009", "2016", "--format", "xlsx", "-o", path).ok()
    rows = {row[2]: row for row in cells(openpyxl.load_workbook(path)["2016年度"])}
    assert rows["领导接访制度"][3:6] == (0, "V009-IF-2016-1.3", "项目1.3：评定0，满分1")
    assert rows["领导接访制度"][6].startswith("领导干部接待群众来信来访制度健全")
    assert rows["信访信息员"][3:5] == (0, "V009-IF-2016-2.2")
    assert rows["信访信息员"][6].startswith("设立信访信息员，掌握群众工作动态")
    assert rows["档案资料"][3:] == (0, None, "项目6：未检查", None)


@pytest.mark.parametrize("command", [["score"], ["explain", "V017"]])
def test_output_option_goes_with_the_xlsx_format_alone(town, command):
    assert "-o FILE.xlsx" in town(*command, "--format", "xlsx").misused().err
    assert "-o goes with" in town(*command, "--json", "-o", town.folder / "x.xlsx").misused().err
    assert not (town.folder / "x.xlsx").exists()


@pytest.mark.parametrize("command", [["score"], ["explain", "V017"]])
def test_refuses_an_output_file_that_does_not_end_in_xlsx(town, command):
    target = town.folder / "scores.xls"
    run = town(*command, "--format", "xlsx", "-o", target).misused()
    assert f"'-o' / '--output': {target} must end in .xlsx\n" in run.err
    assert not target.exists()


def formulas(path):
    """Return the sheets with a formula, and the titles of charts that are one."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = [name for name in names if name.startswith("xl/worksheets/sheet")]
        charts = [name for name in names if name.startswith("xl/charts/chart")]
        found = [name for name in sheets if re.search(rb"<f[ >/]", archive.read(name))]
        titles = [archive.read(name).partition(b"<c:autoTitleDeleted")[0] for name in charts]
        return found + [title for title in titles if b"<c:f>" in title.partition(b"</c:title>")[0]]


@pytest.mark.parametrize("text", FORMULA_LIKE)
def test_writes_a_formula_like_name_as_text(empty, text):
    """Excel would run such a name, or turn it into a link or number."""
    name = text.strip()
    unit = {"kind": "unit", "id": "V001", "name": name, "type": "village"}
    empty.take_in(unit, batch(), batch("B-2", note=name))
    scores, unit_book = empty.folder / "s.xlsx", empty.folder / "u.xlsx"
    empty("score", "--year", 2016, "--format", "xlsx", "-o", scores).ok()
    empty("explain", "V001", "2016", "--format", "xlsx", "-o", unit_book).ok()
    empty("template", empty.folder / "t.xlsx").ok()
    cell = openpyxl.load_workbook(scores)["排名"]["C3"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)
    for path in (scores, unit_book):
        assert formulas(path) == []


def test_writes_formula_like_cells_of_a_refused_import_as_text(tally):
    (tally.folder / "单位.csv").write_text("编号,名称,类型\n=1+1,@SUM(A1),县\n", encoding="utf-8")
    target = tally.folder / "wrong.xlsx"
    files = [tally.folder / "单位.csv"]
    tally("import", *files, "--by", "clerk", "--errors-to", target).refused()
    assert formulas(target) == []
    assert openpyxl.load_workbook(target)["单位"]["A2"].value == "=1+1"


def test_keeps_within_the_limits_of_excel():
    """Names of sheets are valid and distinct; overlong texts are cut."""
    book = Book("limits")
    long = "长" * (MOST_CHARACTERS + 5)
    wanted = ["a/b:c*?[d]\\e", "长" * 40, "长" * 40, "History", "A/b:c*?[d]\\E", "'"]
    sheets = [book.table(name, ["甲\x01", long], [[long, "\ud800\uffff"]])[0] for name in wanted]
    names = [sheet.get_name() for sheet in sheets]
    assert len({name.casefold() for name in names}) == len(wanted)
    assert max(map(len, names)) <= NAME_LENGTH
    assert book.bytes().startswith(b"PK")


def test_continues_a_long_table_on_further_sheets(monkeypatch):
    monkeypatch.setattr("cli.output.workbooks.book.MOST_ROWS", 102)
    book = Book("rows")
    sheets = book.table("计分明细", ["数"], ([number] for number in range(250)), above="x")
    assert [sheet.get_name() for sheet in sheets] == ["计分明细", "计分明细 (2)", "计分明细 (3)"]
    assert [sheet.dim_rowmax for sheet in sheets] == [101, 101, 51]


def test_carried_quarters_and_quarters_with_nothing_say_so(tally):
    """甲村's first quarter is carried as it opens, 20; 丙村 is assessed from April on."""
    sections = {"basic_work": "8", "abnormal_petitions": "12"}
    carried = {"unit": "V001", "period": "2016Q1", "sections": sections, "basis": "一季度通报"}
    late = {"id": "V003", "name": "丙村", "type": "village", "assessed_from": "2016-04-01"}
    tally.take_in({"kind": "carried_quarter", "id": "CQ-1", **carried}, {"kind": "unit", **late})
    day = ("--through", "2016-05-20")
    path = tally.folder / "s.xlsx"
    tally("score", "--year", 2016, *day, "--format", "xlsx", "-o", path).ok()
    book = openpyxl.load_workbook(path)
    # Nothing is inspected yet, and two quarters have not begun.
    assert book.sheetnames == ["排名", "图表", *QUARTERS[:2], "计分明细", "待办事项"]
    remarks = {row[2]: row[-1] for row in cells(book["排名"])}
    assert remarks == {
        "甲村": "一季度按原通报结转",
        "乙村": None,
        "丙村": "2016年4月1日起考核",
    }
    first = cells(book[QUARTERS[0]])[0]
    assert (first[1], first[4], first[-1]) == ("甲村", 20, "一季度按原通报结转")
    assert {row[1]: row[-1] for row in cells(book[QUARTERS[1]])}["丙村"] == "2016年4月1日起考核"
    assert [row for row in cells(book["计分明细"]) if row[:3] == ("V001", "甲村", "一季度")] == []
    path.unlink()
    tally("explain", "V001", "2016", *day, "--format", "xlsx", "-o", path).ok()
    book = openpyxl.load_workbook(path)
    told = [row[:6] for row in cells(book[QUARTERS[0]])]
    as_carried = (0, None, "按原通报结转：一季度通报")
    assert told[1:-1] == [
        ("计分", "三（一）1", "基础工作", *as_carried),
        ("计分", "三（一）2", "非正常上访工作", *as_carried),
    ]
    assert "一季度按原通报结转" in book[QUARTERS[0]]["A1"].value
    path.unlink()
    tally("bulletin", "2016", *day, "-o", path).ok()
    rows = cells(openpyxl.load_workbook(path)["各期得分"])
    remarks = {row[:2]: row[-1] for row in rows}
    assert remarks["甲村", "一季度"] == "一季度按原通报结转"
    assert remarks["丙村", "二季度"] == "2016年4月1日起考核"
    assert ("丙村", "一季度") not in remarks


def test_an_empty_table_says_so(empty):
    path = empty.folder / "s.xlsx"
    empty.take_in({"kind": "unit", "id": "V001", "name": "甲村", "type": "village"})
    options = ("--through", "2015-12-02", "--format", "xlsx", "-o", path)
    empty("score", "--year", 2016, *options).ok()
    book = openpyxl.load_workbook(path)
    assert cells(book["计分明细"]) == [("无", *[None] * 7)]
    assert book["计分明细"]["A3"].border.left.style == "thin"
    path.unlink()
    empty("explain", "V001", "2016Q1", *options).ok()
    told = [row[:6] for row in cells(openpyxl.load_workbook(path)[QUARTERS[0]])]
    assert told == [
        ("起始", None, None, 20, None, None),
        ("计分", None, None, None, None, "没有计分事项"),
        ("得分", None, None, 20, None, None),
    ]


def test_writes_scores_of_a_ledger_with_every_kind_of_entry(tally):
    tally.take_in(*OF_EACH_KIND)
    path = tally.folder / "s.xlsx"
    tally("score", "--year", 2016, "--format", "xlsx", "-o", path).ok()
    assert "待办事项" in openpyxl.load_workbook(path).sheetnames
