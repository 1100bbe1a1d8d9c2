"""The static site shows what the server shows, and all its links lead to files within it."""

from __future__ import annotations

from urllib.parse import unquote, urldefrag

import pytest

from cli.pages.site_paths import FileNames
from tests.pages.conftest import SCRIPT
from tests.pages.html_page import HtmlPage


def pages(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.html")}


def read(path):
    return HtmlPage(path.read_text(encoding="utf-8"))


def test_every_link_leads_to_an_existing_file_and_id(site):
    known = {name: read(path) for name, path in pages(site).items()}
    walked = 0
    for name, page in known.items():
        here = site / name
        for source in page.sources:
            assert (here.parent / source).resolve().is_file(), (name, source)
        for link in page.links:
            assert link is not None, name
            assert "://" not in link
            assert not link.startswith("/")
            path, anchor = urldefrag(link)
            target = (here.parent / unquote(path)).resolve() if path else here
            found = target.relative_to(site.resolve() if path else site).as_posix()
            assert found in known, (name, link)
            if anchor:
                assert unquote(anchor) in known[found].ids, (name, link)
            walked += 1
    assert walked > 500


def test_every_page_is_reachable_from_the_index(site):
    known, seen, ahead = pages(site), set(), ["index.html"]
    while ahead:
        name = ahead.pop()
        if name in seen:
            continue
        seen.add(name)
        for link in read(known[name]).links:
            path = unquote(urldefrag(link)[0])
            if path:
                target = (site / name).parent / path
                ahead.append(target.resolve().relative_to(site.resolve()).as_posix())
    assert seen == set(known)


def test_ids_are_unique_and_every_element_is_closed(site):
    for name, path in pages(site).items():
        ids = read(path).ids
        assert len(ids) == len(set(ids)), name


@pytest.mark.parametrize(
    ("path", "parameters", "file"),
    [
        ("/", {}, "index.html"),
        ("/ranking", {}, "2016/ranking.html"),
        ("/unit", {"id": "V001"}, "2016/units/V001.html"),
        ("/unit", {"id": "V002"}, "2016/units/V002.html"),
        ("/period", {"unit": "V001", "period": "2016Q2"}, "2016/periods/2016Q2/V001.html"),
        ("/period", {"unit": "V002", "period": "2016Q1"}, "2016/periods/2016Q1/V002.html"),
        ("/open", {}, "2016/open.html"),
        ("/margins", {}, "2016/margins.html"),
        ("/sensitivity", {}, "2016/sensitivity.html"),
        ("/clauses", {}, "2016/clauses.html"),
        ("/clause", {"id": "screening"}, "2016/clauses/screening.html"),
        ("/differences", {"from": "2016Q2#1"}, "2016/differences/2016Q2-1.html"),
        ("/bulletin", {"period": "2016Q2", "number": "1"}, "2016/bulletins/2016Q2-1.html"),
        ("/costs", {}, "2016/costs.html"),
        ("/audit", {}, "2016/audit.html"),
        ("/audit", {"list": "late"}, "2016/audit-late.html"),
    ],
)
def test_a_file_has_the_text_of_the_server_page(client, site, path, parameters, file):
    text = client.page(path, **parameters).text
    if path == "/differences":
        text = text.replace(
            "A position, a date or time, or a published edition (2016Q1: the last "
            "one; 2016Q1#1: the first). ",
            "",
        )
    assert read(site / file).text == text


def test_an_entry_has_the_text_of_its_server_page(client, site):
    served = client.page("/entry", id="B-1.2").article("B-1.2")
    filed = read(site / "entries/V001.html").article("B-1.2")
    proof = "Proof that it is in the ledger · `tally check --proof FILE` verifies it, "
    proof += "without the ledger too "
    assert proof in served, "the server alone can prove it"
    assert filed == f"petition batch B-1.2 verified: counts {served.replace(proof, '')}"


def test_every_entry_is_in_the_file_of_its_unit(site, town):
    ids = [name for path in (site / "entries").iterdir() for name in read(path).ids]
    for entry in ("V001", "B-1", "B-1.R", "B-1.2", "B-1.2.O", "B-9", "C/1", "YC-1"):
        assert entry in ids
    assert "B-1.R" in read(site / "entries/V001.html").ids
    assert town.last > 0


def test_a_script_in_a_text_is_escaped(site):
    for path in pages(site).values():
        html = path.read_text(encoding="utf-8")
        assert SCRIPT not in html
        assert html.count("<script") == 1


def test_forms_are_hidden_unless_the_script_runs_them(site):
    for path in pages(site).values():
        forms = [attributes for tag, attributes in read(path).tags if tag == "form"]
        assert all("hidden" in form and "data-filter" in form for form in forms)


def test_file_names_are_ascii_and_unique_in_any_case():
    names = FileNames(["V001", "v001", "C/1", "C_1", "con", "甲村", "x" * 60, "plain"])
    made = [names[one] for one in ["V001", "v001", "C/1", "C_1", "con", "甲村", "x" * 60]]
    assert len({name.casefold() for name in made}) == 7
    assert all("~" in name and name.isascii() for name in made)
    assert names["plain"] == "plain"


def test_a_site_can_have_several_years(town, tmp_path):
    folder = tmp_path / "both"
    run = town.tally("site", folder, "--year", 2015, "--year", 2016, "--lang", "zh").ok()
    assert "2015, 2016 through" in run.err
    assert (folder / "2015/overview.html").is_file()
    assert "2016年度概览" in read(folder / "index.html").text
    assert "2016年度排名" in read(folder / "2016/ranking.html").text
    assert "../index.html" in read(folder / "2015/ranking.html").links


def test_a_site_as_of_an_earlier_position_shows_that_state(town, tmp_path):
    folder = tmp_path / "then"
    town.tally("site", folder, "--as-of", town.imported, "--through", "2016-05-31").ok()
    assert read(folder / "2016/ranking.html").row("V001")[4] == "19"
    assert not (folder / "2016/differences").exists()


def test_a_folder_that_is_not_empty_is_refused_and_unchanged(town, tmp_path):
    (tmp_path / "kept.txt").write_text("kept")
    run = town.tally("site", tmp_path).refused()
    assert "is not empty; name a new folder" in run.err
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_a_refused_site_leaves_no_files(town, tmp_path):
    town.tally("site", tmp_path / "site", "--as-of", "99999").refused()
    town.tally("site", tmp_path / "none" / "site").refused()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_ledger_gives_a_site(tmp_path):
    from tests.cli.running import Tally  # noqa: PLC0415

    tally = Tally(tmp_path)
    tally("init").ok()
    tally("site", tmp_path / "site").ok()
    assert "No unit counts in this state." in read(tmp_path / "site/index.html").text
