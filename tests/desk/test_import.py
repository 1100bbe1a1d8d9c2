"""Imports at the desk: what is wrong in its place, what would be recorded, then the import."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from cli.desk.uploads import MOST, MOST_OF_A_SESSION, SECONDS, UploadError, Uploads
from tests.cli.entries import batch, reports

HEADER = ["编号", "单位", "月份", "报送日期"]
SHEET = "screening_report"


def workbook(*rows, name=SHEET, header=HEADER):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in (header, *rows):
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def files(**named):
    return [("files", (name.replace("__", "."), content)) for name, content in named.items()]


def upload(browser, status=200, **named):
    browser.get("/import")
    return browser.send("upload", files=files(**named), status=status)


def lines(*entries):
    return "".join(f"{json.dumps(one)}\n" for one in entries).encode()


def entries(office):
    return {one["id"]: one for one in office.tally("list", "--json").ok().json["entries"]}


def position_of(office):
    return office.tally("account", "list", "--json").ok().json["position"]


GOOD = workbook(
    ["SR-1", "V001", "2016-03", "2016-03-20"], ["SR-2", "V002", "2016-03", "2016-03-21"]
)
BAD = workbook(
    ["SR-1", "V001", "2016-13", "2016-03-20"],
    ["SR-2", "V002", "2016-03", "2016-03-21"],
    ["SR-3", "V099", "2016-03", "2016-03-20"],
    ["SR-4", "V002", "2016-04", "2016-04-31"],
)


def test_a_workbook_is_shown_and_then_recorded_as_an_import(office):
    browser = office.browser("小李")
    before = position_of(office)
    upload(browser, 月报__xlsx=GOOD)
    assert "2 new entries" in browser.text
    assert "V001 甲村" in browser.text
    assert position_of(office) == before
    browser.send("record")
    assert f"import {before + 1}: recorded 2, skipped 0" in browser.text
    found = entries(office)
    assert {"SR-1", "SR-2"} <= found.keys()
    assert found["SR-1"]["recorded"]["by"] == "小李"
    office.tally("check").ok()


def test_all_bad_cells_are_shown_in_their_places(office):
    browser = office.browser("小李")
    upload(browser, 月报__xlsx=BAD)
    assert "月报.xlsx · screening_report" in browser.text
    wrong = browser.response.text.split('class="wrong"')
    assert len(wrong) == 4  # the month, the unit, the day
    assert ">2016-13<" in wrong[1]
    assert "V099" in wrong[2]
    assert "2016-04-31" in wrong[3]
    assert "SR-1" not in entries(office)


def test_the_refused_workbook_comes_back_coloured(office):
    browser = office.browser("小李")
    upload(browser, 月报__xlsx=BAD)
    href = (
        browser.response.text.split('href="/import/errors')[1].split('"')[0].replace("&amp;", "&")
    )
    response = browser.http.get("/import/errors" + href)
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["错误", SHEET]
    assert book[SHEET]["C2"].comment is not None
    assert book[SHEET]["C3"].comment is None
    assert {row[0].value for row in book["错误"].iter_rows(min_row=2)} == {"月报.xlsx"}


def test_what_is_alike_is_let_in_only_by_a_box(office):
    browser = office.browser("小李")
    upload(browser, a__jsonl=lines(batch("B-1")))
    browser.send("record")
    upload(browser, b__jsonl=lines(batch("B-2", matter="XF-B-1")))
    assert "1 refused" in browser.text
    assert "B-2" not in entries(office)
    browser.send("doubts", alike="1")
    assert "1 new entry" in browser.text
    browser.send("record")
    assert "B-2" in entries(office)


def test_what_the_import_moves_is_shown(office):
    browser = office.browser("小李")
    upload(browser, a__jsonl=lines(batch("B-1")))
    # 十四 of the measure: an abnormal batch to the town costs its unit a point in each period.
    assert "What would change in 2016, once verified" in browser.text
    assert "V001 甲村" in browser.text


def test_an_import_that_was_shown_is_shown_again_if_the_ledger_moved(office):
    browser = office.browser("小李")
    upload(browser, a__jsonl=lines(batch("B-1"), batch("B-2", unit="V002")))
    office.tally("import", office.tally.file("other.jsonl", batch("B-1")), "--by", "陈副主任").ok()
    browser.send("record")
    assert "The ledger has changed" in browser.text
    assert "1 new entry" in browser.text
    assert "B-2" not in entries(office)
    browser.send("record")
    assert "B-2" in entries(office)


def test_a_form_sent_twice_imports_once(office):
    browser = office.browser("小李")
    upload(browser, a__jsonl=lines(*reports("V001", "2016-03")))
    fields = browser.form("record").fields
    first = browser.http.post("/import", data=fields)
    position = position_of(office)
    assert first.status_code == 200
    browser.http.post("/import", data=fields)
    assert position_of(office) == position


def test_nobody_uses_the_upload_of_somebody_else(office):
    browser, other = office.browser("小李"), office.browser("陈副主任")
    upload(browser, a__jsonl=lines(batch("B-1")))
    token = browser.form("record").fields["upload"]
    other.get("/import")
    other.send("upload", upload=token, step="record", position="1", status=422)
    assert "upload them again" in other.text
    assert other.http.get("/import/errors", params={"upload": token[0]}).status_code == 400


def test_a_changed_file_is_not_imported(office):
    browser = office.browser("小李")
    upload(browser, a__jsonl=lines(batch("B-1")))
    (kept,) = office.kept.uploads._kept.values()
    (path,) = kept.files.values()
    path.write_bytes(lines(batch("B-9")))
    browser.send("record", status=422)
    assert {"B-1", "B-9"}.isdisjoint(entries(office))


def test_an_upload_is_deleted_once_it_is_used(office):
    browser = office.browser("小李")
    upload(browser, a__jsonl=lines(batch("B-1")))
    (kept,) = office.kept.uploads._kept.values()
    (path,) = kept.files.values()
    assert path.exists()
    browser.send("record")
    assert not path.exists()


class Sent:
    def __init__(self, name, content):
        self.filename, self.file = name, io.BytesIO(content)


KINDS = frozenset({".csv", ".jsonl"})


def test_uploads_are_few_and_kept_for_an_hour():
    now = [0.0]
    uploads = Uploads(lambda: now[0])
    tokens = [uploads.add("a", [Sent("x.csv", b"1")], KINDS).token for _ in range(3)]
    with pytest.raises(UploadError):
        uploads.find("a", tokens[0])
    assert all(uploads.find("a", one) for one in tokens[-MOST_OF_A_SESSION:])
    for number in range(MOST):
        uploads.add(f"s{number}", [Sent("x.csv", b"1")], KINDS)
    with pytest.raises(UploadError):
        uploads.find("a", tokens[2])
    last = uploads.add("z", [Sent("x.csv", b"1")], KINDS)
    now[0] = SECONDS + 1
    with pytest.raises(UploadError):
        uploads.find("z", last.token)


@pytest.mark.parametrize(
    "name", ["../../x.csv", "..\\..\\x.csv", "C:\\x.csv", "/etc/x.csv", "x\x00.csv"]
)
def test_a_file_is_kept_inside_its_folder_whatever_its_name(name):
    uploads = Uploads()
    made = uploads.add("a", [Sent(name, b"1")], KINDS)
    (path,) = made.files.values()
    assert path.name == "x.csv"
    assert path.parent.parent == made.folder


def test_another_kind_of_file_is_refused(office):
    browser = office.browser("小李")
    for name in ("a__exe", "a__xlsx__html", "a"):
        upload(browser, status=422, **{name: b"MZ"})
        assert "is not a file of these kinds" in browser.text
    browser.get("/import")
    browser.send("upload", status=422)
    assert "choose a file first" in browser.text


def test_a_name_and_a_cell_are_escaped(office):
    browser = office.browser("小李")
    upload(browser, **{"<script>__csv": b"<script>alert(1)</script>,x\n1,2\n"})
    assert "<script>alert" not in browser.response.text
    assert "<script>.csv" not in browser.response.text


def test_personal_data_is_not_shown(office):
    browser = office.browser("小李")
    upload(browser, a__xlsx=workbook(["SR-1", "V001", "2016-13", "11010519491231002X"]))
    assert "11010519491231002X" not in browser.response.text


def bomb(megabytes):
    """Return a workbook whose sheet unpacks to many times its size."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as sound,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out,
    ):
        for part in sound.namelist():
            if part.endswith("sheet1.xml"):
                with out.open(part, "w", force_zip64=True) as sheet:
                    for _ in range(megabytes):
                        sheet.write(b" " * 1_000_000)
            else:
                out.writestr(part, sound.read(part))
    return made.getvalue()


def memory():
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024


def test_a_bomb_is_refused_with_its_reason(office):
    browser, before = office.browser("小李"), memory()
    upload(browser, bomb__xlsx=bomb(100), status=422)
    assert "bomb.xlsx unpacks to more than 40 MB" in browser.text
    assert memory() - before < 200


def test_too_large_a_file_is_refused(office):
    browser, before = office.browser("小李"), memory()
    upload(browser, status=422, big__csv=b"x" * 10_000_001)
    assert "more than 10 MB" in browser.text
    assert memory() - before < 200
    assert (
        browser.http.post(
            "/import", files=[("files", ("big.csv", b"x" * 65 * 1024 * 1024))]
        ).status_code
        == 413
    )


def test_reading_stops_after_many_faults(office):
    browser = office.browser("小李")
    rows = b"".join(b"SR-%d,V,2,x\n" % number for number in range(200_000))
    content = "编号,单位,月份,报送日期\n".encode() + rows
    upload(browser, screening_report__csv=content)
    assert "has more than 2,000 faults" in browser.text
    assert len(browser.response.text) < 1_000_000


def test_a_thousand_sheets_are_refused_at_once(office):
    browser = office.browser("小李")
    book = openpyxl.Workbook()
    for number in range(1_000):
        book.create_sheet(f"S{number}").append(["a", "b"])
    made = io.BytesIO()
    book.save(made)
    upload(browser, many__xlsx=made.getvalue())
    assert "1000 refused" in browser.text
    assert len(browser.response.text) < 400_000


def test_a_huge_field_is_refused(office):
    browser = office.browser("小李")
    browser.get("/import")
    fields = browser.form("upload").fields
    response = browser.http.post(
        "/import", data={**fields, "upload": "x" * 1_000_000}, files=[("files", ("a.csv", b"1"))]
    )
    assert response.status_code == 400


def test_a_template_can_be_downloaded(office):
    response = office.browser("小李").http.get("/import/template")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert "单位" in "".join(book.sheetnames)


@pytest.mark.parametrize("name", ["审计员", "甲村账户"])
def test_only_recorders_import(office, name):
    browser = office.browser(name)
    assert browser.http.get("/import").status_code == 403
    csrf = browser.form("sign-out").fields["csrf"]
    response = browser.http.post(
        "/import", data={"csrf": csrf}, files=[("files", ("a.jsonl", lines(batch("B-1"))))]
    )
    assert response.status_code == 403
    assert "B-1" not in entries(office)
