"""Pages of a region rank comparable towns alone, name the lost ones and lead to a town's own."""

from __future__ import annotations

import re
import shutil
from itertools import chain
from threading import Event

import pytest

from cli.pages.region.answers import AskedTowns
from cli.pages.region.app import region_application
from cli.pages.region.open_towns import KEPT, OpenTowns
from ledger.errors import TallyError
from ledger.message import Message
from projections.region.engines.here import Here
from projections.region.towns import read_region
from tests.cli.running import Tally
from tests.pages.conftest import PageClient
from tests.pages.html_page import HtmlPage
from tests.region.clusters import wait_for
from tests.region.regions import Counting, write_region
from tests.region.small_region import BURNT, CARDS, DAMAGED, HILLS, VILLAGES, make_small_region
from tests.region.small_towns import code_of, make_town

WHEN = {"year": "2016", "through": "2016-11-30"}
QUERY = "year=2016&through=2016-11-30"
WHY = "it is not valid JSON. The ledger is damaged: run `tally check`"


@pytest.fixture(scope="module")
def small_region(tmp_path_factory):
    return make_small_region(tmp_path_factory.mktemp("small"))


@pytest.fixture
def own_region(small_region, tmp_path):
    """The file of a copy that the test may change."""
    shutil.copytree(small_region.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / small_region.name


def client_of(file, make_engine=Here, **more):
    from starlette.testclient import TestClient  # noqa: PLC0415 - the extra may be missing

    region = read_region(file)
    towns = OpenTowns(region)
    app = region_application(AskedTowns(region, make_engine), towns, language="en", **more)
    http = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    return PageClient(http), towns


@pytest.fixture(scope="module")
def client(small_region):
    made, towns = client_of(small_region)
    with towns:
        yield made


def shown(client, path="/", **parameters):
    return client.page(path, through_may=False, **WHEN, **parameters)


def bars(page):
    """The rows of the tables of bars: rank, division, mean, towns, units, flagged, least, most."""
    rows = [row for row in page.cells() if len(row) == 10 and row[0] != "Rank"]
    return [[row[0], row[1], *row[3:9]] for row in rows]


def test_the_roll_up_is_shown_as_tiles(client):
    page = shown(client)
    tiles = (
        "样例省 towns answered 5 of 6 towns towns lost 1 units 10 units with a flag 1 "
        "measures 2 2 groups of comparable towns Compare: cities · counties · towns"
    )
    assert page.text.startswith(tiles)
    # The whole of a city: four towns, of which one is under the other measure.
    page = shown(client, **{"in": "4306"})
    assert "上溪市 4306 towns answered 4 of 4 towns towns lost 0 units 8 units with" in page.text


def test_divisions_are_ranked_among_comparable_towns_alone(client):
    # Figures of `make_small_region`. Inspections of 4306: (70 + 66 + 64) / 6 = 33.33.
    cities = [
        ["1", "上溪市 4306", "33.33", "3 of 4 1 not comparable", "6", "1", "29", "35"],
        ["1", "上溪市 4306", "100", "1 of 4 3 not comparable", "2", "", "100", "100"],
        ["2", "下溪市 4307", "95", "1 of 2 1 lost", "2", "", "90", "100"],
    ]
    counties = [
        ["1", "甲样县 430681", "34", "2 of 2", "4", "", "31", "35"],
        ["2", "乙样县 430682", "32", "1 of 2 1 not comparable", "2", "1", "29", "35"],
        ["1", "乙样县 430682", "100", "1 of 2 1 not comparable", "2", "", "100", "100"],
        ["2", "丙样县 430701", "95", "1 of 2 1 lost", "2", "", "90", "100"],
    ]
    assert bars(shown(client)) == cities
    page = shown(client, by="6")
    assert bars(page) == counties
    assert "Not comparable with the towns of the first table: another measure: fires" in page.text
    # The bar of 32 is 32/34 of the longest, which is 300 wide.
    widths = [attributes["width"] for tag, attributes in page.tags if tag == "rect"]
    assert widths == ["300.0", "282.4", "300.0", "285.0"]


def test_clicks_lead_from_the_region_to_a_town_and_back(client):
    city = client.page(shown(client).link_to("上溪市"), through_may=False)
    assert [row[1] for row in bars(city)] == ["甲样县 430681", "乙样县 430682", "乙样县 430682"]
    county = client.page(city.link_to("甲样县"), through_may=False)
    towns = [row for row in county.cells() if len(row) == 9 and row[0] != "Rank"]
    assert [[*row[:2], row[3]] for row in towns] == [
        ["1", "样例镇1 430681101", "35"],
        ["2", "样例镇2 430681102", "33"],
    ]
    assert county.link_to("上溪市") == f"/?{QUERY}&in=4306"
    town = client.page(county.link_to("样例镇1"), through_may=False)
    assert town.text.startswith("Overview 2016 2 units · median total 35 points")
    unit = client.page(town.link_to("样例村11"), through_may=False)
    assert unit.text.startswith("V001 样例村11 2016")
    links = [one for one in unit.links if one.startswith("/") and "/town/" not in one]
    assert links == [f"/?{QUERY}", f"/?{QUERY}&in=4306", f"/?{QUERY}&in=430681"]
    assert all(one.startswith(f"/town/{VILLAGES}/static/") for one in unit.sources)
    for source in unit.sources:
        assert client.http.get(source).status_code == 200
    # A position is of one ledger.
    past = client.page(f"/town/{VILLAGES}/", through_may=False, as_of="5", year="2016")
    assert past.link_to("上溪市") == "/?year=2016&in=4306"


def test_the_pages_of_a_town_are_those_of_its_ledger(client, small_region):
    from cli.pages.app import PATHS  # noqa: PLC0415 - the extra may be missing
    from cli.session import session  # noqa: PLC0415
    from tests.pages.conftest import client_of as client_of_ledger  # noqa: PLC0415

    own = {"id": "V001", "unit": "V001", "period": "2016Q2", "q": "V00"}
    with session(f"sqlite:///{small_region.parent / VILLAGES}.db") as opened:
        alone = client_of_ledger(opened)
        for path in {*PATHS} - {"/proof", "/clause", "/bulletin", "/margins", "/sensitivity"}:
            one = alone.page(path, through_may=False, **WHEN, **own)
            same = client.page(f"/town/{VILLAGES}{path}", through_may=False, **WHEN, **own)
            assert same.text == one.text, path
            links = [link.removeprefix(f"/town/{VILLAGES}") for link in same.links if link]
            assert links[5:] == [link for link in one.links if link][1:], path


def test_every_page_that_ranks_names_the_lost_towns_with_reasons(client):
    for path, parameters in (
        *(("/", {"by": by}) for by in ("2", "4", "6", "9", "12")),
        ("/", {"in": "4307"}),
        ("/", {"in": "430701"}),
        ("/units", {}),
    ):
        page = shown(client, path, **parameters)
        asked = 2 if "in" in parameters else 6
        assert f"{asked - 1} of {asked} towns" in page.text
        (row,) = (row for row in page.cells() if row[0] == DAMAGED)
        assert row[1] == "样例镇6"
        assert WHY in row[2]
        assert "lost" in page.ids
    assert "lost" not in shown(client, **{"in": "4306"}).ids
    # A division in which no town answered is not left out.
    text = shown(client, by="9").text
    assert f"Divisions in which no town answered 样例镇6 {DAMAGED} 0 of 1" in text
    said = client.error(500, f"/town/{DAMAGED}/", **WHEN)
    assert WHY in said


def test_units_are_ranked_among_comparable_towns_alone(client):
    rows = [row for row in shown(client, "/units").cells() if len(row) == 7 and row[0] != "Rank"]
    assert [[row[0], row[3], row[2], row[5]] for row in rows] == [
        ["1", "样例镇1 430681101", "35", ""],
        ["1", "样例镇1 430681101", "35", ""],
        ["1", "样例镇2 430681102", "35", ""],
        ["1", "样例镇3 430682101", "35", ""],
        ["5", "样例镇2 430681102", "31", ""],
        ["6", "样例镇3 430682101", "29", "vetoed"],
        ["1", "样例镇4 430682102", "100", ""],
        ["1", "样例镇4 430682102", "100", ""],
        ["1", "样例镇5 430701101", "100", ""],
        ["4", "样例镇5 430701101", "90", ""],
    ]
    link = shown(client, "/units").link_to("样例村21")
    assert link == f"/town/430681102/unit?{QUERY}&id=V001"


def test_pages_are_chinese_too(client):
    page = shown(client, lang="zh")
    latin = re.sub(r"qianlianghu-2016|fires-2021|[0-9a-f]{12}|tally\S*|position.*", "", page.text)
    assert not re.findall(r"[A-Za-z]{3,}", latin.partition("未答复的乡镇")[0])
    assert page.text.startswith("样例省 已答复 6个乡镇中5个已答复 未答复 1 ")
    assert "/?year=2016&through=2016-11-30&lang=zh&in=4306" in page.links


def test_wrong_addresses_are_told_what_to_do(client):
    for status, path, parameters, expected in (
        (404, "/", {"in": "99"}, "no town of the region is in a division 99"),
        (404, "/", {"in": "43068"}, "no town of the region is in a division 43068"),
        (400, "/", {"by": "5"}, "by: '5' is not a number of digits of a division; write 2, 4"),
        (400, "/", {"as_of": "7"}, "every ledger has positions of its own; give a day"),
        (400, "/units", {"part": "x"}, "part: "),
        (404, "/town/1/", {}, "1 is not the code of a town of the region"),
        (404, "/town/430681/unit", {"id": "V001"}, "430681 is not the code of a town"),
        (404, "/ranking", {}, "There is no page at this address."),
        (404, f"/town/{VILLAGES}/nothing", {}, "There is no page at this address."),
        (404, f"/town/{VILLAGES}/unit", {"id": "V9"}, "V9"),
    ):
        assert expected in client.error(status, path, **parameters), path
    assert client.http.get("/town/..%2f..%2fetc/").status_code == 404
    assert client.http.get("/", headers={"host": "evil.example"}).status_code == 421
    assert client.http.post(f"/town/{VILLAGES}/").status_code == 405
    assert client.http.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_towns_are_asked_once_a_minute_and_only_moved_ones_are_folded(own_region, monkeypatch):
    engines = [Counting() for _ in range(9)]
    made = iter(engines)
    now = [0.0]
    monkeypatch.setattr("cli.pages.region.answers.monotonic", lambda: now[0])
    client, towns = client_of(own_region, lambda: next(made))
    card = {"kind": "yellow_card", "id": "HP-9", "unit": "V002", "issued_on": "2016-06-20"}
    with towns:
        for path, more in (("/", {}), ("/", {"by": "6"}), ("/units", {})):
            shown(client, path, **more)
        assert [sorted(chain(*one.chunks)) for one in engines[:2]] == [sorted({*CARDS, *BURNT}), []]
        Tally(own_region.parent, own_region.parent / f"{VILLAGES}.db").take_in(card)
        assert bars(shown(client, by="6"))[0][2] == "34"
        now[0] += 61
        # 35 − 2 of one unit in four: (136 − 2) / 4 = 33.5.
        assert bars(shown(client, by="6"))[0][2] == "33.5"
    assert sorted(chain(*engines[1].chunks)) == [VILLAGES, DAMAGED]
    assert engines[2].chunks == []


def test_few_ledgers_are_kept_open(small_region):
    region = read_region(small_region)
    with OpenTowns(region) as towns:
        for town in region.towns:
            towns.pages(town.code, "en")
        kept = [town.code for town in region.towns if towns.find(town.code)]
        assert kept == [town.code for town in region.towns][-KEPT:]
        assert towns.pages(VILLAGES, "en") is towns.find(VILLAGES)
        assert towns.find(kept[0]) is None
    assert not any(towns.find(town.code) for town in region.towns)


def test_a_town_that_comes_back_is_shown_again(own_region):
    ledger = own_region.parent / f"{HILLS}.db"
    away = ledger.rename(own_region.parent / "away.db")
    client, towns = client_of(own_region, year=2016, digits=6)
    with towns:
        page = client.page("/", through_may=False, through="2016-11-30")
        assert "4 of 6 towns" in page.text
        assert "there is no such file" in client.error(503, f"/town/{HILLS}/")
        said = HtmlPage(client.http.get(f"/town/{HILLS}/").text)
        assert said.links[1] == "/"
        assert "/?in=4307" in said.links
        away.rename(ledger)
        page = client.page(f"/town/{HILLS}/", through_may=False, **WHEN)
        assert page.text.startswith("Overview 2016 2 units")


def test_faults_of_the_file_and_options_that_contradict_are_told_before_serving(own_region):
    tmp_path = own_region.parent
    tally = Tally(tmp_path)
    for words, expected in {
        ("--region", tmp_path / "none.toml"): "none.toml: cannot be read",
        ("--region", own_region, "--host", "0.0.0.0"): "--host: 0.0.0.0 is not a loopback",
        ("--region", own_region, "--ledger", "sqlite:///x.db"): "--ledger: a region names its own",
        ("--year", "2016"): "--year: is for a region; name it by --region FILE",
        ("--by", "4"): "--by: is for a region",
        ("--on", "local"): "--on: is for a region",
    }.items():
        assert expected in tally("serve", *words).refused().err
    (tmp_path / "towns.csv").write_text("code,name,path\n1,甲,a.db\n", encoding="utf-8")
    run = tally("serve", "--region", own_region).refused()
    assert "towns.csv:2: code (行政区划代码): '1' is not a division code" in run.err


def test_asking_again_and_again_leaves_no_connection(tmp_path, server):
    """Each question is asked on a thread of its own, whose connections end with it."""
    schemas = [f"pages_{number}" for number in range(2)]
    for number, schema in enumerate(schemas):
        make_town(server.schema(schema), number)
    url = server.url.replace(":@", "@")
    rows = [f"{code_of(n)},样例镇{n},up,{schema}," for n, schema in enumerate(schemas)]
    file = write_region(tmp_path, rows, f'[servers.up]\nurl = "{url}"\n')
    connected = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tally'"
    client, towns = client_of(file)
    with towns, server.connect() as own:
        for year in (2016, 2017, 2018):  # the last two are not adopted
            page = client.page("/", through_may=False, year=str(year))
            assert f"{2 if year == 2016 else 0} of 2 towns" in page.text
        wait_for(lambda: own.execute(connected).fetchone() == (0,), "connections to end")
        for schema in schemas:
            own.execute(f"DROP SCHEMA {schema} CASCADE")


def test_a_page_says_that_towns_are_being_asked_and_a_failure_is_told_once(small_region):
    """An engine that cannot be reached is asked again by the next page."""
    begun, attempts = Event(), []

    class Waiting(Here):
        def run(self, chunks):
            assert begun.wait(60)
            yield from super().run(chunks)

    def make_engine():
        if not attempts:
            attempts.append("failed")
            raise TallyError(Message("no scheduler is there"))
        return Waiting()

    client, towns = client_of(small_region, make_engine)
    # Another day than in other tests, so that nothing is kept of it.
    day = {"year": "2016", "through": "2016-11-29"}
    with towns:
        assert "no scheduler is there" in client.error(400, "/", **day)
        response = client.http.get("/", params=day)
        assert response.status_code == 200
        assert HtmlPage(response.text).text.startswith("样例省 This is being computed")
        # Meanwhile a town's own pages are answered.
        assert client.page(f"/town/{VILLAGES}/", through_may=False, **day)
        begun.set()
        assert "5 of 6 towns" in client.page("/", through_may=False, **day).text
