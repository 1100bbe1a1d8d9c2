"""A measure is adopted for a year, verified by another person, and superseded by the next one."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from ledger import codec
from ledger.adopting import MOST_CONTENT
from ledger.adoptions import measure_sha256
from ledger.application import Ledger
from ledger.batch import stored
from ledger.errors import DamagedLedgerError, EntriesRefusedError
from ledger.events import AdoptionWithdrawn, EntryVerified, MeasureAdopted
from ledger.instants import instant_text
from ledger.integrity.check import Check
from ledger.stores import create_store
from projections.adopted import Measures
from projections.measure import BUILT_IN, read_measure
from tests.cli.entries import UNITS
from tests.support import WHEN, submissions

ONE = read_measure(BUILT_IN)
OTHER = {**ONE, "measure.toml": ONE["measure.toml"].replace("11号", "12号")}


@pytest.fixture
def ledger(tmp_path):
    """A ledger that was made with a founding adoption for 2016."""
    with closing(create_store(f"sqlite:///{tmp_path}/tally.db")) as store:
        made = Ledger(store, Measures, lambda: WHEN, trust_clock=True)
        made.adopt(2016, "ours", ONE, "镇政办发1号", "maker", founding=True)
        yield made


def adopt(ledger, year=2017, content=ONE, by="clerk", **more):
    return ledger.adopt(year, "ours", content, "镇政办发2号", by, **more)


def refused(call):
    """Return the sentence of the one refusal of a call that writes nothing."""
    with pytest.raises(EntriesRefusedError) as caught:
        call()
    (refusal,) = caught.value.refusals
    return str(refusal)


def streams(ledger):
    """Return id, version and topic of each row, without `tally.`."""
    return [(name, version, topic[6:]) for _, name, version, topic, _ in ledger.store.rows()]


def in_force(state, year=2017, *, provisional=False):
    """Return the position of the adoption in force for a year."""
    adoption = state.adoption(year, provisional=provisional)
    return None if adoption is None else adoption.ref.position


def test_sha256_is_of_the_canonical_json():
    """Sorted by name, without blanks, in UTF-8: as sha256sum gives it for the text."""
    content = {"text.txt": "一、\n", "measure.toml": 'name = "考核办法"\n'}
    expected = "0334a1215c4654732dec68d48c30f91303562202d57d875efd1c1b1ad286683e"
    assert measure_sha256(content) == expected
    assert measure_sha256(dict(reversed(content.items()))) == expected


def test_an_adoption_counts_from_its_verification_on(ledger):
    """2016 at once; 2017 from position 3 on, superseded at 5: each as of its own position."""
    assert adopt(ledger).position == 2
    assert ledger.verify(["measure:2017"], "head").position == 3
    assert adopt(ledger, content=OTHER).position == 4
    assert ledger.verify(["measure:2017"], "head").position == 5
    states = [ledger.state_at(position) for position in range(6)]
    assert [in_force(one, 2016) for one in states] == [None, 1, 1, 1, 1, 1]
    assert [in_force(one) for one in states] == [None, None, None, 2, 2, 4]
    assert [in_force(one, provisional=True) for one in states] == [None, None, 2, 2, 4, 4]
    assert states[5].adoption(2017).event.content == OTHER
    assert states[4].adoption(2017).event.content == ONE
    assert in_force(states[5], 2018) is None
    assert streams(ledger) == [
        ("measure:2016", 1, "MeasureAdopted"),
        ("measure:2017", 1, "MeasureAdopted"),
        ("measure:2017", 2, "EntryVerified"),
        ("measure:2017", 3, "MeasureAdopted"),
        ("measure:2017", 4, "EntryVerified"),
    ]


def test_a_measure_made_with_the_ledger_is_superseded_by_a_verified_one(ledger):
    adopt(ledger, 2016, OTHER)
    assert in_force(ledger.state(), 2016) == 1
    ledger.verify(None, "head")
    assert in_force(ledger.state(), 2016) == 2
    assert streams(ledger)[1:] == [
        ("measure:2016", 2, "MeasureAdopted"),
        ("measure:2016", 3, "EntryVerified"),
    ]


def test_refuses_a_second_adoption_while_the_first_awaits_verification(ledger):
    adopt(ledger)
    assert refused(lambda: adopt(ledger, content=OTHER, by="other")) == (
        "measure:2017: ours, adopted by clerk at position 2, awaits verification; verify it "
        "(`tally verify measure:2017`) or withdraw it (`tally withdraw measure:2017`) first"
    )
    assert adopt(ledger, 2018).position == 3, "another year has a stream of its own"


def test_an_adoption_is_withdrawn_until_it_is_verified(ledger):
    """Nothing of it counts any more, and another may follow it."""
    adopt(ledger, content=OTHER)
    assert ledger.withdraw("measure:2017", "年度有误", "clerk").position == 3
    assert in_force(ledger.state(), provisional=True) is None
    assert ledger.verify(None, "head").verified == 0
    assert refused(lambda: ledger.verify(["measure:2017"], "head")) == (
        "measure:2017: by: the adoption of ours was withdrawn"
    )
    assert in_force(ledger.state_at(2), provisional=True) == 2
    adopt(ledger)
    ledger.verify(["measure:2017"], "head")
    assert in_force(ledger.state()) == 4
    assert findings(ledger) == []
    assert streams(ledger)[1:] == [
        ("measure:2017", 1, "MeasureAdopted"),
        ("measure:2017", 2, "AdoptionWithdrawn"),
        ("measure:2017", 3, "MeasureAdopted"),
        ("measure:2017", 4, "EntryVerified"),
    ]


def test_a_measure_in_force_stays_when_a_later_adoption_is_withdrawn(ledger):
    adopt(ledger, 2016, OTHER)
    ledger.withdraw("measure:2016", "有误", "head")
    assert in_force(ledger.state(), 2016, provisional=True) == 1
    assert refused(lambda: ledger.withdraw("measure:2016", "有误", "head")) == (
        "measure:2016: ours is in force and cannot be withdrawn; adopt another measure in its place"
    )
    assert refused(lambda: ledger.withdraw("measure:2018", "有误", "head")) == (
        "measure:2018: no adoption of it awaits verification; there is nothing to withdraw"
    )
    assert refused(lambda: ledger.withdraw("measure:2018", "", "head")).startswith(
        "measure:2018: no"
    )


def test_check_finds_a_withdrawal_of_an_adoption_in_force(ledger):
    gone = AdoptionWithdrawn(at=instant_text(WHEN), by="head", reason="有误")
    append(ledger, "measure:2016", 2, gone)
    append(ledger, "measure:2018", 1, gone)
    assert findings(ledger) == [
        ("implausible", 2, "withdraws an adoption that is in force, or was withdrawn before"),
        ("implausible", 3, "withdrawn, but nothing stands there that it could be said of"),
    ]


@pytest.mark.parametrize("year", [2016, 2017])
def test_refuses_what_is_in_force_already(ledger, year):
    adopt(ledger)
    ledger.verify(None, "head")
    assert refused(lambda: adopt(ledger, year)).endswith(
        f"with this content was adopted already, at position {year - 2015}; there is nothing to "
        "adopt"
    )


def test_the_content_before_the_last_can_be_adopted_again(ledger):
    for content in (OTHER, ONE):
        adopt(ledger, 2016, content)
        ledger.verify(None, "head")
    assert ledger.state().adoption(2016).event.content == ONE


def test_refuses_to_found_a_ledger_twice(ledger):
    words = refused(lambda: adopt(ledger, founding=True))
    assert words == "the ledger exists already; a later adoption is verified by another"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "content: the measure has no files"),
        (
            {"text.txt": "联系人手机13812345678。"},
            "text.txt: holds an identity-card or mobile number (not repeated here); take it out",
        ),
        (
            {"a": "x" * (MOST_CONTENT // 2), "b": "x" * (MOST_CONTENT // 2 + 1)},
            "content: the measure's files have over 4000000 characters",
        ),
    ],
)
def test_refuses_content_that_a_ledger_may_not_hold(ledger, content, words):
    assert refused(lambda: adopt(ledger, content=content)) == words


@pytest.mark.parametrize(
    "content",
    [
        {"text.txt": "一、"},
        {**ONE, "measure.toml": "nonsense"},
        {**ONE, "clauses/99.toml": "[[clause]]\nslug = 'other'"},
        {**ONE, "entries.toml": "[[entry]]"},
    ],
    ids=["no measure.toml", "no TOML", "no clause", "no kind"],
)
def test_refuses_content_that_is_no_measure(ledger, content):
    """Whoever calls the service: no year would be scored any more after it was verified."""
    before = streams(ledger)
    assert refused(lambda: adopt(ledger, content=content)).startswith("content: ")
    assert streams(ledger) == before
    assert adopt(ledger).position == 2


@pytest.mark.parametrize("field", ["measure", "basis", "by"])
def test_refuses_an_empty_id_basis_or_name(ledger, field):
    given = {"measure": "ours", "basis": "镇政办发2号", "by": "clerk", field: ""}
    assert refused(lambda: ledger.adopt(2017, content=ONE, **given)).startswith(f"{field}: must")


@pytest.mark.parametrize("name", ["clerk", "CLERK ", "ｃｌｅｒｋ"])
def test_is_never_verified_by_the_name_that_adopted_it(ledger, name):
    adopt(ledger)
    assert refused(lambda: ledger.verify(["measure:2017"], name)) == (
        "measure:2017: by: was recorded by clerk; somebody else must verify it"
    )
    assert ledger.verify(None, name).verified == 0
    assert ledger.position() == 2


def test_verify_all_verifies_adoptions_and_entries(ledger):
    adopt(ledger)
    ledger.record(submissions(UNITS), "clerk")
    assert ledger.verify(None, "head").verified == 3
    assert streams(ledger)[4][0] == "measure:2017"


def test_what_is_in_force_is_skipped(ledger):
    adopt(ledger)
    ledger.verify(None, "head")
    receipt = ledger.verify(["measure:2016", "measure:2017"], "head")
    assert (receipt.verified, receipt.skipped, receipt.position) == (0, 2, 3)
    first, second = receipt.remarks
    assert first == "measure:2016: was adopted as the ledger was made and needs no verification"
    assert second.startswith("measure:2017: verified already by head on ")


@pytest.mark.parametrize("name", ["measure:2018", "measure:２０１６", "measure:", "measure:x"])
def test_refuses_to_verify_what_was_not_adopted(ledger, name):
    assert refused(lambda: ledger.verify([name], "head")) == f"{name}: is not in this ledger"


def test_an_adoption_decided_on_an_older_state_is_decided_again(ledger, tmp_path):
    """Another process adopts for the year after this one decided and before it appends."""
    with closing(sqlite3.connect(tmp_path / "tally.db")) as raw:
        event = MeasureAdopted(
            at=instant_text(WHEN),
            by="other",
            year=2017,
            measure="theirs",
            sha256=measure_sha256(OTHER),
            content=OTHER,
            basis="镇政办发3号",
        )
        first = stored("measure:2017", 1, event)

        def clock():
            if ledger.store.position() == 1:
                raw.execute(
                    "INSERT INTO stored_events VALUES (2, ?, 1, ?, ?)",
                    (first.originator_id, first.topic, first.state),
                )
                raw.commit()
            return WHEN

        late = Ledger(ledger.store, Measures, clock, trust_clock=True)
        assert refused(lambda: adopt(late)).startswith(
            "measure:2017: theirs, adopted by other at position 2, awaits verification"
        )
    assert ledger.position() == 2


# ---- tally check
def findings(ledger):
    """Return kind, position and message of what `check` finds."""
    report = Check(ledger.store, [], Measures).run()
    return [(one.kind, one.position, one.message) for one in report.findings]


def append(ledger, name, version, event):
    """Append an event as no honest program would."""
    ledger.store.recorder.insert_events([stored(name, version, event)])


def verified(by):
    return EntryVerified(at=instant_text(WHEN), by=by)


def adopted(by="clerk", year=2017, **more):
    fields = {"measure": "ours", "sha256": measure_sha256(ONE), "content": ONE, "basis": "二号"}
    return MeasureAdopted(at=instant_text(WHEN), by=by, year=year, **{**fields, **more})


def test_check_finds_nothing_wrong_with_adoptions(ledger):
    adopt(ledger)
    ledger.verify(None, "head")
    assert findings(ledger) == []


def test_check_finds_an_adoption_verified_by_its_own_recorder(ledger):
    adopt(ledger)
    append(ledger, "measure:2017", 2, verified("Clerk"))
    assert findings(ledger) == [
        ("implausible", 3, "was recorded by clerk; somebody else must verify it")
    ]


def test_check_finds_a_verification_of_nothing_and_of_a_founding_adoption(ledger):
    append(ledger, "measure:2016", 2, verified("head"))
    append(ledger, "measure:2018", 1, verified("head"))
    assert findings(ledger) == [
        ("implausible", 2, "was adopted as the ledger was made and needs no verification"),
        ("implausible", 3, "verified, but nothing stands there that it could be said of"),
    ]


def test_check_finds_an_adoption_that_overtakes_one_that_awaits_verification(ledger):
    adopt(ledger)
    append(ledger, "measure:2017", 2, adopted())
    words = "follows the adoption at position 2, which nobody had verified"
    assert findings(ledger) == [("implausible", 3, words)]


def test_check_finds_a_later_adoption_that_claims_to_be_founding(ledger):
    append(ledger, "measure:2017", 1, adopted(founding=True))
    words = "says that it was made with the ledger, but is not its first event"
    assert findings(ledger) == [("implausible", 2, words)]


def test_check_and_replay_find_content_of_another_sha256(ledger, tmp_path):
    state = next(iter(ledger.store.rows()))[4]
    changed = json.loads(state)
    changed["content"]["measure.toml"] = "number = 3\n"
    with closing(sqlite3.connect(tmp_path / "tally.db")) as raw:
        raw.execute("DROP TRIGGER no_update")
        text = json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
        raw.execute("UPDATE stored_events SET state = ?", (text.encode(),))
        raw.commit()
    ((kind, position, words), *_) = (one for one in findings(ledger) if one[0] == "unreadable")
    assert (kind, position) == ("unreadable", 1)
    assert "its sha256 is not that of its content" in words
    with pytest.raises(DamagedLedgerError, match="its sha256 is not that of its content"):
        ledger.state_at(1)


def test_the_content_is_decoded_once_a_process(ledger):
    """States loaded again share the decoded event."""
    first, second = (ledger.state_at(1).adoption(2016).event for _ in range(2))
    assert first is second
    assert codec.decode(codec.ADOPTED, next(iter(ledger.store.rows()))[4]) is first
