"""`correct` and `reverse`: what is shown before, what is asked, what is refused, what is appended.

A unit that hands in nothing has 8 points a quarter, 8.5 in the last, whose November report is
still owed on the 30th: 20 - 3 reports missing (3 x 1) - 6 cases short (6 x 1.5). With 3 for no
collective batch that is 35.5 a year.
"""

from __future__ import annotations

import pytest

from cli.commands import correct
from tests.cli.entries import OF_EACH_KIND, UNITS, batch
from tests.corrections.office import quarter_of

SLEEPY, QUARTER = "35.5", "8"
OF_BY = {"kind": "criticism", "id": "CT-1", "unit": "V001", "issued_on": "2016-04-01"}

RESPONSE = {"kind": "on_site_response", "id": "R-1", "unit": "V001", "batch": "B-1"}
OF_V002 = batch("B-2", level="district", headcount=10, unit="V002")

MOVES = {
    # District, 1-5 people cost 2, 6-10 people 3; collective from 5: 1.5 for no report.
    "across a tier": (
        [batch(level="district", headcount=5)],
        ["headcount=6"],
        {"V001": {"Q2": ("4.5", "3.5"), "total": ("29", "28")}},
    ),
    # 11-30 people to the district: 4. V002 is at 28 with ten.
    "across a tier and past another unit": (
        [batch(level="district", headcount=5), OF_V002],
        ["headcount=11"],
        {
            "V001": {"Q2": ("4.5", "2.5"), "total": ("29", "27"), "rank": (1, 2)},
            "V002": {"rank": (2, 1)},
        },
    ),
    "to another unit": (
        [batch()],
        ["unit=V002"],
        {
            "V001": {
                "Q2": ("7", "8"),
                "total": ("34.5", SLEEPY),
                "rank": (2, 1),
                "entries": ["B-1.R"],
            },
            "V002": {
                "Q2": ("8", "7"),
                "total": (SLEEPY, "34.5"),
                "rank": (1, 2),
                "entries": ["B-1.2"],
            },
        },
    ),
    # Of one point 0.7 for the liable unit, 0.3 for the host.
    "to two units": (
        [batch()],
        ["host_unit=V002"],
        {
            "V001": {"Q2": ("7", "7.3"), "total": ("34.5", "34.8")},
            "V002": {"Q2": ("8", "7.7"), "total": (SLEEPY, "35.2"), "entries": ["B-1.2"]},
        },
    ),
    "across a quarter": (
        [batch()],
        ["occurred_at=2016-02-29T23:59"],
        {"V001": {"Q1": ("8", "7"), "Q2": ("7", "8")}},
    ),
    # Six people: to the district 3 and 1.5 untold; to Beijing 12 and 3.
    "to a level that disqualifies": (
        [batch(level="district", headcount=6)],
        ["level=national"],
        {
            "V001": {
                "Q2": ("3.5", "-7"),
                "total": ("28", "17.5"),
                "disqualified": (False, True),
                "eligible": (True, False),
            }
        },
    ),
    # 49 people to the city: 6 and 2 untold; with 50 the same, and the flag.
    "to a number that disqualifies": (
        [batch(level="city", headcount=49)],
        ["headcount=50"],
        {"V001": {"disqualified": (False, True), "eligible": (True, False)}},
    ),
    # The district's 2 points; the province's criticism takes no point, but the year.
    "to a veto": (
        [{**OF_BY, "issuer": "district"}],
        ["issuer=province"],
        {
            "V001": {
                "total": ("33.5", SLEEPY),
                "penalties": ("2", "0"),
                "vetoed": (False, True),
                "eligible": (True, False),
                "rank": (2, 1),
            }
        },
    ),
    # Four people are no collective batch: 3 for the year, 0 instead of 1 untold.
    "out of being collective": (
        [batch(headcount=6)],
        ["headcount=4"],
        {
            "V001": {
                "Q2": ("5", "7"),
                "total": ("29.5", "34.5"),
                "rewards": ("0", "3"),
            }
        },
    ),
}


def corrected(entries):
    return entries[0]["id"]


def words_of(entry, settings):
    words = [word for setting in settings for word in ("--set", setting)]
    return ["correct", entry, *words, "--reason", "录错", "--by", "clerk"]


@pytest.mark.parametrize("move", MOVES)
def test_what_a_correction_would_change(office, move):
    entries, settings, expected = MOVES[move]
    office.take_in(*UNITS, *entries)
    stored = office.stored()
    entry = corrected(entries)
    shown = office(*words_of(entry, settings), "--dry-run", "--json").ok().json
    assert office.stored() == stored
    assert (shown["dry_run"], shown["position"]) == (True, office.position)
    (year,) = shown["preview"]
    assert year["year"] == 2016
    told = {unit["unit"]: unit for unit in year["units"]}
    assert told.keys() == expected.keys()
    for unit, figures in expected.items():
        fields = dict(figures)
        entries = fields.pop("entries", [f"{entry}.R", f"{entry}.2"])
        before, after = told[unit]["before"], told[unit]["after"]
        quarters = {name for name in fields if name.startswith("Q")}
        shown_quarters = {quarter["quarter"][4:] for quarter in before.get("quarters", [])}
        scores = {name for name in shown_quarters if _score(before, name) != _score(after, name)}
        assert scores == quarters
        assert before.keys() - {"open", "quarters"} == fields.keys() - quarters
        for name, (was, now) in fields.items():
            if name in quarters:
                assert (_score(before, name), _score(after, name)) == (was, now)
            else:
                assert (before[name], after[name]) == (was, now)
        assert told[unit]["entries"] == entries


def _score(fields, quarter):
    return quarter_of(fields, f"2016{quarter}").get("score")


@pytest.mark.parametrize("move", MOVES)
def test_the_preview_is_what_comes(office, move):
    """Once both are verified, `diff` shows what the preview showed, to the posting."""
    entries, settings, _ = MOVES[move]
    office.take_in(*UNITS, *entries)
    before, entry = office.position, corrected(entries)
    ((year),) = office(*words_of(entry, settings), "--dry-run", "--json").ok().json["preview"]
    after = office.correct(entry, *settings, verify=False)
    nothing_yet = office.diff("--from", before)
    assert all(unit["before"].keys() == {"open"} for unit in nothing_yet.values())
    assert after == before + 3
    office.verify()
    found = office("diff", "--year", "2016", "--from", before, "--json").ok().json
    assert found["units"] == year["units"]


def test_the_preview_as_a_page(office):
    """Unit, fields, postings, causes, and what to do next."""
    office.take_in(*UNITS, batch(level="district", headcount=5), OF_V002)
    run = office(*words_of("B-1", ["headcount=11"]), "--dry-run").ok()
    for line in (
        "What would change in 2016, once verified:",
        "V001 甲村",
        "  rank: 1 → 2",
        "  total: 29 → 27",
        "  2016Q2 score: 4.5 → 2.5",
        "  2016Q2 abnormal_petitions: 10 → 8",
        "    − abnormal-petitions -2: 2: 5 people to district; no response recorded [B-1]",
        "    + abnormal-petitions -4: 4: 11 people to district; no response recorded [B-1.2]",
        "  because of B-1.R, B-1.2",
        "V002 乙村",
        "  rank: 2 → 1",
        f"dry run, nothing written; the ledger is at position {office.position}",
    ):
        assert line in run.out.splitlines()
    done = office(*words_of("B-1", ["headcount=11"]), "--yes").ok()
    assert "appended B-1.R, B-1.2; to count, verify under another name:" in done.out
    assert "  tally verify B-1.R B-1.2 --by NAME" in done.out
    assert done.err == ""


def test_a_posting_that_changes_no_figure_is_shown(office):
    """12 or 13 people to the town: the points are the same, the working is not."""
    office.take_in(*UNITS, batch(headcount=12), {**RESPONSE, "arrival": "prompt"})
    ((year),) = (
        office(*words_of("B-1", ["headcount=13"]), "--dry-run", "--json").ok().json["preview"]
    )
    (unit,) = year["units"]
    assert (unit["unit"], unit["before"], unit["after"]) == ("V001", {}, {})
    assert [posting["points"] for posting in unit["postings"]["before"]] == ["-1", "-3", "0"]
    run = office(*words_of("B-1", ["headcount=13"]), "--dry-run").ok()
    assert "  score, rank and flags stay as they are" in run.out.splitlines()


def test_nothing_that_would_change(office):
    """A ruling on long stays, of which there were none."""
    office.take_in(*UNITS, RULING)
    words = words_of("RU-1", ["value=2"])
    assert office(*words, "--dry-run", "--json").ok().json["preview"] == []
    assert office(*words, "--dry-run").ok().out.startswith("No score, rank or flag would change.\n")


RULING = {
    "kind": "ruling",
    "id": "RU-1",
    "year": 2016,
    "reading": "overstay_factor",
    "value": "1.5",
    "basis": "会议纪要",
}


def test_what_a_reversal_would_change(office):
    """Six people to the town cost 2, 1 for no report and the 3 of a year without; V002 is tied."""
    office.take_in(*UNITS, batch(headcount=6))
    before = office.position
    words = ["reverse", "B-1", "--reason", "误录", "--by", "clerk"]
    ((year),) = office(*words, "--dry-run", "--json").ok().json["preview"]
    (unit,) = year["units"]
    assert unit["unit"] == "V001"
    assert (unit["before"]["total"], unit["after"]["total"]) == ("29.5", SLEEPY)
    assert (unit["before"]["rank"], unit["after"]["rank"]) == (2, 1)
    assert unit["entries"] == ["B-1.R"]
    office.reverse("B-1")
    found = office("diff", "--year", "2016", "--from", before, "--json").ok().json
    assert found["units"] == year["units"]


def test_a_preview_of_two_years(office):
    """A batch that is moved into the next year: both years are shown."""
    office.take_in(*UNITS, batch(occurred_at="2015-11-30T10:00"))
    shown = office(*words_of("B-1", ["occurred_at=2015-12-01T10:00"]), "--dry-run", "--json")
    years = {year["year"]: year["units"] for year in shown.ok().json["preview"]}
    assert years.keys() == {2015, 2016}
    scores = {
        year: {
            unit["unit"]: (unit["before"]["total"], unit["after"]["total"])
            for unit in units
            if "total" in unit["before"]
        }
        for year, units in years.items()
    }
    assert scores == {2015: {"V001": ("34.5", "35.5")}, 2016: {"V001": ("35.5", "34.5")}}


PERIOD = {
    "kind": "special_period",
    "id": "SP-1",
    "level": "district",
    "starts_on": "2015-11-20",
    "ends_on": "2015-12-10",
}
CASE = {
    "kind": "supervised_case",
    "id": "SC-1",
    "unit": "V001",
    "level": "town",
    "due_on": "2016-01-15",
}
RESOLUTION = {
    "kind": "case_resolution",
    "id": "RES-1",
    "unit": "V001",
    "case": "SC-1",
    "resolved_on": "2015-11-20",
}


def test_a_preview_of_the_year_in_which_a_special_period_ends(office):
    """The batch of November 2015 costs the unit 1 point in 2016: the period ended in December."""
    office.take_in(*UNITS, PERIOD, batch(occurred_at="2015-11-25T09:00"))
    before = office.position
    words = ["reverse", "B-1", "--reason", "误录", "--by", "clerk", "--dry-run", "--json"]
    years = {year["year"]: year["units"] for year in office(*words).ok().json["preview"]}
    office.reverse("B-1")
    units = office.diff("--from", before)
    assert (units["V001"]["before"]["total"], units["V001"]["after"]["total"]) == ("35.5", "36.5")
    assert {unit["unit"] for unit in years.get(2016, [])} == units.keys()


def test_a_preview_of_the_year_in_which_a_case_falls_due(office):
    """Resolved in November 2015, due in January 2016: 1 point of 2016."""
    office.take_in(*UNITS, CASE, RESOLUTION)
    before = office.position
    words = ["reverse", "RES-1", "--reason", "误录", "--by", "clerk", "--dry-run", "--json"]
    years = {year["year"]: year["units"] for year in office(*words).ok().json["preview"]}
    office.reverse("RES-1")
    units = office.diff("--from", before)
    assert (units["V001"]["before"]["total"], units["V001"]["after"]["total"]) == ("36.5", "35.5")
    assert {unit["unit"] for unit in years.get(2016, [])} == units.keys()


# ---- asking
CORRECT = words_of("B-1", ["headcount=12"])
REVERSE = ["reverse", "B-1", "--reason", "误录", "--by", "clerk"]
NOT_CONFIRMED = "tally: not confirmed; nothing was written. Answer y when asked, or give --yes\n"


@pytest.fixture
def town(office):
    """Two villages and a batch of three to the town."""
    office.take_in(*UNITS, batch())
    return office


@pytest.mark.parametrize("answer", ["n\n", "\n", "no\n", "nay\n", "Yep\n", "否\n"])
def test_no_writes_nothing(town, answer):
    stored = town.stored()
    run = town(*CORRECT, stdin=answer.encode())
    assert (run.status, run.err) == (1, f"\nAppend this? [y/N] {NOT_CONFIRMED}")
    assert run.out.startswith("What would change in 2016, once verified:\n")
    assert town.stored() == stored


@pytest.mark.parametrize("answer", ["y\n", "Y\n", "yes\n", " YES \n", "是\n", "y"])
def test_yes_writes(town, answer):
    before = town.position
    run = town(*CORRECT, stdin=answer.encode()).ok()
    assert run.err == "\nAppend this? [y/N] "
    assert town.position == before + 3


def test_correct_with_nobody_to_ask_writes_nothing(town):
    stored = town.stored()
    run = town(*CORRECT)
    assert (run.status, run.err) == (1, f"\nAppend this? [y/N] \n{NOT_CONFIRMED}")
    assert town.stored() == stored


def test_reverse_takes_nothing_of_a_script_that_is_no_answer(town):
    """A loop over ids feeds them on standard input: they are not answers."""
    before = town.position
    assert town(*REVERSE, stdin=b"B-2\n").ok().err == ""
    assert town.position == before + 2


def test_reverse_with_nobody_to_ask_goes_ahead(town):
    before = town.position
    assert town(*REVERSE, "--json").ok().json == {
        "recorded": 1,
        "verified": 0,
        "skipped": 0,
        "position": before + 2,
    }


@pytest.mark.parametrize("words", [CORRECT, REVERSE], ids=["correct", "reverse"])
def test_yes_is_not_asked(town, words):
    run = town(*words, "--yes").ok()
    assert run.err == ""
    assert run.out.startswith("What would change in 2016, once verified:\n")


@pytest.mark.parametrize("words", [CORRECT, REVERSE], ids=["correct", "reverse"])
@pytest.mark.parametrize("form", [[], ["--yes"], ["--json"], ["--format", "csv"]])
def test_a_dry_run_neither_asks_nor_writes(town, words, form):
    stored = town.stored()
    run = town(*words, "--dry-run", *form).ok()
    assert "Append" not in run.err
    assert town.stored() == stored


def test_json_alone_on_standard_output(town):
    """The preview goes to standard error then; the question too."""
    run = town(*CORRECT, "--json", stdin=b"y\n").ok()
    assert run.json["recorded"] == 2
    assert run.err.startswith("What would change in 2016, once verified:\n")
    assert run.err.endswith("Append this? [y/N] ")


def test_a_preview_counts_for_nothing_until_verified(town):
    town.correct("B-1", "headcount=12", verify=False)
    assert town.quarter("V001", "2016Q2") == "7"
    assert town.quarter("V001", "2016Q2", "--provisional") == "4"
    refused = town("verify", "B-1.R", "B-1.2", "--by", "clerk").refused()
    assert "was recorded by clerk; somebody else must verify it" in refused.err
    town.verify("B-1.R", "B-1.2")
    assert town.quarter("V001", "2016Q2") == "4"


# ---- the ledger moves between the preview and the append
@pytest.fixture
def answering(monkeypatch, town):
    """Has somebody append while the person thinks; keeps count of how often it is asked."""

    def arrange(*meanwhile, answers):
        left, asked = list(meanwhile), []

        def agreed(*, unasked):
            del unasked
            if left:
                left.pop(0)()
            asked.append(town.position)
            return answers[len(asked) - 1]

        monkeypatch.setattr(correct, "_agreed", agreed)
        return asked

    return arrange


MOVED = "tally: the ledger moved, and what would change is no longer the same\n"


def test_what_moves_the_preview_is_told_and_asked_again(town, answering):
    """A response comes in: late, so half as much again. 3 × 1.5 instead of 3, and 1 untold."""
    asked = answering(lambda: town.take_in({**RESPONSE, "arrival": "late"}), answers=[True, True])
    before = town.position
    run = town(*CORRECT).ok()
    assert asked == [before + 2, before + 2]
    assert run.err == MOVED
    assert run.out.count("What would change in 2016, once verified:") == 2
    first, _, second = run.out.partition("2016Q2 score: 7 → 4")
    assert "Q2 score" not in first
    assert "2016Q2 score: 6.5 → 2.5" in second
    assert town.position == before + 2 + 3
    town.verify()
    assert town.quarter("V001", "2016Q2") == "2.5"


def test_no_to_the_second_question_writes_nothing(town, answering):
    answering(lambda: town.take_in({**RESPONSE, "arrival": "late"}), answers=[True, False])
    before = town.position
    run = town(*CORRECT)
    assert (run.status, run.err) == (1, MOVED + NOT_CONFIRMED)
    assert town.position == before + 2


def test_it_may_move_again_and_again(town, answering):
    asked = answering(
        lambda: town.take_in({**RESPONSE, "arrival": "late"}),
        lambda: town.take_in(batch("B-2", headcount=5)),
        lambda: town.take_in({**OF_BY, "issuer": "province"}),
        answers=[True] * 4,
    )
    # The third changes no field that this correction does: the veto was not among them.
    run = town(*CORRECT).ok()
    assert run.err.count(MOVED) == len(asked) - 1
    assert len(asked) == 3


def test_what_does_not_move_the_preview_is_not_asked_again(town, answering):
    """A yellow card of another unit of another year."""
    card = {"kind": "yellow_card", "id": "YC-1", "unit": "V002", "issued_on": "2014-04-01"}
    asked = answering(lambda: town.take_in(card), answers=[True])
    before = town.position
    run = town(*CORRECT).ok()
    assert asked == [before + 2]
    assert run.err == ""
    assert town.position == before + 2 + 3


def test_whoever_comes_first_while_it_is_asked(town, answering):
    """Another clerk takes the same entry back meanwhile: refused, who and when, nothing written."""
    answering(lambda: town.reverse("B-1", by="deputy", verify=False), answers=[True])
    run = town(*CORRECT)
    assert run.status == 1
    done = town("history", "B-1", "--json").ok().json["events"][-1]
    at = done["at"][:19].replace("T", " ")
    told = f"was taken back already, by B-1.R (deputy, {at} UTC, position {done['position']})"
    assert f"of: B-1 {told}" in run.err
    assert run.err.endswith("1 refused; nothing was written\n")
    assert town.position == done["position"]


def test_yes_for_scripts_shows_what_moved_too(town, monkeypatch):
    """Nobody is asked, but the page that is kept says what was appended."""
    left = [lambda: town.take_in({**RESPONSE, "arrival": "late"})]
    printed = correct._print_preview

    def print_preview(*arguments, **options):
        printed(*arguments, **options)
        if left:
            left.pop()()

    monkeypatch.setattr(correct, "_print_preview", print_preview)
    run = town(*CORRECT, "--yes").ok()
    assert run.err == MOVED
    assert run.out.count("What would change in 2016") == 2


# ---- the names of what is appended
def ids(office):
    ledger = office.ledger()
    try:
        return list(ledger.state().entries)
    finally:
        ledger.store.close()


def test_ids_after_the_entry(town):
    town.correct("B-1", "headcount=4")
    assert ids(town)[-2:] == ["B-1.R", "B-1.2"]
    town.correct("B-1.2", "headcount=5")
    assert ids(town)[-2:] == ["B-1.2.R", "B-1.2.2"]
    town.reverse("B-1.2.2")
    assert ids(town)[-1:] == ["B-1.2.2.R"]


def test_the_next_free_ids(town):
    """The office has used the numbers for something else."""
    town.take_in(*(batch(number) for number in ("B-1.R", "B-1.R2", "B-1.2", "B-1.3")))
    town.correct("B-1", "headcount=4")
    assert ids(town)[-2:] == ["B-1.R3", "B-1.4"]


@pytest.mark.parametrize(
    ("words", "appended"),
    [(CORRECT, ["B-1.R", "更/1"]), (REVERSE, ["更/1"])],
    ids=["correct", "reverse"],
)
def test_an_id_of_ones_own(town, words, appended):
    town(*words, "--id", "更/1", "--yes").ok()
    assert ids(town)[-len(appended) :] == appended


@pytest.mark.parametrize("words", [CORRECT, REVERSE], ids=["correct", "reverse"])
def test_an_id_that_is_taken(town, words):
    stored = town.stored()
    run = town(*words, "--id", "V001", "--yes").refused()
    assert run.err.startswith(
        "tally: V001: id: is the number of a unit, recorded at position 1 by clerk; give this "
    )
    assert town.stored() == stored


def test_an_id_that_would_be_too_long(office):
    """63 characters and two more."""
    long = "B" * 63
    office.take_in(*UNITS, batch(long, matter="XF-1"))
    run = office("reverse", long, "--reason", "误录", "--by", "clerk", "--yes").refused()
    assert run.err == (
        f"tally: {long}: id: {long}.R would be over 64 characters; name it yourself with --id\n"
        "tally: 1 refused; nothing was written\n"
    )
    office("reverse", long, "--reason", "误录", "--by", "clerk", "--yes", "--id", "X-1").ok()


# ---- every kind, every type of field
FIELDS = {
    "C001": (["name=新丙社区", "type=farm"], {"name": "新丙社区", "type": "farm"}),
    "SP-1": (
        ["level=district", "ends_on=2016-03-20"],
        {"level": "district", "ends_on": "2016-03-20"},
    ),
    "N-1": (["units=V002, C001"], {"units": ["V002", "C001"]}),
    "N-1 of every unit": (["units=", "title=清明排查"], {"units": None, "title": "清明排查"}),
    "RU-1": (["value=2"], {"value": "2"}),
    "SR-1": (["month=", "notice=N-1"], {"month": None, "notice": "N-1"}),
    "SR-2": (["submitted_on=2016-03-11"], {"submitted_on": "2016-03-11"}),
    "CR-1": (["cases=0"], {"cases": 0}),
    "IR-1": (
        ["matters=XF-1,XF-9", "urgency=urgent", "submitted_at=2016-03-04T00:30Z"],
        {
            "matters": ["XF-1", "XF-9"],
            "urgency": "urgent",
            "submitted_at": "2016-03-04T08:30:00+08:00",
        },
    ),
    "B-1": (
        ["host_unit=", "repeated=false", "abnormal=no", "key_person=no", "headcount=7"],
        {
            "host_unit": None,
            "repeated": False,
            "abnormal": False,
            "key_person": False,
            "headcount": 7,
        },
    ),
    "B-1 without its flags": (
        ["repeated=", "key_person="],
        {"repeated": False, "key_person": False},
    ),
    "R-1": (["stay_minutes=", "effective=false"], {"stay_minutes": None, "effective": False}),
    "R-1 of another stay": (
        ["stay_minutes=0", "arrival=ahead"],
        {"stay_minutes": 0, "arrival": "ahead"},
    ),
    "C-1": (["note=更正", "level=city"], {"note": "更正", "level": "city"}),
    "RS-1": (["level=province"], {"level": "province"}),
    "SC-1": (["due_on=2016-04-30"], {"due_on": "2016-04-30"}),
    "RES-1": (["resolved_on=2016-04-01"], {"resolved_on": "2016-04-01"}),
    "CT-1": (["issuer=city"], {"issuer": "city"}),
    "YC-1": (["issued_on=2016-06-01"], {"issued_on": "2016-06-01"}),
    "IF-1": (["points=0.75"], {"points": "0.75"}),
    "IF-2": (["missing=0"], {"missing": 0}),
    "IF-2 of a graded item": (
        ["item=5.2", "missing=", "points=1.5"],
        {"item": "5.2", "missing": None, "points": "1.5"},
    ),
}
EVERY_KIND = [*UNITS, *(entry for entry in OF_EACH_KIND if "C-1." not in entry["id"])]


def test_every_kind_is_corrected_here():
    kinds = {entry["id"]: entry["kind"] for entry in OF_EACH_KIND}
    corrected_kinds = {kinds[case.partition(" ")[0]] for case in FIELDS}
    assert corrected_kinds | {"reversal"} == set(kinds.values())
    assert len(set(kinds.values())) == 17


@pytest.mark.parametrize("case", FIELDS)
def test_a_correction_of_every_kind(office, case):
    """The replacement is the entry with the fields set, and what was left out stays."""
    entry, (settings, changes) = case.partition(" ")[0], FIELDS[case]
    office.take_in(*EVERY_KIND)
    office.correct(entry, *settings)
    old = office("history", entry, "--json").ok().json
    new = office("history", f"{entry}.2", "--json").ok().json
    content = {**old["events"][0]["content"], **changes}
    content = {name: value for name, value in content.items() if value is not None}
    assert new["events"][0]["content"] == {**content, "id": f"{entry}.2", "replaces": entry}
    assert (old["replaced_by"], new["replaces"]) == ([f"{entry}.2"], entry)
    assert [event["event"] for event in old["events"]] == ["recorded", "verified", "reversed"]
    assert old["events"][2]["in_effect"]
    assert (old["events"][2]["by_entry"], old["events"][2]["reason"]) == (f"{entry}.R", "录错")


@pytest.mark.parametrize("case", FIELDS)
def test_what_was_shown_of_every_kind(office, case):
    """For each year that the preview shows, `diff` shows the same afterwards."""
    entry, (settings, _) = case.partition(" ")[0], FIELDS[case]
    office.take_in(*EVERY_KIND)
    shown = office(*words_of(entry, settings), "--dry-run", "--json").ok().json
    office.correct(entry, *settings)
    for year in shown["preview"]:
        words = ["diff", "--from", shown["position"], "--year", year["year"], "--json"]
        told = [unit for unit in year["units"] if unit["before"] or unit["after"]]
        assert office(*words).ok().json["units"] == told


# ---- refusals
def test_refusals_word_for_word(town):
    town.reverse("B-1")
    done = town("history", "B-1", "--json").ok().json["events"][-1]
    at = done["at"][:19].replace("T", " ")
    taken_back = (
        f"B-1 was taken back already, by B-1.R (clerk, {at} UTC, position {done['position']})"
    )
    town.take_in(batch("B-2"))
    fields = (
        "id, note, replaces, unit, host_unit, matter, level, headcount, occurred_at, abnormal, "
        "repeated, key_person"
    )
    stored = town.stored()
    one = "tally: 1 refused; nothing was written\n"
    again = ["reverse", "B-1", "--reason", "误录", "--by", "late"]
    reversal = "B-1.R is a reversal; a reversal is not taken back: record the entry anew"
    fixed = "cannot be changed with --set; record another entry"
    for words, told in (
        (again, f"tally: B-1.R2: of: {taken_back}\n{one}"),
        (words_of("B-1", ["headcount=4"]), f"tally: B-1.R2: of: {taken_back}\n{one}"),
        (["reverse", "B-9", *again[2:]], f"tally: B-9: is not in this ledger\n{one}"),
        (words_of("B-9", ["headcount=4"]), f"tally: B-9: is not in this ledger\n{one}"),
        (["reverse", "B-1.R", *again[2:]], f"tally: B-1.R.R: of: {reversal}\n{one}"),
        (
            words_of("B-2", ["headcount=3"]),
            f"tally: B-2: would not change; there is nothing to correct\n{one}",
        ),
        (
            words_of("B-2", ["headcount=3", "host_unit=", "repeated=no"]),
            f"tally: B-2: would not change; there is nothing to correct\n{one}",
        ),
        (
            words_of("B-2", ["people=3"]),
            (
                "tally: B-2.2: people: is not a field of petition_batch; "
                f"its fields are {fields}\n{one}"
            ),
        ),
        (
            words_of("B-2", ["headcount=4", "headcount=5"]),
            "tally: --set: headcount is given twice\n",
        ),
        (words_of("B-2", ["kind=unit"]), f"tally: B-2: kind: {fixed}\n{one}"),
        (words_of("B-2", ["id=B-3"]), f"tally: B-2: id: {fixed}\n{one}"),
        (words_of("B-2", ["replaces=B-1"]), f"tally: B-2: replaces: {fixed}\n{one}"),
        (
            words_of("B-2", ["unit=V009"]),
            f"tally: B-2.2: unit: there is no unit V009; record it first\n{one}",
        ),
        (
            words_of("B-2", ["matter="]),
            f"tally: B-2.2: matter: is missing: petition_batch needs it\n{one}",
        ),
    ):
        run = town(*words)
        assert (run.status, run.out, run.err) == (1, "", told), words
    assert town.stored() == stored


def test_a_malformed_setting_is_wrong_usage(town):
    stored = town.stored()
    for setting, told in (
        ("headcount", "'--set': 'headcount' is not FIELD=VALUE; write headcount=6 or 人数=6\n"),
        ("headcount=six", "--set headcount: 'six' is not a whole number; write digits, as 5\n"),
    ):
        run = town(*words_of("B-1", [setting])).misused()
        assert run.err.endswith(f"Error: Invalid value for {told}")
    assert town.stored() == stored


def test_a_reversal_is_not_corrected(town):
    town.reverse("B-1")
    stored = town.stored()
    run = town(*words_of("B-1.R", ["reason=别的"])).refused()
    told = "a reversal is not taken back: record the entry anew"
    assert run.err.startswith(f"tally: B-1.R.R: of: B-1.R is a reversal; {told}\n")
    assert town.stored() == stored


def test_a_refusal_as_json(town):
    run = town(*words_of("B-1", ["headcount=0"]), "--json").refused()
    (error,) = run.json["errors"]
    assert (error["id"], error["field"]) == ("B-1.2", "headcount")
    assert error["message"] == "must be at least 1"


@pytest.mark.parametrize("field", ["--reason", "--by"])
def test_reason_and_name_are_asked_for(town, field):
    words = list(REVERSE)
    place = words.index(field)
    del words[place : place + 2]
    assert field in town(*words).misused().err
    for empty in ("", " ", "\u200b"):
        words = list(REVERSE)
        words[words.index(field) + 1] = empty
        assert town(*words, "--yes").refused()


def test_an_identifier_in_the_reason_is_refused_and_not_repeated(town):
    stored = town.stored()
    words = ["reverse", "B-1", "--by", "clerk", "--yes", "--reason", "电话13812345678"]
    run = town(*words).refused()
    assert "13812345678" not in run.err + run.out
    assert town.stored() == stored
