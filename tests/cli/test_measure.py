"""`tally measure`: list, show, check, new, diff and adopt."""

from __future__ import annotations

import pytest

from ledger.stores import DEFAULT_URL
from projections.measure import load_measure, read_measure, shipped
from tests.cli.running import Tally
from tests.support import change

FIRST = "qianlianghu-2016"


def test_list_has_the_shipped_and_the_adopted(tally):
    """The founding adoption is in force, and the program's own copy is the same."""
    found = tally("measure", "list", "--json").ok().json
    assert [one["id"] for one in found["shipped"]] == shipped()
    assert all(set(one) == {"id", "name", "number", "year", "sha256"} for one in found["shipped"])
    (adopted,) = found["adopted"]
    own = load_measure(read_measure(FIRST))
    assert adopted["sha256"] == own.sha256
    assert (adopted["year"], adopted["id"], adopted["position"]) == (2016, FIRST, 1)
    assert (adopted["in_force"], adopted["as_shipped"], adopted["verified_by"]) == (
        True,
        True,
        None,
    )


def test_list_without_a_ledger_has_the_shipped_alone(nothing):
    """That there is none is said on standard error."""
    assert nothing("measure", "list", "--json").ok().json["adopted"] == []
    run = nothing("measure", "list").ok()
    assert "no measure is adopted" in run.out
    assert run.err.startswith(f"tally: {nothing.url} is not a ledger: there is no such file")


def test_list_where_no_ledger_is_named_or_expected_reports_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tally = Tally(tmp_path)
    tally.url = DEFAULT_URL
    run = tally("measure", "list").ok()
    assert "no measure is adopted" in run.out
    assert run.err == ""
    (tmp_path / "tally.db").write_text("x", encoding="utf-8")
    assert "tally.db is not a ledger" in tally("measure", "list").ok().err


@pytest.mark.parametrize(
    "words",
    [
        ["show", "2016"],
        ["diff", "2016", FIRST],
        ["adopt", FIRST, "--year", "2017", "--basis", "x", "--by", "y"],
    ],
)
def test_what_needs_a_ledger_is_refused_without_one(nothing, words):
    assert "is not a ledger" in nothing("measure", *words).refused().err


def test_list_tells_an_adoption_that_awaits_verification_or_differs(tally, draft):
    change(draft, "measure.toml", 'number = "', 'number = "修订')
    tally("measure", "adopt", draft, "--year", 2016, "--basis", "修订通知", "--by", "clerk").ok()
    out = tally("measure", "list").ok().out
    assert "awaits verification: `tally verify measure:2016`" in out
    assert "the program's own copy differs" in out
    tally("verify", "measure:2016", "--by", "head").ok()
    first, second = tally("measure", "list", "--json").ok().json["adopted"]
    assert (first["in_force"], second["in_force"]) == (False, True)
    assert (first["as_shipped"], second["as_shipped"]) == (True, False)
    assert second["verified_by"] == "head"


def test_show_prints_the_clauses_of_a_measure(nothing):
    out = nothing("measure", "show", FIRST).ok().out
    assert "三（一）1（1） 矛盾纠纷排查 (screening)" in out
    assert "readings in force" not in out


def test_show_prints_one_clause_with_its_quotes(nothing):
    out = nothing("measure", "show", FIRST, "yellow-card").ok().out
    assert "被黄牌警告的每次扣2分" in out
    assert "screening" not in out
    found = nothing("measure", "show", FIRST, "三（三）2", "--json").ok().json
    assert [one["clause"] for one in found["clauses"]] == ["criticism", "yellow-card"]
    assert found["id"] == FIRST
    assert "no clause or citation 'x'" in nothing("measure", "show", FIRST, "x").refused().err


def test_show_of_a_year_is_what_the_ledger_adopted(tally):
    assert tally("measure", "show", 2016, "--json").ok().json["id"] == FIRST
    assert "year 2017 has no measure" in tally("measure", "show", 2017).refused().err


def test_show_of_nothing_names_the_measures(nothing):
    err = nothing("measure", "show", "nowhere").refused().err
    assert "nowhere is neither a folder with measure.toml nor one of" in err


@pytest.mark.parametrize("name", shipped())
def test_check_finds_no_problem_in_what_ships(nothing, name):
    found = nothing("measure", "check", name, "--json").ok().json
    assert (found["measure"], found["sound"], found["problems"]) == (name, True, [])
    assert found["cases"]["run"] > 10
    assert found["cases"]["failed"] == []


def test_check_says_that_nothing_was_compared_with_a_text(nothing, draft):
    said = "there is no text.txt: nothing was compared with a text"
    assert said not in nothing("measure", "check", draft).ok().out
    (draft / "text.txt").unlink()
    (draft / "sentences.toml").unlink()
    assert said in nothing("measure", "check", draft).ok().out
    assert nothing("measure", "check", draft, "--json").ok().json["text"] is False


def test_check_prints_every_problem_and_fails(nothing, draft):
    change(draft, "clauses/01-screening.toml", 'each = "month"', 'eech = "month"')
    change(draft, "clauses/08-commendation.toml", 'level = ["district"]', 'level = ["county"]')
    run = nothing("measure", "check", draft)
    assert run.status == 1
    lines = run.out.splitlines()
    assert lines[0].startswith("clauses/01-screening.toml, screening: there is no key 'eech'")
    assert lines[1].startswith("clauses/08-commendation.toml, commendation.amount[2].when.level: ")
    assert lines[2:] == ["2 problems; no case was run"]
    found = nothing("measure", "check", draft, "--json")
    assert found.status == 1
    assert [one["place"] for one in found.json["problems"]] == [
        "screening",
        "commendation.amount[2].when.level",
    ]


def test_check_prints_remarks_and_does_not_fail(nothing):
    out = nothing("measure", "check", FIRST).ok().out
    assert "remark: clauses/06-inspection.toml, inspection-3: " in out
    assert f"{FIRST}: no problem, 4 remarks; " in out


def test_check_prints_the_cases_that_fail_and_fails(nothing, draft):
    change(draft, "clauses/13-yellow-card.toml", 'points = "-2"', 'points = "-3"')
    run = nothing("measure", "check", draft)
    assert run.status == 1
    assert "V1: clause.yellow-card should be -2 and is -3" in run.out
    assert "no problem, 5 remarks;" in run.out, "the quote says 2"
    found = nothing("measure", "check", draft, "--json")
    assert (found.json["sound"], found.json["problems"]) == (False, [])


@pytest.mark.usefixtures("zh")
def test_check_in_chinese(nothing, draft):
    change(draft, "clauses/01-screening.toml", 'each = "month"', 'eech = "month"')
    run = nothing("measure", "check", draft)
    assert "没有“eech”" in run.out or "eech" in run.out
    assert "there is" not in run.out


def test_new_makes_a_sound_skeleton(nothing):
    """It is checked and its case comes out; its id is the folder's name."""
    folder = nothing.folder / "ours-2017"
    found = nothing("measure", "new", folder, "--json").ok().json
    assert found["measure"] == "ours-2017"
    assert sorted(found["files"]) == sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*.toml")
    )
    checked = nothing("measure", "check", folder, "--json").ok().json
    assert (checked["measure"], checked["sound"], checked["cases"]["run"]) == ("ours-2017", True, 1)


def test_new_copies_a_measure_under_another_id(nothing):
    folder = nothing.folder / "copy"
    nothing("measure", "new", folder, "--from", FIRST, "--id", "qianlianghu-2017").ok()
    made, first = read_measure(folder), read_measure(FIRST)
    assert load_measure(made).id == "qianlianghu-2017"
    assert {name for name in made if made[name] != first[name]} == {"measure.toml"}
    assert made.keys() == first.keys()


def test_new_refuses_a_folder_that_is_not_empty(nothing):
    folder = nothing.folder / "ours"
    folder.mkdir()
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    err = nothing("measure", "new", folder).refused().err
    assert "is there already and not empty" in err
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_new_refuses_a_name_that_cannot_be_an_id(nothing):
    err = nothing("measure", "new", nothing.folder / "a b").refused().err
    assert "--id: 'a b' cannot be the id of a measure; give another" in err
    assert not (nothing.folder / "a b").exists()


def adopt(tally, named, *more):
    return tally(
        "measure", "adopt", named, "--year", 2017, "--basis", "通知", "--by", "clerk", *more
    )


def test_adopt_puts_a_measure_on_the_ledger(tally, draft):
    """It is in force once somebody else has verified it."""
    found = adopt(tally, draft, "--json").ok().json
    content = read_measure(draft)
    sha256 = load_measure(content).sha256
    assert found == {
        "measure": {"id": FIRST, "sha256": sha256, "year": 2017},
        "verify": "measure:2017",
        "position": 2,
    }
    assert "2017" in tally("score", "--year", 2017).refused().err
    assert "somebody else" in tally("verify", "measure:2017", "--by", "clerk").refused().err
    tally("verify", "measure:2017", "--by", "head").ok()
    assert tally("score", "--year", 2017, "--json").ok().json["measure"]["sha256"] == sha256


def test_adopt_refuses_a_folder_with_problems(tally, draft):
    change(draft, "clauses/01-screening.toml", 'each = "month"', 'eech = "month"')
    before = tally.position
    err = adopt(tally, draft).refused().err
    assert "clauses/01-screening.toml, screening: there is no key 'eech'" in err
    assert tally.position == before


def test_adopt_refuses_a_measure_whose_cases_fail(tally, draft):
    change(draft, "clauses/13-yellow-card.toml", 'points = "-2"', 'points = "-3"')
    before = tally.position
    err = adopt(tally, draft).refused().err
    assert "worked cases fail, the first: cases/" in err
    assert tally.position == before


def test_adopt_refuses_a_second_adoption_that_awaits_verification(tally, draft):
    adopt(tally, draft).ok()
    assert "awaits verification" in adopt(tally, draft).refused().err


def test_adopt_needs_a_year_and_a_basis(tally):
    tally("measure", "adopt", FIRST, "--by", "clerk", "--basis", "x").misused()
    tally("measure", "adopt", FIRST, "--by", "clerk", "--year", 2017).misused()
    tally("measure", "adapt").misused()


TWO_FAIL = """
[[case]]
name = "黄牌一次"
through = 2016-03-10
in_time = true
entry = [{ kind = "yellow_card", id = "Y-1", issued_on = "2016-03-10" }]
[case.expect.V1]
penalties = "3"
"clause.yellow-card" = "-3"
postings = [{ clause = "yellow-card", points = "-3" }]

[[case]]
name = "无黄牌"
through = 2016-03-10
in_time = true
[case.expect.V1]
penalties = "3"
"""


def test_check_prints_what_came_out_of_a_case_that_fails(nothing, draft):
    """What was found stands below what was expected, with its working and its entry."""
    (draft / "cases" / "own.toml").write_text(TWO_FAIL, encoding="utf-8")
    run = nothing("measure", "check", draft)
    assert (run.status, run.err) == (1, "")
    assert "cases/own.toml: 黄牌一次: V1: penalties should be 3 and is 2" in run.out
    assert "  found: V1 yellow-card 2016Q2 -2: 2: yellow card on 2016-03-10 [Y-1]" in run.out
    found = nothing("measure", "check", draft, "--json").json["cases"]
    (posting,) = [one for one in found["postings"] if one["clause"] == "yellow-card"]
    assert posting == {
        "file": "cases/own.toml",
        "case": "黄牌一次",
        "unit": "V1",
        "clause": "yellow-card",
        "period": "2016Q2",
        "points": "-2",
        "entries": ["Y-1"],
        "working": "2: yellow card on 2016-03-10",
    }


def test_many_failed_cases_are_counted_and_not_all_printed(nothing, draft):
    """Of 25 cases ten are printed; JSON has all of them."""
    case = TWO_FAIL.partition("无黄牌")[2]
    own = "".join(f'[[case]]\nname = "第{number}例{case}' for number in range(25))
    (draft / "cases" / "own.toml").write_text(own, encoding="utf-8")
    run = nothing("measure", "check", draft)
    assert [line for line in run.out.splitlines() if "penalties should be 3" in line][9:] == [
        "cases/own.toml: 第9例: V1: penalties should be 3 and is 0"
    ]
    assert "15 more cases failed; --json has all of them" in run.out
    assert len(nothing("measure", "check", draft, "--json").json["cases"]["failed"]) == 25


def test_a_draft_is_said_to_fail_by_cases_and_not_by_values(tally, draft):
    """Four values of two cases are not as expected."""
    (draft / "cases" / "own.toml").write_text(TWO_FAIL, encoding="utf-8")
    said = "2 worked cases of qianlianghu-2016 fail"
    assert said in tally("reform", draft).ok().err
    assert said in tally("score", "--measure", draft).ok().err
