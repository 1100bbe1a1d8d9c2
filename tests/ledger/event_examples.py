"""An event of every topic."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

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
        AppendSigned, first=7, rows=2, key=SHA256[:16], signature=SHA256 + SHA256
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
