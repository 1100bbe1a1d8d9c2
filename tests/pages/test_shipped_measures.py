"""Every measure that ships has all pages, with its own names of periods."""

from __future__ import annotations

import shutil
from urllib.parse import unquote, urldefrag

import pytest

from cli.session import session
from projections.measure import shipped
from tests.cli.running import Tally
from tests.pages.conftest import client_of
from tests.pages.html_page import HtmlPage
from tests.pages.test_other_measures import FIRES, LAST, fire, get


@pytest.mark.parametrize("measure", shipped())
def test_every_measure_that_ships_has_all_its_pages(measure, tmp_path):
    tally = Tally(tmp_path)
    tally("init", "--measure", measure).ok()
    with session(tally.url) as opened:
        found = opened.loader.measure(opened.ledger.state(), opened.loader.latest_year()).measure
        year = found.source.year
        groups = [one.value for one in found.units.group] or [None]
        units = [
            {"kind": "unit", "id": f"U{n}", "name": f"第{n}村", "type": type_}
            | ({} if group is None else {"group": group})
            for n, (type_, group) in enumerate(
                (type_, group) for type_ in found.unit_types() for group in groups
            )
        ]
        tally.take_in(*units)
        client, last = client_of(opened), str(found.calendar.last_day(year))
        paths = ("/", "/ranking", "/open", "/margins", "/sensitivity", "/clauses", "/measure")
        paths += ("/differences", "/costs", "/corrections", "/audit")
        pages = [(path, {}) for path in paths]
        pages += [("/clause", {"id": slug}) for slug in found.clauses]
        pages += [("/unit", {"id": one["id"]}) for one in units]
        pages += [
            ("/period", {"unit": "U0", "period": one.name}) for one in found.calendar.periods(year)
        ]
        for path, parameters in pages:
            for lang in ("en", "zh"):
                client.page(
                    path,
                    through_may=False,
                    year=str(year),
                    through=last,
                    lang=lang,
                    **parameters,
                )


HALVES = """
[[period]]
key = "-spring"
title = { zh = "上半年", en = "first half" }
starts = "01-01"

[[period]]
key = "-H2"
title = { zh = "下半年", en = "second half" }
starts = "07-01"

[units]
"""


def test_periods_have_the_names_of_the_measure(tmp_path):
    """Two halves of a year, in each of which the account opens with 100 anew."""
    folder = tmp_path / "halves"
    shutil.copytree(FIRES, folder)
    text = (folder / "measure.toml").read_text(encoding="utf-8")
    text = text.replace("\n[units]\n", HALVES, 1).replace('of = "year"', 'of = "period"', 1)
    (folder / "measure.toml").write_text(text, encoding="utf-8")
    tally = Tally(tmp_path)
    tally("init", "--measure", folder).ok()
    unit = {"kind": "unit", "id": "H1", "name": "石坡村", "type": "village", "group": "hill"}
    tally.take_in(unit, fire("F-1", "H1", "satellite", 40, "2021-08-20"))
    with session(tally.url) as opened:
        client = client_of(opened)
        page = get(client, "/ranking")
        assert page.cells()[0][4:7] == ["first half", "second half", "Total"]
        assert page.row("H1")[4:7] == ["100", "70", "170"]
        page = get(client, "/unit", id="H1")
        assert ["2021-spring", "100", "100", ""] in page.cells()
        assert ["2021-H2", "70", "70", ""] in page.cells()
        line = next(one for tag, one in page.tags if one.get("class") == "line")
        assert line["aria-label"] == "2021-spring 100, 2021-H2 70"
        for href in (one for one in page.links if one.startswith("/period")):
            response = client.http.get(href)
            assert response.status_code == 200, href
        page = get(client, "/period", unit="H1", period="2021-H2", lang="zh")
        assert "2021-H2 下半年 2021-07-01 – 2021-12-31 · 得分 70 · 年度得分 70" in page.text
    tally("site", tmp_path / "site", "--through", LAST).ok()
    files = [one.relative_to(tmp_path / "site") for one in (tmp_path / "site").rglob("H1.html")]
    assert len([one for one in files if "periods" in one.parts]) == 2
    unit_page = tmp_path / "site/2021/units/H1.html"
    for link in HtmlPage(unit_page.read_text(encoding="utf-8")).links:
        path = unquote(urldefrag(link)[0])
        assert not path or (unit_page.parent / path).is_file(), link
