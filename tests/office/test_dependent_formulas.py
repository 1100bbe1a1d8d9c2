"""A formula is refused if what it depends on may have another value in Excel."""

from __future__ import annotations

import pytest
import xlsxwriter

from tests.office.test_shown_cells import outcome
from tests.office.workbooks import BATCH, batch_row, calculated, rewrite

OTHER = "台账 '一' 本"
"""A sheet whose name has a blank and quotes in it."""


def write(path, formula, changing="=TODAY()", *changes, others=(), names=()):
    """Write a batch whose headcount is a formula, beside the cells K1, K2 and L5.

    K1 is a number, K2 has a formula that changes, K3 depends on it. On the sheet 说明, which is not
    read, and on one of an odd name A1 changes. All results are kept, as if Excel had saved them.
    """
    book = xlsxwriter.Workbook(str(path))
    sheet, notes, other = map(book.add_worksheet, ("上访批次", "说明", OTHER))
    rows = zip(BATCH, batch_row(发生时间="2016-03-05 09:30"), strict=True)
    for at, (title, cell) in enumerate(rows):
        sheet.write(3, at, title)
        sheet.write(4, at, cell)
    for name, text in names:
        book.define_name(name, text)
    sheet.write_formula("E5", formula, None, 3)
    sheet.write("K1", 3)
    sheet.write_formula("K2", changing, None, 42431)
    sheet.write_formula("K3", "=K2+1", None, 42432)
    for place, text in others:
        sheet.write_formula(place, text, None, 3)
    notes.write_formula("A1", "=NOW()", None, 42431.5)
    notes.write("A2", 3)
    other.write_formula("B2", "=RAND()", None, 0.5)
    other.write("A1", 3)
    book.close()
    for change in (calculated, *changes):
        path.write_bytes(rewrite(path.read_bytes(), change))
    return path


def faults(path):
    """Return the columns and messages in the row of the batch."""
    return [(column, message) for column, message in outcome(path)[1] if column == "E"]


DEPENDENT = {
    "directly": "=K2-42428",
    "through another": "=K3-42429",
    "fixed": "=$K$2-42428",
    "in a range": "=SUM(J1:L2)",
    "in columns": "=COUNT(J:L)",
    "in rows": "=COUNT($2:$3)",
    "in a large range": "=SUM($A$1:$Z$3)",
    "of another sheet": "=INT(说明!A1/10000)-1",
    "of another sheet, fixed": "=INT(说明!$A$1/10000)-1",
    "of a quoted sheet": "=ROUND('台账 ''一'' 本'!B2,0)+3",
    "by a name": "=日子-42428",
    "by names of names": "=差+1",
    "perhaps, by a computed range": "=SUM(K1:INDEX(K1:K9,1))",
    "perhaps, by an unknown name": "=没有",
    "perhaps, in several sheets": "=SUM('说明:台账 ''一'' 本'!A1)",
}
NAMES = (("日子", "=上访批次!$K$2"), ("差", "=日子-42430"))


@pytest.mark.parametrize("name", DEPENDENT)
def test_refuses_a_formula_that_depends_on_a_changing_one(tmp_path, name):
    ((_, message),) = faults(write(tmp_path / "b.xlsx", DEPENDENT[name], names=NAMES))
    assert message.startswith("holds a formula that depends, or may depend")


INDEPENDENT = {
    "of constants": "=1+2",
    "of a number": "=K1*1",
    "of its row": "=LEN(C5)-3",
    "of a range beside": "=SUM(J1:K1)",
    "of another sheet": "=说明!A2+0",
    "of columns beside": "=COUNT(L:L)+3",
    "of text like a reference": '=LEN("K2x")',
    "of text like a function": '=LEN("日子")+1',
    "of a quoted sheet": "='台账 ''一'' 本'!A1",
    "of a function named like a cell": "=LOG10(1000)",
    "of a large range beside": "=SUM(K4:Z900)+3",
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_reads_a_formula_beside_a_changing_one(tmp_path, name):
    assert faults(write(tmp_path / "b.xlsx", INDEPENDENT[name], names=NAMES)) == []


@pytest.mark.parametrize(
    "changing",
    ["=NOW()", "=[1]Sheet1!A1", "='[2016.xlsx]上半年'!$B$2+1", "=外部", "=OFFSET(A1,0,0)"],
)
def test_refuses_what_depends_on_a_link_or_a_volatile_function(tmp_path, changing):
    path = write(tmp_path / "b.xlsx", "=K3*0+3", changing, names=[("外部", "=[1]Sheet1!$A$1")])
    ((_, message),) = faults(path)
    assert message.startswith("holds a formula that depends")


@pytest.mark.parametrize(
    "formula",
    [
        "=[1]Sheet1!A1",
        "=SUM([12]人数!B2:B9)",
        "='[2016 年.xlsx]上 半年'!$B$2",
        "='C:\\x\\[a.xlsx]S'!A1",
    ],
)
def test_refuses_a_link_to_another_workbook(tmp_path, formula):
    ((_, message),) = faults(write(tmp_path / "b.xlsx", formula))
    assert message.startswith("holds a formula that takes its result from another workbook")


def test_the_columns_of_a_table_are_no_link(tmp_path):
    """A table's column has brackets too; but what it depends on is not looked up."""
    path = write(tmp_path / "b.xlsx", "=SUM(表1[人数])+上访批次!K1", "=1+1")
    ((_, message),) = faults(path)
    assert message.startswith("holds a formula that depends, or may depend")


def without_result(name, xml):
    return xml.replace(b"<v>42431</v>", b"") if name.endswith("sheet1.xml") else xml


def test_refuses_what_depends_on_a_formula_without_a_result(tmp_path):
    path = write(tmp_path / "b.xlsx", "=K3*0+3", "=1+1", without_result)
    ((_, message),) = faults(path)
    assert "was never calculated" in message


def shared(name, xml):
    """Let E5 share the formula of E1, as Excel writes columns that are filled down."""
    if not name.endswith("sheet1.xml"):
        return xml
    assert b"<f>K2+0</f>" in xml
    xml = xml.replace(b"<f>K1+0</f>", b'<f t="shared" ref="E1:E5" si="0">K1+$K$1</f>')
    return xml.replace(b"<f>K2+0</f>", b'<f t="shared" si="0"/>')


@pytest.mark.parametrize(("place", "refused"), [("K5", True), ("K1", False), ("K4", False)])
def test_a_shared_formula_refers_to_cells_of_its_own_row(tmp_path, place, refused):
    """K1 + $K$1 of row 1 is K5 + $K$1 in row 5; K1 itself stays a number here."""
    others = [("E1", "=K1+0"), (place if place != "K1" else "L1", "=NOW()")]
    path = write(tmp_path / "b.xlsx", "=K2+0", "=1+1", shared, others=others)
    assert bool(faults(path)) is refused


def array(name, xml):
    """Let the formula of E1 be an array whose results stand down to E5."""
    if not name.endswith("sheet1.xml"):
        return xml
    xml = xml.replace(b"<f>K1+0</f>", b'<f t="array" ref="E1:E5">K1:K5+K2</f>')
    return xml.replace(b"<f>1+2</f>", b"")


def test_refuses_the_results_of_an_array_that_depends_on_a_changing_cell(tmp_path):
    others = [("E1", "=K1+0")]
    path = write(tmp_path / "b.xlsx", "=1+2", "=NOW()", array, others=others)
    ((_, message),) = faults(path)
    assert message.startswith("holds a formula that depends")


def test_refuses_a_long_chain_of_formulas(tmp_path):
    """Each adds one to the cell above it; the first is of today."""
    path = tmp_path / "b.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("上访批次")
    sheet.write_row(0, 0, BATCH)
    for number in range(1, 3_001):
        sheet.write_row(number, 0, batch_row(f"B-{number}", 发生时间="2016-03-05 09:30"))
        above = "=DAY(TODAY())" if number == 1 else f"=E{number}+SUM(E$1:E{number})*0"
        sheet.write_formula(number, 4, above, None, number)
    book.close()
    path.write_bytes(rewrite(path.read_bytes(), calculated))
    entries, refusals = outcome(path)
    assert (entries, len(refusals)) == ([], 3_000)
