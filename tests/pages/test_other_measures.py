"""Pages under measures other than the first: one account a year, own kinds, other periods."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.session import session
from ledger.application import Ledger
from projections.adopted import Measures
from projections.measure import BUILT_IN, read_measure
from tests.cli.entries import UNITS, batch, reports
from tests.cli.running import Tally
from tests.pages.conftest import client_of
from tests.pages.html_page import HtmlPage

FIRES = Path(__file__).parent / "measures" / "fires-2021"
LAST = "2021-12-31"


def fire(number, unit, detector, area, found_at):
    """Return an entry of the measure's own kind."""
    what = {"detector": detector, "area": area, "found_at": f"{found_at}T10:00:00+08:00"}
    return {"kind": "fire", "id": number, "unit": unit, **what}


@pytest.fixture(scope="module")
def fires(tmp_path_factory):
    """Return a ledger under the measure of fires, scores worked out by hand.

    Every village opens with 100. H1: a fire seen by satellite −30, and one of 300 square metres
    found by the patrol −3 (a large one is from 301 on): 67, not passed, named to the whole town.
    P1: one of 301 square metres −10: 90. H2 has none: 100. Ranked within groups: H2 1, H1 2; P1 1.
    """
    tally = Tally(tmp_path_factory.mktemp("fires"))
    tally("init", "--measure", FIRES, "--by", "office").ok()
    village = {"kind": "unit", "type": "village"}
    part = {"assessed_from": "2021-06-01"}
    scan = {"name": "火点照片.pdf", "sha256": "ab" * 32}
    tally.take_in(
        {**village, "id": "H1", "name": "石坡村", "group": "hill"},
        {**village, "id": "H2", "name": "东岭村", "group": "hill", **part},
        {**village, "id": "P1", "name": "河口村", "group": "plain"},
        {"kind": "unit", "id": "X1", "name": "邻县甲村", "type": "outside"},
        fire("F-1", "H1", "satellite", 40, "2021-05-20"),
        fire("F-2", "H1", "patrol", 300, "2021-06-20"),
        {**fire("F-3", "P1", "patrol", 301, "2021-10-02"), "evidence": [scan]},
    )
    with session(tally.url) as opened:
        client = client_of(opened)
        client.tally = tally
        yield client


def get(client, path, **parameters):
    return client.page(path, through_may=False, through=LAST, **parameters)


def test_columns_are_the_measures_sections_groups_and_results(fires):
    page = get(fires, "/ranking")
    assert page.cells()[0] == [
        *("Rank", "Unit", "Type", "Group", "Account of the year", "Total", "Parts of the total"),
        *("Result", "Flags", "Open"),
    ]
    kind = "administrative village"
    rows = [row[:6] + row[7:] for row in page.cells()[1:]]
    assert rows == [
        ["1", "P1 河口村", kind, "plain", "90", "90", "passed", "", ""],
        ["1", "H2 东岭村 part of the year", kind, "hills", "100", "100", "passed", "", ""],
        ["2", "H1 石坡村", kind, "hills", "67", "67", "failed", "named to the whole town", ""],
    ]
    assert "三 The total is the account of the year. Units with equal totals share a rank." in (
        page.text
    )
    assert "Ranked within groups." in page.text
    page = get(fires, "/ranking", lang="zh")
    assert page.row("H1 ")[2:] == [
        *("行政村", "丘陵组", "67", "67", "", "不合格", "全镇通报", ""),
    ]
    labels = [one["aria-label"] for tag, one in page.tags if one.get("class") == "bar"]
    assert labels == ["年度得分 90", "年度得分 100", "年度得分 67"]


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ({"group": "hill"}, ["H2", "H1"]),
        ({"flag": "reported"}, ["H1"]),
        ({"group": "plain", "type": "village"}, ["P1"]),
        ({"group": "丘陵组"}, ["H2", "H1"]),
        ({"group": "hills"}, ["H2", "H1"]),
        ({"flag": "全镇通报", "type": "行政村"}, ["H1"]),
    ],
)
def test_the_ranking_is_filtered_by_groups_and_own_flags(fires, parameters, shown):
    page = get(fires, "/ranking", **parameters)
    rows = [one for tag, one in page.tags if tag == "tr" and "data-type" in one]
    names = [row[1].split()[0] for row in page.cells() if row[0].isdigit()]
    assert [name for name, row in zip(names, rows, strict=True) if "hidden" not in row] == shown
    options = [one["value"] for tag, one in page.tags if tag == "option"]
    assert {"plain", "hill", "reported", "open"} < set(options)
    # No flag of the measure bars from awards, and there are no bulletins of periods.
    assert not {"eligible", "published", "vetoed"} & set(options)


def test_the_account_of_a_year_runs_from_opening_to_closing(fires):
    page = get(fires, "/unit", id="H1")
    assert "Rank 2 / 2 (ranked within groups) · Total 67 points · failed" in page.text
    assert "administrative village · hills" in page.text
    assert "67 = 67 三 总分为年度得分。" in page.text
    start = page.cells().index(["Opens at", "", "100", "100"])
    assert page.cells()[start : start + 4] == [
        ["Opens at", "", "100", "100"],
        ["二（一） Fires", "", "−33", "67"],
        ["Closes at", "", "67", "67"],
        ["Points", "Clause, working and entries", "Balance"],
    ]
    account, near = page.text[page.text.index("Opens at 100 points") :].split("Near an edge")
    assert account.startswith("Opens at 100 points Points")
    assert "−30 二（一） Fires" in account
    assert account.strip().endswith("Closes at 67 points")
    assert near.endswith("F-2square metres 3003011 in numberFires−7"), "3 up to 300, then 10"
    assert "eligible" not in page.text
    assert "Periods" not in page.text
    case = ["−3 points", "fire (found by the patrol, square metres 1-300) if large_fire above"]
    # The measure has no text of its own, so its words are not in quotation marks.
    assert [*case, "二（一）", "巡查发现，小火"] in page.cells()


def test_entries_of_own_kinds_have_their_titles_and_words(fires):
    text = get(fires, "/entry", id="F-3").text
    assert text.startswith("burnt field F-3 verified: counts")
    assert "unitP1 河口村" in text
    assert "found bythe patrol square metres301 time of finding2021-10-02 10:00" in text
    assert f"evidence火点照片.pdf (SHA-256 {'ab' * 32})" in text
    text = get(fires, "/entry", id="F-1", lang="zh").text
    assert text.startswith("火点 F-1 已核定，计分")
    assert "发现方卫星 面积40 发现时间2021-05-20 10:00" in text
    assert "全镇通报 石坡村 2021 二（二） 全镇通报" in text


def test_a_clause_shows_its_kind_readings_conditions_and_law(fires):
    page = get(fires, "/clause", id="fires")
    assert "Kind of clauseoccurrence – each entry costs or earns by its fields" in page.text
    assert "SectionAccount of the year Entries readburnt field" in page.text
    assert "二（一） 300平方米是否算大火" in page.text
    assert "Note of law (burning in the open): The act on air pollution, article 77." in page.text
    cases = {row[1]: row[0] for row in page.cells() if row[0].endswith("points")}
    patrol = "fire (found by the patrol, square metres {})"
    assert cases[patrol.format("301 or more") + " if large_fire above"] == "−10 points"
    assert (
        cases[patrol.format("300 or more") + " if large_fire from – not in force"] == "−10 points"
    )
    page = get(fires, "/clause", id="fires", lang="zh")
    assert "法规提示 (露天焚烧): 《大气污染防治法》第七十七条。" in page.text
    assert "条款种类occurrence – 每发生一次，按情形扣减或增加" in page.text
    assert "301平方米起" in page.text
    assert "from 301 on" not in page.text
    wanted = "火点 (发现方 巡查组、面积 300以上) 适用条件：large_fire from – 现不适用"
    assert wanted in [row[1] for row in page.cells() if len(row) == 4]
    assert "named to the whole town" in get(fires, "/clause", id="named").text


def test_the_measure_has_a_page(fires):
    page = get(fires, "/measure")
    assert page.text.startswith("青禾镇2021年秸秆禁烧考核办法 青政发（2021）3号 青禾镇人民政府")
    sha = re.search(r"SHA-256([0-9a-f]{64}) Adopted at position1 ", page.text)
    assert sha is not None
    assert sha[1] == fires.tally("score", "--year", 2021, "--json").ok().json["measure"]["sha256"]
    assert "2021: 2021-01-01 – 2021-12-31" in page.text
    assert "Results by totalpassed ≥ 80, failed < 80 Flagsnamed to the whole town" in page.text
    (adopted,) = [row for row in page.cells() if row[0] == "2021"]
    assert adopted[1:4] == ["fires-2021 青禾镇2021年秸秆禁烧考核办法", sha[1][:12], "1"]
    assert adopted[5:] == [
        "office",
        "青政发（2021）3号",
        "in force, adopted as the ledger was made",
    ]
    section = ["二", "Account of the year", "the year", "100", "not below 0", "二（一） Fires"]
    assert section in page.cells()
    assert "large_fire = above (default)" in page.text
    assert "burnt fieldfound by, square metres, time of finding" in page.text
    assert "it stands at https://example.org/fires." in page.text


def test_a_unit_assessed_for_a_part_of_the_year_says_so(fires):
    assert "Assessed from 2021-06-01 to 2021-12-31." in get(fires, "/unit", id="H2").text
    assert "Assessed from" not in get(fires, "/unit", id="H1").text


def test_an_outside_unit_says_that_it_is_not_assessed(fires):
    text = get(fires, "/entry", id="X1").text
    assert "name邻县甲村 typeoutside party, not assessed" in text
    assert "is an outside unit: it is never scored" in (
        fires.error(404, "/unit", id="X1", through=LAST)
    )


def test_a_measure_without_petitions_and_periods_has_no_word_of_them(fires):
    for path, parameters in [
        ("/", {}),
        ("/ranking", {}),
        ("/search", {"q": "坡"}),
        ("/unit", {"id": "H1"}),
        ("/open", {}),
        ("/margins", {}),
        ("/sensitivity", {}),
        ("/clauses", {}),
        ("/clause", {"id": "fires"}),
        ("/measure", {}),
        ("/differences", {}),
        ("/differences", {"from": "1"}),
        ("/corrections", {}),
        ("/costs", {}),
        ("/audit", {}),
    ]:
        for lang, words in (("en", "petition|quarter|batch"), ("zh", "信访|上访|季|批次")):
            html = fires.get(path, lang=lang, through=LAST, **parameters).text
            assert re.findall(words, html.replace("2016Q2", "")) == [], (path, lang)


def test_a_period_is_refused_under_a_measure_without_any(fires):
    known = "2021Q1 is not a period of the measure; one of 2021"
    assert known in fires.error(400, "/period", unit="H1", period="2021Q1")
    assert "2021 is a year; name a period" in fires.error(400, "/period", unit="H1", period="2021")


def test_the_site_has_the_text_of_the_server_pages(fires, tmp_path):
    fires.tally("site", tmp_path / "site", "--lang", "en", "--through", LAST).ok()
    for path, parameters, file in [
        ("/", {}, "index.html"),
        ("/ranking", {}, "2021/ranking.html"),
        ("/unit", {"id": "H1"}, "2021/units/H1.html"),
        ("/measure", {}, "2021/measure.html"),
        ("/clause", {"id": "named"}, "2021/clauses/named.html"),
        ("/costs", {}, "2021/costs.html"),
    ]:
        page = HtmlPage((tmp_path / "site" / file).read_text(encoding="utf-8"))
        assert page.text == get(fires, path, **parameters).text
    assert not (tmp_path / "site" / "2021" / "periods").exists()


@pytest.fixture
def town(tmp_path):
    """Return a new ledger under the first measure."""
    tally = Tally(tmp_path)
    tally("init", "--by", "office").ok()
    return tally


def test_a_carried_quarter_says_so_wherever_it_is_shown(town):
    carried = {"unit": "V001", "period": "2016Q1", "basis": "一季度通报（2016）2号"}
    points = {"basic_work": "7.5", "abnormal_petitions": "10"}
    town.take_in(
        *UNITS[:1],
        {"kind": "carried_quarter", "id": "CQ-1", "sections": points, **carried},
        *reports("V001", "2016-03"),
    )
    with session(town.url) as opened:
        client, until = client_of(opened), {"through": "2016-03-31"}
        page = client.page("/ranking", **until)
        assert page.row("V001")[3] == "17.5†"
        assert "†: carried forward as published before the ledger began." in page.text
        note = "carried forward as published: 一季度通报（2016）2号"
        row = ["2016Q1", "17.5", "7.5", "10", "0", "0", note]
        assert row in client.page("/unit", id="V001", **until).cells()
        page = client.page("/period", unit="V001", period="2016Q1", **until)
        assert note in page.text
        assert "Closes at 17.5" in page.text
        text = client.page("/entry", id="CQ-1", lang="zh", **until).text
        assert "基础工作 7.5" in text
        assert "−0.5 甲村 2016Q1 三（一）1 基础工作" in text


def test_a_period_in_which_a_unit_is_not_assessed_is_no_part_of_it(town):
    town.take_in({**UNITS[0], "assessed_from": "2016-06-01"})
    with session(town.url) as opened:
        client, until = client_of(opened), {"through": "2016-08-31"}
        page = client.page("/ranking", **until)
        assert page.row("V001")[3:7] == ["–", "–", page.row("V001")[5], ""]
        text = client.page("/unit", id="V001", **until).text
        assert "Assessed from 2016-06-01 to 2016-11-30." in text
        assert "Not assessed in 2016Q1, 2016Q2: left out of the total." in text
        text = client.error(404, "/period", unit="V001", period="2016Q1", **until)
        assert "V001 is not assessed in 2016Q1." in text


def test_an_outside_host_of_a_batch_is_named_as_such(town):
    outside = {"kind": "unit", "id": "X1", "name": "邻镇乙村", "type": "outside"}
    town.take_in(*UNITS, outside, batch(host_unit="X1"))
    with session(town.url) as opened:
        text = client_of(opened).page("/entry", id="B-1").text
    assert "host unitX1 邻镇乙村 (outside party, not assessed)" in text


def test_the_year_menu_lists_the_adopted_years_with_their_measures(town):
    town.take_in(*UNITS)
    with session(town.url) as opened:
        client = client_of(opened)
        ledger = Ledger(opened.ledger.store, Measures)
        content = {**read_measure(BUILT_IN)}
        content["measure.toml"] = content["measure.toml"].replace('"quarter-score"', '"q-score"')
        ledger.adopt(2017, BUILT_IN, content, "钱政办发（2017）1号", "office")
        last = ledger.position()
        assert "/?year=2017" not in client.page("/ranking", through_may=False, year="2016").links
        rows = client.page("/measure").cells()
        assert next(row for row in rows if row[0] == "2017")[-1] == "not verified yet"
        asked = client.error(404, "/", year="2017")
        assert "the measure of 2017, qianlianghu-2016, awaits verification" in asked
        provisional = {"through_may": False, "year": "2017", "provisional": "1"}
        assert "Ranking 2017" in client.page("/ranking", **provisional).text
        ledger.verify(["measure:2017"], "head")
        page = client.page("/ranking", through_may=False, year="2016")
        assert "/?year=2017" in page.links
        page = client.page("/measure", through_may=False, year="2017")
        rows = {row[0]: row for row in page.cells() if row[0] in {"2016", "2017"}}
        assert rows["2016"][3] == "1"
        assert rows["2017"][3] == str(last)
        assert rows["2016"][2] != rows["2017"][2]
        assert rows["2017"][-1] == f"in force, verified by head at position {last + 1}"
        assert "q-score" in client.get("/clauses", year="2017").text
        assert "q-score" not in client.get("/clauses", year="2016").text
        asked = client.error(404, "/", year="2015")
        assert "year 2015 has no measure: adopt one" in asked
        # As it was known before the adoption, the year has none.
        client.error(404, "/", year="2017", as_of=str(last - 1))


def test_another_measure_is_named_as_a_cause_of_differences(town):
    months = [f"2016-{month:02}" for month in (1, 2, 3)]
    town.take_in(*UNITS[:1], *reports("V001", "2015-12", *months), batch())
    with session(town.url) as opened:
        client = client_of(opened)
        ledger = Ledger(opened.ledger.store, Measures)
        before = ledger.position()
        content, name = {**read_measure(BUILT_IN)}, "clauses/04-abnormal-petitions.toml"
        one = 'when = { level = ["town"], headcount = "1-5" }\npoints = "-1"'
        assert one in content[name]
        content[name] = content[name].replace(one, one.replace('"-1"', '"-2.5"'))
        ledger.adopt(2016, BUILT_IN, content, "钱政办发（2016）20号", "office")
        ledger.verify(["measure:2016"], "head")
        parameters = {"from": str(before), "through": "2016-03-31"}
        page = client.page("/differences", through_may=False, year="2016", **parameters)
        assert ["2016Q2 Abnormal petitions", "11", "9.5"] in page.cells()
        assert "The measure is another:" in page.text
        assert "because of measure:2016" in page.text
        assert "/measure?year=2016&through=2016-03-31" in page.links
        rows = [row for row in client.page("/measure").cells() if row[0] == "2016"]
        assert [row[-1].split(",")[0] for row in rows] == ["superseded", "in force"]


def test_the_bulletin_of_a_year_has_its_page_of_differences(tmp_path):
    """H1's fire of 40 square metres, −3, turns out to be one of 400, −10: 97 becomes 90."""
    tally = Tally(tmp_path)
    tally("init", "--measure", FIRES, "--by", "office").ok()
    unit = {"kind": "unit", "id": "H1", "name": "石坡村", "type": "village", "group": "hill"}
    tally.take_in(unit, fire("F-1", "H1", "patrol", 40, "2021-05-20"))
    tally("publish", "2021", "--through", LAST, "--by", "office").ok()
    correction = ("--set", "area=400", "--reason", "录错", "--by", "clerk", "--yes")
    tally("correct", "F-1", *correction).ok()
    tally("verify", "--all", "--by", "head").ok()
    with session(tally.url) as opened:
        client = client_of(opened)
        for start in ("2021#1", "2021"):
            page = get(client, "/differences", **{"from": start})
            assert "F-1.2" in page.text
            assert [row[1:] for row in page.cells() if row[0] == "total"] == [["97", "90"]]
    tally("site", tmp_path / "site", "--through", LAST).ok()
    written = tmp_path / "site/2021/differences/2021-1.html"
    assert "F-1.2" in written.read_text(encoding="utf-8")


def test_differences_name_results_and_groups_by_their_titles_and_a_year_as_an_edition(fires):
    """Before position 9 nothing counts: every field of a unit is a change."""
    page = get(fires, "/differences", **{"from": "2", "lang": "zh"})
    assert ["等次", "—", "不合格"] in page.cells()
    assert ["分组", "—", "丘陵组"] in page.cells()
    assert "2021 为最近一版，2021#1 为第一版" in page.text
    assert "2016Q2" not in page.text
