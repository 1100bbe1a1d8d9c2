"""Events are kept for ever: what was stored is read back as it was, or refused as unreadable."""

import json
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from eventsourcing.utils import resolve_topic
from ledger.entries.checking import entry_adapter
from ledger.mapper import EventMapper

from ledger.events import (
    RECORDED,
    EntryReversed,
    EntryVerified,
    FiguresPublished,
    LedgerEvent,
    ObjectionDecided,
    ObjectionRaised,
)

MAPPER = EventMapper()
WHEN = datetime(2026, 3, 1, 2, 0, 0, 123456, tzinfo=UTC)
EXAMPLES = {
    kind: data["example"]
    for kind, data in json.loads(
        (Path(__file__).parent / "wrong_values.json").read_text(encoding="utf-8")
    )["kinds"].items()
}

FIGURE = {
    "unit": "V001",
    "name": "翠岭村",
    "quarter": "2016Q2",
    "score": "15.25",
    "basic_work": "5",
    "abnormal_petitions": "10.25",
    "rewards": "0",
    "penalties": "0",
    "disqualified": False,
    "vetoed": False,
    "eligible": True,
}

# What stands in every ledger there is: a topic may be added, none renamed or dropped.
TOPICS = {
    "tally.UnitRecorded": 1,
    "tally.SpecialPeriodRecorded": 1,
    "tally.NoticeRecorded": 1,
    "tally.RulingRecorded": 1,
    "tally.ScreeningReportRecorded": 1,
    "tally.CaseReportRecorded": 1,
    "tally.InformationReportRecorded": 1,
    "tally.PetitionBatchRecorded": 1,
    "tally.OnSiteResponseRecorded": 1,
    "tally.CommendationRecorded": 1,
    "tally.ResearchSiteRecorded": 1,
    "tally.SupervisedCaseRecorded": 1,
    "tally.CaseResolutionRecorded": 1,
    "tally.CriticismRecorded": 1,
    "tally.YellowCardRecorded": 1,
    "tally.InspectionFindingRecorded": 1,
    "tally.ReversalRecorded": 1,
    "tally.EntryVerified": 1,
    "tally.EntryReversed": 1,
    "tally.FiguresPublished": 1,
    "tally.ObjectionRaised": 1,
    "tally.ObjectionDecided": 1,
}
"""Each topic with the version that its class is at."""


def recorded(**entry):
    """The event that records an entry."""
    known = entry_adapter().validate_json(json.dumps(entry))
    return RECORDED[known.kind](
        originator_id=known.id, originator_version=1, at=WHEN, by="clerk", entry=known
    )


def mark(event_type, **fields):
    """An event beside the recordings."""
    given = {"originator_id": "B-7", "originator_version": 2, "at": WHEN, "by": "head"}
    return event_type(**{**given, **fields})


EVENTS = {
    **{kind: recorded(**example) for kind, example in EXAMPLES.items()},
    "a batch with everything": recorded(
        **EXAMPLES["petition_batch"],
        host_unit="V002",
        repeated=True,
        key_person=True,
        note='附：现场照片〈3张〉 \\ " 𠮷',
        replaces="B-6",
    ),
    "a ruling of true": recorded(**{**EXAMPLES["ruling"], "value": True}),
    "a ruling of text": recorded(**{**EXAMPLES["ruling"], "value": "1.50"}),
    "a ruling of none": recorded(**{**EXAMPLES["ruling"], "value": None}),
    "a counted finding": recorded(
        kind="inspection_finding", id="F-2", unit="V001", year=2016, item="1.2", missing=4
    ),
    "a finding with a zero behind": recorded(
        **{**EXAMPLES["inspection_finding"], "points": "0.50"}
    ),
    "a report on a notice": recorded(
        kind="screening_report", id="SR-2", unit="V001", notice="N-1", submitted_on="2016-02-05"
    ),
    "a notice to every unit": recorded(
        kind="notice", id="N-2", title="国庆期间排查", due_on="2016-09-28"
    ),
    "a moment with a fraction": recorded(
        **{**EXAMPLES["petition_batch"], "occurred_at": "2016-03-01T01:02:03.000004Z"}
    ),
    "verified": mark(EntryVerified),
    "verified elsewhere": mark(
        EntryVerified, at=datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=8)))
    ),
    "reversed": mark(EntryReversed, by_entry="B-7.R", reason="人数有误"),
    "published": mark(
        FiguresPublished,
        originator_id="publication:2016Q1",
        quarter="2016Q1",
        position=128,
        through=date(2016, 2, 29),
        figures=({**FIGURE, "open": [{"entry": None}]},),
        reason="更正",
    ),
    "objected": mark(
        ObjectionRaised,
        originator_id="objection:O-1",
        unit="V001",
        period="2016Q1",
        clause="screening",
        reason="已按时报送",
    ),
    "decided": mark(
        ObjectionDecided, originator_id="objection:O-1", outcome="upheld", reason="属实"
    ),
}


def classes(of=LedgerEvent):
    """Every class of events that has a topic."""
    for event_type in of.__subclasses__():
        # A made-up event of another test is no event of the ledger.
        if event_type.__module__.startswith("ledger.") and "TOPIC" in event_type.__dict__:
            yield event_type
        yield from classes(event_type)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_is_read_back_as_it_was_written(event):
    stored = MAPPER.to_stored_event(event)
    read = MAPPER.to_domain_event(stored)
    assert read == event
    assert type(read) is type(event)
    assert MAPPER.to_stored_event(read) == stored, "and is written again byte for byte"


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_what_is_stored_is_plain_json_with_the_class_version(event):
    stored = MAPPER.to_stored_event(event)
    state = json.loads(stored.state)
    assert (stored.originator_id, stored.originator_version, stored.topic) == (
        event.originator_id,
        event.originator_version,
        event.TOPIC,
    )
    assert state["class_version"] == event.CLASS_VERSION
    assert state["by"] == event.by
    assert state["at"].endswith("Z")
    assert datetime.fromisoformat(state["at"]) == event.at
    assert not state.keys() & {"originator_id", "originator_version"}, "these have columns"
    if hasattr(event, "entry") and not isinstance(event, ObjectionRaised):
        assert state["entry"] == event.entry.content()


def test_every_event_there_is_is_tried_above():
    assert {type(event) for event in EVENTS.values()} == set(classes())
    assert EXAMPLES.keys() == RECORDED.keys()


def test_what_is_read_back_compares_copies_and_stays_frozen():
    read = MAPPER.to_domain_event(MAPPER.to_stored_event(EVENTS["petition_batch"]))
    assert read.model_copy() == read
    assert hash(read.entry) == hash(EVENTS["petition_batch"].entry)
    with pytest.raises(ValueError, match="frozen"):
        read.by = "somebody else"
    with pytest.raises(ValueError, match="frozen"):
        read.entry.headcount = 1


def test_topics_are_stable():
    assert {event_type.TOPIC: event_type.CLASS_VERSION for event_type in classes()} == TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_does_not_hang_on_where_the_class_stands(topic):
    event_type = resolve_topic(topic)
    assert f"tally.{event_type.__name__}" == topic


def test_the_mapper_alone_knows_the_topics():
    """Without another module having been imported before by chance."""
    stored = MAPPER.to_stored_event(EVENTS["unit"])
    program = (
        "from eventsourcing.persistence import StoredEvent\n"
        "from ledger.mapper import EventMapper\n"
        f"print(EventMapper().to_domain_event(StoredEvent({stored.originator_id!r}, 1, "
        f"{stored.topic!r}, {stored.state!r})).entry.id)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == EVENTS["unit"].entry.id, done.stderr[-300:]


def stored(state=None, topic=None, event=EVENTS["petition_batch"]):
    """A row as it might be found in a store."""
    row = MAPPER.to_stored_event(event)
    return StoredEvent(
        row.originator_id,
        row.originator_version,
        row.topic if topic is None else topic,
        row.state if state is None else state,
    )


GOOD = MAPPER.to_stored_event(EVENTS["petition_batch"]).state

CORRUPTED = {
    "nothing": b"",
    "cut off": GOOD[:-10],
    "cut to one byte": b"{",
    "its first byte lost": GOOD[1:],
    "its first byte another": b"[" + GOOD[1:],
    "something behind it": GOOD + b"{}",
    "not UTF-8": GOOD.replace(b"XF-", b"\xff\xfe-"),
    "zeros": b"\x00" * len(GOOD),
    "a list": b"[1]",
    "a text": b'"state"',
    "a number": b"1",
    "null": b"null",
    "an empty object": b"{}",
    "brackets": b"[" * 100_000,
    "no class version": GOOD.replace(b'"class_version":1,', b""),
    "a class version that is a text": GOOD.replace(b'version":1', b'version":"1"'),
    "a class version of null": GOOD.replace(b'version":1', b'version":null'),
    "a class version of 0": GOOD.replace(b'version":1', b'version":0'),
    "a negative class version": GOOD.replace(b'version":1', b'version":-1'),
    "an unknown field": GOOD.replace(b'"by":', b'"colour":"red","by":'),
    "an unknown field of the entry": GOOD.replace(b'"headcount":', b'"colour":"red","headcount":'),
    "a field lost": GOOD.replace(b'"by":"clerk",', b""),
    "a field of the entry lost": GOOD.replace(b'"headcount":12,', b""),
    "a headcount of 0": GOOD.replace(b'"headcount":12', b'"headcount":0'),
    "a headcount as text": GOOD.replace(b'"headcount":12', b'"headcount":"12"'),
    "another kind": GOOD.replace(b'"petition_batch"', b'"unit"'),
    "a time without an offset": GOOD.replace(b'123456Z"', b'123456"'),
    "no time": GOOD.replace(b'"at":"2026', b'"at":"x026'),
    "another originator": GOOD.replace(b'"by":', b'"originator_id":"B-8","by":'),
    "another version": GOOD.replace(b'"by":', b'"originator_version":9,"by":'),
}


@pytest.mark.parametrize("state", CORRUPTED.values(), ids=CORRUPTED)
def test_a_corrupted_state_is_refused(state):
    assert state != GOOD
    with pytest.raises(MapperDeserialisationError, match=r"^version 1 of B-7 cannot be read as"):
        MAPPER.to_domain_event(stored(state))


def test_the_recording_of_another_entry_is_refused():
    """Row and entry name one document number."""
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(stored(GOOD.replace(b'"id":"B-7"', b'"id":"B-8"')))


@pytest.mark.parametrize("version", [2, 3, 1_000_000])
def test_a_newer_class_version_is_refused(version):
    state = GOOD.replace(b'version":1', b'version":%d' % version)
    with pytest.raises(MapperDeserialisationError, match="newer than this program"):
        MAPPER.to_domain_event(stored(state))


@pytest.mark.parametrize(
    "topic",
    [
        "",
        " ",
        "tally.Nothing",
        "tally.UnitRecorded.x",
        "tally.unitrecorded",
        "tally:UnitRecorded",
        "nosuchmodule:Event",
        "ledger.events:EntryRecorded",
        "ledger.events:LedgerEvent",
        "ledger.events",
        "json",
        "json:loads",
        "os:getcwd",
        "builtins:dict",
    ],
)
def test_an_unknown_topic_is_refused(topic):
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(stored(topic=topic))


def test_a_topic_cannot_make_the_program_import_what_the_store_names():
    with suppress(Exception):  # how it is refused is asked above
        MAPPER.to_domain_event(stored(topic="this:s"))
    assert "this" not in sys.modules


@pytest.mark.parametrize("topic", sorted(TOPICS.keys() - {"tally.PetitionBatchRecorded"}))
def test_a_state_under_another_topic_is_refused(topic):
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(stored(topic=topic))


def test_an_old_state_is_upcast_from_what_was_parsed(monkeypatch):
    """A class at version 2 reads what was stored at version 1."""

    def upcast(state, from_version):
        assert from_version == 1
        return {**state, "by": state["by"].upper()}

    monkeypatch.setattr(EntryVerified, "CLASS_VERSION", 2)
    monkeypatch.setattr(EntryVerified, "upcast", staticmethod(upcast))
    state = b'{"class_version":1,"at":"2026-03-01T02:00:00.000000Z","by":"head"}'
    read = MAPPER.to_domain_event(stored(state, "tally.EntryVerified"))
    assert (read.by, read.class_version) == ("HEAD", 2)
