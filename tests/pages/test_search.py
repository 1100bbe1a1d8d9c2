"""Search: exact hits lead straight there; parts are listed, at the state that is shown."""

from __future__ import annotations

import pytest

from cli.session import session
from tests.pages.conftest import client_of
from tests.pages.html_page import HtmlPage


def led_to(client, text, **parameters):
    """Return the address that a search leads to; None if it lists what it found."""
    response = client.http.get("/search", params={"q": text, **parameters}, follow_redirects=False)
    assert response.status_code in {200, 303}
    return response.headers.get("location")


def found(client, text, **parameters):
    """Return the page of results."""
    return client.page("/search", through_may=False, q=text, **parameters)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("V001", "/unit?id=V001"),
        ("v001", "/unit?id=V001"),
        (" 甲村 ", "/unit?id=V001"),
        ("C/1", "/unit?id=C%2F1"),
        ("B-1", "/entry?id=B-1"),
        ("B-1.2.O", "/entry?id=B-1.2.O"),
        ("SR-V001-2016-01", "/entry?id=SR-V001-2016-01"),
        ("三（一）2", "/clause?id=abnormal-petitions"),
        ("三(一)2", "/clause?id=abnormal-petitions"),
        ("abnormal-petitions", "/clause?id=abnormal-petitions"),
    ],
)
def test_what_is_named_exactly_is_led_to(client, text, address):
    assert led_to(client, text) == address


def test_a_corrected_unit_is_found_by_each_of_its_ids(town, tmp_path):
    """V001 leads to its page before, between and after; V001.2 once it is the one that stands."""
    tally = town.tally.copy(tmp_path / "corrected")
    correct = ("--set", "name=戊村", "--reason", "更名", "--by", "clerk", "--yes")
    tally("correct", "V001", *correct).ok()
    with session(tally.url) as opened:
        client = client_of(opened)
        assert led_to(client, "V001") == "/unit?id=V001"
        assert led_to(client, "V001.2") == "/entry?id=V001.2"
        tally("verify", "V001.R", "V001.2", "--by", "head").ok()
        for text in ("V001", "V001.2", "戊村"):
            assert led_to(client, text) == "/unit?id=V001", text


def test_the_address_keeps_the_state_and_the_language(client):
    to = led_to(client, "V001", as_of="40", through="2016-05-31", lang="zh")
    assert to == "/unit?as_of=40&through=2016-05-31&lang=zh&id=V001"


def test_parts_of_units_entries_and_matters_are_listed(client):
    page = found(client, "村")
    assert {"/unit?id=V001", "/unit?id=V002"} <= set(page.links)
    assert "Unit V001 甲村 V002 乙村" in page.text
    page = found(client, "xf-b-")
    rows = {row[0]: row for row in page.cells()[1:]}
    # The batch, its replacement, and the one that awaits verification; the newest first.
    assert list(rows) == ["B-9", "B-1.2", "B-1"]
    batch = ["petition batch", "V001 甲村", "2016-03-05", "replaced", "matter XF-B-1"]
    assert rows["B-1"][1:] == batch
    assert "级别更正" in found(client, "级别更正").text


def test_kinds_and_values_are_found_by_the_words_that_pages_show(client):
    rows = {row[0]: row for row in found(client, "到区", lang="zh").cells()[1:]}
    assert "B-1.2" in rows
    assert "B-1" not in rows, "it is of the town"
    assert rows["B-1.2"][-1] == "级别 到区"
    assert "B-1" in {row[0] for row in found(client, "上访批次", lang="zh").cells()[1:]}


def test_a_clause_is_found_by_part_of_its_citation_title_or_text(client):
    assert "三（一）1（1） Dispute screening" in found(client, "三（一）1").text
    assert "三（一）2 Abnormal petitions" in found(client, "上访，6人以下每批次").text
    zh = found(client, "接访劝返", lang="zh")
    assert "三（一）2 非正常上访工作" in zh.text
    assert "/clause?lang=zh&id=abnormal-petitions" in zh.links


def test_nothing_of_a_later_state_is_found(client, town):
    before = {"as_of": str(town.imported)}
    assert led_to(client, "B-1.2", **before) is None
    assert "Nothing has “B-1.2” in it." in found(client, "B-1.2", **before).text
    page = found(client, "xf-b-", **before)
    assert [row[0] for row in page.cells()[1:]] == ["B-1"]
    assert page.cells()[1][4] == "verified"
    assert f"As known at position {town.imported}." in page.text


@pytest.mark.parametrize(
    "text",
    ["%", "_", "\\", '"', "'", "<b>", "\u202e", "\x00", "٣", "é", "😀", "AND 1=1", "../", "&q=x"],
)
def test_odd_characters_are_text(client, text):
    page = HtmlPage(client.get("/search", q=f"{text}zz").text)
    assert "Nothing has" in page.text
    assert client.get("/search", q=text).status_code == 200


def test_an_empty_text_says_what_to_write_and_a_long_one_is_refused(client):
    assert "Write a unit, the number of an entry" in found(client, " ").text
    assert "Nothing has" in found(client, "长" * 100).text
    known = "q: the text has 101 characters; write at most 100"
    assert known in client.error(400, "/search", q="长" * 101)


def test_every_page_has_the_box_and_a_file_has_none(client, site):
    pages = [client.get("/").text, client.get("/entry", id="none").text]
    for html in pages:
        assert 'role="search"' in html
        assert 'action="/search"' in html
    assert "/search" not in (site / "index.html").read_text(encoding="utf-8")


def test_a_missing_page_of_an_earlier_state_leads_to_the_newest(client, town):
    parameters = {"id": "B-1.2", "as_of": str(town.imported), "lang": "en"}
    page = HtmlPage(client.get("/entry", **parameters).text)
    assert "/entry?id=B-1.2&lang=en" in page.links
    assert "/?lang=en" in page.links


def test_units_and_entries_of_one_unit_alone_are_found_for_it(town):
    """What a unit's account finds: its own unit, batch and objection, and the clauses."""
    from cli.language.translating import translator  # noqa: PLC0415
    from cli.pages.links import ServerLinks  # noqa: PLC0415
    from cli.pages.views.search import Search, search_page  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415

    with session(town.url) as opened:
        links = ServerLinks("/search", {}, {})
        measures = Measures(opened.adopted().adoptions)

        def of(only, text):
            known = (opened, measures, 2016, town.last, False, links, translator("en"), only)
            return search_page(Search(*known), text)

        for text in ("V002", "乙村", "SR-V002-2016-01", "CM-1"):
            assert of("V001", text).lead_to == ""
            assert of("V001", text).values["entries"] == []
            assert of("V001", text).values["units"] == []
            assert of("V002", text).lead_to
        assert of("V002", "B-1.2.O").lead_to == ""
        assert of("V001", "B-1.2.O").lead_to == "/entry?id=B-1.2.O"
        assert [one.link.text for one in of("V001", "CT-").values["entries"]] == ["CT-1"]
