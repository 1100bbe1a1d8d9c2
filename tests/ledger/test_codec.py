"""The codec decodes a stored event to what was encoded, or refuses it as unreadable."""

import copy
import json
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ledger import codec
from ledger.entries import MeasureEntry
from ledger.events import (
    AccountClosed,
    AccountKeyReset,
    AccountOpened,
    AdoptionWithdrawn,
    AppendSigned,
    EarlierCopyAccepted,
    EditionVerified,
    EditionWithdrawn,
    EntryRecorded,
    EntryReturned,
    EntryReversed,
    EntryVerified,
    FiguresPublished,
    MeasureAdopted,
    ObjectionDecided,
    ObjectionRaised,
    RowSetAside,
)
from ledger.instants import instant_text
from ledger.kinds import BUILT_IN
from tests.ledger.examples import EXAMPLES

WHEN = datetime(2026, 3, 1, 2, 0, 0, 123456, tzinfo=UTC)

FIGURE = {
    "unit": "V001",
    "name": "翠岭村",
    "period": "2016Q2",
    "score": "15.25",
    "sections": {"basic_work": "5", "abnormal_petitions": "10.25"},
    "beside": {"rewards": "0", "penalties": "2"},
    "flags": ["disqualified"],
    "eligible": False,
}

SHA256 = "0334a1215c4654732dec68d48c30f91303562202d57d875efd1c1b1ad286683e"
"""Of the content of the adoption below, by sha256sum of its canonical JSON."""


def recorded(**entry):
    """Return the event that records an entry."""
    known = BUILT_IN.validate(json.dumps(entry).encode())
    return EntryRecorded(at=instant_text(WHEN), by="clerk", entry=known)


def event(event_type, at=WHEN, **fields):
    """Return an event of another type."""
    return event_type(at=instant_text(at), by="head", **fields)


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
    "a ruling of null": recorded(**{**EXAMPLES["ruling"], "value": None}),
    "a counted finding": recorded(
        kind="inspection_finding", id="F-2", unit="V001", year=2016, item="1.2", missing=4
    ),
    "a finding of 0.50": recorded(**{**EXAMPLES["inspection_finding"], "points": "0.50"}),
    "an entry of a measure's own kind": event(
        EntryRecorded,
        entry=MeasureEntry(
            id="FI-1",
            of_kind="fire",
            unit="V001",
            dated=date(2016, 3, 5),
            refers_to={"batch": "petition_batch"},
            unique=("unit", "batch"),
            values={"found_at": "2016-03-05", "batch": "B-7", "mu": "0.5", "own": True, "hours": 3},
        ),
    ),
    "a report on a notice": recorded(
        kind="screening_report", id="SR-2", unit="V001", notice="N-1", submitted_on="2016-02-05"
    ),
    "a notice to every unit": recorded(
        kind="notice", id="N-2", title="国庆期间排查", due_on="2016-09-28"
    ),
    "a time with a fraction": recorded(
        **{**EXAMPLES["petition_batch"], "occurred_at": "2016-03-01T01:02:03.000004Z"}
    ),
    "verified": event(EntryVerified),
    "verified at another offset": event(
        EntryVerified, at=datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=8)))
    ),
    "reversed": event(EntryReversed, by_entry="B-7.R", reason="人数有误"),
    "returned": event(EntryReturned, reason="人数与登记表不符"),
    "published": event(
        FiguresPublished,
        period="2016Q1",
        position=128,
        through=date(2016, 2, 29),
        figures=({**FIGURE, "open": [{"entry": None}]},),
        reason="更正",
    ),
    "edition verified": event(EditionVerified, edition=1),
    "edition withdrawn": event(EditionWithdrawn, edition=1, reason="数据有误"),
    "objected": event(
        ObjectionRaised,
        unit="V001",
        period="2016Q1",
        clause="screening",
        reason="已按时报送",
    ),
    "adoption withdrawn": event(AdoptionWithdrawn, reason="年度有误"),
    "earlier copy accepted": event(EarlierCopyAccepted, lost=128, reason="磁盘损坏"),
    "account opened": event(
        AccountOpened, name="翠岭村", role="unit", unit="V001", public=SHA256, login="cuiling"
    ),
    "account closed": event(AccountClosed, reason="调离"),
    "account reset": event(AccountKeyReset, public=SHA256, reason="口令遗失"),
    "append signed": event(
        AppendSigned,
        first=7,
        rows=2,
        before=SHA256,
        leaves=SHA256,
        key=SHA256[:16],
        signature=SHA256 + SHA256,
    ),
    "decided": event(ObjectionDecided, outcome="upheld", reason="属实"),
    "adopted": event(
        MeasureAdopted,
        year=2017,
        measure="hesongzhen-2017",
        sha256=SHA256,
        content={"text.txt": "一、\n", "measure.toml": 'name = "考核办法"\n'},
        basis="禾松政办发（2017）3号",
    ),
    "set aside": event(RowSetAside, position=7, sha256=SHA256, reason="非本系统写入"),
}


def name_of(event):
    """Return the id under which an event is stored."""
    if isinstance(event, MeasureAdopted):
        return f"measure:{event.year}"
    if isinstance(event, RowSetAside):
        return f"aside:{event.position}"
    if isinstance(event, AppendSigned):
        return f"signed:{event.first}"
    if isinstance(event, AccountOpened):
        return f"account:{event.name}"
    return event.entry.id if isinstance(event, EntryRecorded) else "B-7"


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_a_decoded_event_equals_the_validated_one(event):
    topic, state = codec.topic_of(event), codec.encode(event)
    decoded, validated = codec.decode(topic, state), codec.validate(name_of(event), topic, state)
    assert decoded == validated == event
    assert type(decoded) is type(validated) is type(event)
    if isinstance(event, EntryRecorded):
        assert type(decoded.entry) is type(validated.entry) is type(event.entry)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_a_decoded_event_is_encoded_to_the_same_bytes(event):
    topic, state = codec.topic_of(event), codec.encode(event)
    assert codec.encode(codec.decode(topic, state)) == state
    assert codec.encode(codec.validate(name_of(event), topic, state)) == state


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_a_state_is_plain_json_with_the_class_version(event):
    state = json.loads(codec.encode(event))
    assert state["class_version"] == codec.class_version(codec.topic_of(event))
    assert state["by"] == event.by
    assert state["at"].endswith("Z")
    assert state["at"] == event.at
    assert None not in state.values()
    if isinstance(event, EntryRecorded):
        if not isinstance(event.entry, MeasureEntry):
            assert state["entry"] == event.entry.content()
            assert list(state["entry"]) == list(event.entry.content())
        assert [name for name in state["entry"] if name in {"id", "kind"}] == ["id", "kind"]


def test_examples_cover_every_topic():
    assert {codec.topic_of(event) for event in EVENTS.values()} == codec.TYPES.keys()
    assert EXAMPLES.keys() | {"measure_entry"} == codec.RECORDED.keys()


def test_a_decoded_event_can_be_copied_and_is_frozen():
    event = EVENTS["petition_batch"]
    read = codec.decode(codec.topic_of(event), codec.encode(event))
    assert copy.deepcopy(read) == read
    assert hash(read.entry) == hash(event.entry)
    with pytest.raises(AttributeError):
        read.by = "somebody else"
    with pytest.raises(AttributeError):
        read.entry.headcount = 1
    with pytest.raises(AttributeError):
        del read.entry.headcount


def validated(state=None, topic="tally.PetitionBatchRecorded", name="B-7"):
    """Validate a row of a store, by default the one of `GOOD`."""
    return codec.validate(name, topic, GOOD if state is None else state)


GOOD = codec.encode(EVENTS["petition_batch"])

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
def test_refuses_a_corrupted_state(state):
    assert state != GOOD
    with pytest.raises(codec.UNREADABLE):
        validated(state)


def test_refuses_the_recording_of_another_entry():
    """The id of the row must be that of the entry."""
    with pytest.raises(codec.UNREADABLE, match="its state holds another entry"):
        validated(GOOD.replace(b'"id":"B-7"', b'"id":"B-8"'))


@pytest.mark.parametrize("read", [codec.decode, lambda *row: codec.validate("measure:2017", *row)])
def test_refuses_an_adoption_whose_content_has_another_sha256(read):
    state = codec.encode(EVENTS["adopted"]).replace("考核办法".encode(), "考核方法".encode())
    with pytest.raises(codec.UNREADABLE, match="its sha256 is not that of its content"):
        read(codec.ADOPTED, state)


def test_refuses_an_adoption_of_another_year():
    """The year must be that of the row's id."""
    state = codec.encode(EVENTS["adopted"])
    with pytest.raises(codec.UNREADABLE, match="its state is of another year"):
        codec.validate("measure:2016", codec.ADOPTED, state)


@pytest.mark.parametrize("version", [2, 3, 1_000_000])
def test_refuses_a_newer_class_version(version):
    with pytest.raises(codec.UNREADABLE, match="newer than this program"):
        validated(GOOD.replace(b'version":1', b'version":%d' % version))


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
        "ledger.events",
        "json",
        "json:loads",
        "os:getcwd",
        "builtins:dict",
    ],
)
@pytest.mark.parametrize("read", [codec.decode, lambda *row: codec.validate("B-7", *row)])
def test_refuses_an_unknown_topic(topic, read):
    with pytest.raises(codec.UNREADABLE):
        read(topic, GOOD)


def test_never_imports_a_module_that_a_topic_names():
    with suppress(Exception):  # the test above checks how it is refused
        validated(topic="this:s")
    assert "this" not in sys.modules


@pytest.mark.parametrize("topic", sorted(codec.TYPES.keys() - {"tally.PetitionBatchRecorded"}))
@pytest.mark.parametrize("read", [codec.decode, lambda *row: codec.validate("B-7", *row)])
def test_refuses_a_state_under_another_topic(topic, read):
    if topic == codec.VERIFIED and read is codec.decode:
        pytest.skip("a verification has no field that decoding could miss")
    with pytest.raises(codec.UNREADABLE):
        read(topic, GOOD)


@pytest.fixture
def two_upcasts(monkeypatch):
    """Upcast verifications as if `by` had been called `name` first, then `who`."""

    def renamed(old, new):
        return lambda state: {**{k: v for k, v in state.items() if k != old}, new: state[old]}

    steps = (renamed("name", "who"), renamed("who", "by"))
    monkeypatch.setitem(codec.UPCASTS, codec.VERIFIED, steps)
    codec._reader.cache_clear()
    yield
    codec._reader.cache_clear()


AT = b'"at":"2026-03-01T02:00:00.000000Z"'


@pytest.mark.usefixtures("two_upcasts")
@pytest.mark.parametrize(
    "state",
    [
        b'{"class_version":1,' + AT + b',"name":"head"}',
        b'{"class_version":2,' + AT + b',"who":"head"}',
        b'{"class_version":3,' + AT + b',"by":"head"}',
    ],
    ids=["1", "2", "3"],
)
def test_upcasts_a_state_step_by_step_to_the_present_version(state):
    for read in (codec.decode(codec.VERIFIED, state), codec.validate("x", codec.VERIFIED, state)):
        assert (read.by, read.class_version) == ("head", 3)
        assert json.loads(codec.encode(read))["class_version"] == 3


@pytest.mark.usefixtures("two_upcasts")
def test_refuses_a_version_above_the_last_upcast():
    with pytest.raises(codec.UNREADABLE, match="class version 4 is newer"):
        codec.decode(codec.VERIFIED, b'{"class_version":4,' + AT + b',"by":"head"}')


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("petition_batch", {"occurred_at": "2016-03-05T09:30:00.120000+08:00"}),
        ("petition_batch", {"occurred_at": "2016-03-05T01:30:00Z"}),
        ("inspection_finding", {"item": "1.1", "points": "0.50", "missing": None}),
        ("ruling", {"value": True}),
        ("ruling", {"value": 30}),
        ("notice", {"units": ["V001", "V002"]}),
        ("information_report", {"matters": []}),
    ],
)
def test_an_entry_read_back_has_the_content_that_was_validated(kind, changed):
    entry = BUILT_IN.validate(json.dumps({**EXAMPLES[kind], **changed}).encode())
    stored = codec.encode_entry(entry)
    assert json.loads(stored) == entry.content() == codec.entry_decoder()(stored).content()


def test_points_are_stored_without_trailing_zeros():
    assert b'"points":"0.5"' in codec.encode(EVENTS["a finding of 0.50"])
