"""An edition of a region is given again exactly, or the towns that differ are named."""

from datetime import date

import pytest
from msgspec.structs import replace

from projections.region.code_hash import code_hash
from projections.region.editions import (
    DamagedEditionsError,
    NoEditionError,
    append_edition,
    edition_of,
    editions_path,
    read_editions,
)
from projections.region.engines.here import Here
from projections.region.faults import FoldFaultError
from projections.region.messages import DiffQuestion, EditionQuestion
from projections.region.publishing import (
    HolesError,
    WithoutError,
    moved_since,
    publish,
    reproduced,
)
from projections.region.towns import read_region
from tests.region.regions import write_region
from tests.region.small_towns import code_of, make_town
from tests.region.three_towns import QUIET, TOWNS, region_of, visit

FIRST, SECOND, THIRD = TOWNS
DAY = date.fromisoformat(QUIET)
WHEN = "2016-12-31T08:00:00.000000Z"
QUESTION = EditionQuestion(date(2016, 12, 31), 2016, DAY)


@pytest.fixture
def copies(tmp_path, towns):
    """Return copies of the three towns, which a test may change, by code."""
    return {code: town.copy(tmp_path / code) for code, town in towns.items()}


@pytest.fixture
def region(tmp_path, copies):
    """Return the region of the copies."""
    return read_region(region_of(tmp_path, copies))


def published(region, **more):
    edition, _ = publish(region, QUESTION, Here(), "office", WHEN, **more)
    return edition


def totals(outcome):
    """Return by town and unit the total."""
    return {
        f"{code[-3:]} {unit.unit}": unit.total
        for code, scores in outcome.values.items()
        for unit in scores.units
    }


def whys(outcome):
    return {code: str(FoldFaultError(fault)) for code, fault in outcome.lost.items()}


def test_an_edition_holds_each_position_and_root_and_follows_the_one_before(region):
    first, second = published(region), published(region)
    assert [(one.town, one.position) for one in first.towns] == [
        (THIRD, 7),
        (FIRST, 7),
        (SECOND, 7),
    ]
    assert (first.number, second.number) == (1, 2)
    assert (first.previous, second.previous) == (None, first.root)
    assert (first.by, first.at, first.program) == ("office", WHEN, code_hash())
    assert sorted(first.measures.values()) == ["qianlianghu-2016", "shengzhou-2010-62"]
    assert read_editions(region) == [first, second]


def test_an_edition_is_given_again_after_the_ledgers_moved_on(region, copies):
    """三.一.2 and 三.2: 19 and 20, 17 and 20; before issue nobody has an account of 2,000."""
    edition = published(region)
    copies[FIRST].take_in(visit("B-2", "V002", "district", 1, "2015-12-07"))
    found = reproduced(region, edition, Here())
    assert not found.lost
    assert totals(found) == {
        "101 V001": "19",
        "101 V002": "20",
        "102 V001": "17",
        "102 V002": "20",
        "001 V001": "0",
        "001 V002": "0",
    }


def test_what_moved_since_an_edition_is_told_by_town(region, copies):
    edition = published(region)
    copies[FIRST].take_in(visit("B-2", "V002", "district", 1, "2015-12-07"))
    question = DiffQuestion(
        date(2016, 12, 31),
        edition=edition.root,
        published_through=edition.through,
        year=2016,
        through=DAY,
    )
    found = moved_since(region, edition, question, Here())
    moves = {code: [one.after.unit for one in value.moves] for code, value in found.values.items()}
    assert moves == {FIRST: ["V001", "V002"], SECOND: [], THIRD: []}


def test_a_town_whose_published_events_are_others_is_named(region, copies):
    edition = published(region)
    path = copies[FIRST].path
    path.write_bytes(path.read_bytes().replace("甲村".encode(), "己村".encode()))
    found = reproduced(region, edition, Here())
    assert {one[:3] for one in totals(found)} == {"001", "102"}
    assert set(whys(found)) == {FIRST}
    assert "up to position 7 are not those that were published" in whys(found)[FIRST]
    since = DiffQuestion(date(2016, 12, 31), edition=edition.root, year=2016)
    assert set(moved_since(region, edition, since, Here()).lost) == {FIRST}


def test_other_scores_of_the_same_events_are_named(region):
    edition = published(region)
    other = replace(edition.towns[0], scores="0" * 64)
    changed = replace(edition, towns=(other, *edition.towns[1:]))
    assert "give other scores" in whys(reproduced(region, changed, Here()))[THIRD]


def test_an_edition_with_a_lost_town_is_refused_unless_it_is_named(region, copies):
    copies[SECOND].path.unlink()
    with pytest.raises(HolesError, match=f"1 of 3 towns did not answer \\({SECOND}\\)"):
        published(region)
    assert not editions_path(region).exists()
    edition = published(region, without=[SECOND])
    assert [(one.town, one.fault.kind) for one in edition.without] == [(SECOND, "NotALedgerError")]
    found = reproduced(region, edition, Here())
    assert found.asked == 3
    assert whys(found)[SECOND].startswith("edition 1 is without it: sqlite:")
    assert "is not a ledger" in whys(found)[SECOND]


def test_a_town_that_answers_cannot_be_left_out(region):
    with pytest.raises(WithoutError, match=f"{FIRST} answered"):
        published(region, without=[FIRST])
    with pytest.raises(WithoutError, match="430681999: no town"):
        published(region, without=["430681999"])
    assert not editions_path(region).exists()


def test_units_of_a_town_that_joined_the_region_are_new(region, copies, tmp_path):
    fewer = {code: town for code, town in copies.items() if code != SECOND}
    edition = published(read_region(region_of(tmp_path, fewer)))
    region_of(tmp_path, copies)
    question = DiffQuestion(date(2016, 12, 31), edition=edition.root, published_on=DAY, year=2016)
    found = moved_since(region, edition, question, Here())
    assert not found.lost
    moves = found.values[SECOND].moves
    assert [(one.before, one.after.unit) for one in moves] == [(None, "V002"), (None, "V001")]
    assert list(reproduced(region, edition, Here()).values) == [FIRST, THIRD]


def test_a_town_that_left_the_region_is_named(region, copies, tmp_path):
    edition = published(region)
    del copies[SECOND]
    found = reproduced(read_region(region_of(tmp_path, copies)), edition, Here())
    assert "not in the region's list any more" in whys(found)[SECOND]
    assert found.asked == 3


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda lines: [lines[0].replace(b'"by":"office"', b'"by":"nobody"'), lines[1]], ":1: "),
        (lambda lines: [lines[0].replace(b'"position":7', b'"position":6', 1), lines[1]], ":1: "),
        (lambda lines: lines[1:], "edition 2 is in the place of edition 1"),
        (lambda lines: [lines[0], lines[1][:-20]], ":2: this edition is cut short"),
        (lambda lines: [lines[0], b"{}\n"], ":2: this is no edition"),
    ],
)
def test_a_changed_file_of_editions_is_refused_by_its_line(region, change, what):
    published(region)
    edition = published(region)
    path = editions_path(region)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    before = path.read_bytes()
    with pytest.raises(DamagedEditionsError, match=what):
        edition_of(region, 1)
    with pytest.raises(DamagedEditionsError, match=what):
        append_edition(region, edition)
    assert path.read_bytes() == before


def test_an_edition_that_is_not_there_is_refused(region):
    with pytest.raises(NoEditionError, match="nothing was published"):
        edition_of(region, 1)
    published(region)
    with pytest.raises(NoEditionError, match="there is no edition 2; the last one is 1"):
        edition_of(region, 2)


def test_ledgers_on_a_server_are_published_and_given_again(tmp_path, server):
    schemas = ["edition_0", "edition_1"]
    for number, schema in enumerate(schemas):
        make_town(server.schema(schema), number)
    rows = [f"{code_of(n)},样例镇{n},up,{schema}," for n, schema in enumerate(schemas)]
    servers = f'[servers.up]\nurl = "{server.url.replace(":@", "@")}"\n'
    region = read_region(write_region(tmp_path, rows, servers))
    try:
        edition = published(region)
        found = reproduced(region, edition, Here())
        assert not found.lost
        assert len(totals(found)) == 4
        with server.connect() as connection:
            connection.execute("ALTER TABLE edition_1.stored_events DISABLE TRIGGER USER")
            connection.execute(
                "UPDATE edition_1.stored_events SET state = convert_to(replace(convert_from("
                "state, 'UTF8'), '样例村1', '样例村9'), 'UTF8') WHERE originator_id = 'V001'"
            )
        assert (
            "are not those that were published"
            in whys(reproduced(region, edition, Here()))[code_of(1)]
        )
    finally:
        with server.connect() as connection:
            for schema in schemas:
                connection.execute(f"DROP SCHEMA {schema} CASCADE")
