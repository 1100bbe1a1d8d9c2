"""Schemas of what tells entries and the measure: receipts, errors, list, history, rules."""

from __future__ import annotations

from cli.schemas.parts import (
    CLAUSE,
    CONTENT,
    COUNT,
    DAY,
    DECIMAL,
    FLAG,
    ID,
    INSTANT,
    PERIOD,
    POSITION,
    REF,
    SET_ASIDE,
    SHA256,
    TEXT,
    UNIT,
    WHOLE,
    YEAR,
    Schema,
    array,
    either,
    of,
    one_of,
    or_null,
    record,
    table,
)
from cli.schemas.scores import AMOUNT, FIGURE, PREVIEW

RECEIPT = record(
    {
        "recorded": COUNT,
        "verified": COUNT,
        "skipped": COUNT,
        "import": of(or_null(POSITION), "the number of the import; null if nothing was recorded"),
        "position": of(COUNT, "of the ledger's last event"),
    },
    {
        "given": of(array(ID), "the ids that the ledger gave to entries without one"),
        "dry_run": of({"const": True}, "nothing was written"),
    },
)

RECEIPT_OR_PREVIEW = either(RECEIPT, PREVIEW)

ERRORS = record(
    {
        "errors": array(
            record(
                {
                    "file": or_null(TEXT),
                    "line": of(or_null(COUNT), "from 1; in a workbook the number of the row"),
                    "id": or_null(TEXT),
                    "field": or_null(TEXT),
                    "code": of(TEXT, "the fault's name for programs"),
                    "message": TEXT,
                },
                {
                    "sheet": or_null(TEXT),
                    "column": of(or_null(TEXT), "the letter of the column"),
                    "header": or_null(TEXT),
                },
            )
        )
    }
)

LIST = record(
    {
        "entries": of(
            array(
                record(
                    {
                        "id": ID,
                        "kind": TEXT,
                        "unit": or_null(UNIT),
                        "dated": of(or_null(DAY), "the day that the entry bears"),
                        "status": one_of("recorded", "verified", "reversed", "replaced"),
                        "recorded": REF,
                        "verified": or_null(REF),
                        "returned": of(
                            or_null(record({**REF["properties"], "reason": TEXT})),
                            "what sent it back (退回); null once it is verified or taken back",
                        ),
                        "content": CONTENT,
                    }
                )
            ),
            "the newest last",
        )
    },
    {"set_aside": SET_ASIDE},
)


_BY_ROLE = {"session_user": of(TEXT, "the PostgreSQL role that wrote it, unless that is `by`")}


def _event(name: str, fields: dict[str, Schema] | None = None) -> Schema:
    head = {"position": POSITION, "event": {"const": name}, "at": INSTANT, "by": TEXT}
    return record({**head, **(fields or {})}, _BY_ROLE)


_VERIFIED = _event("verified")
_OBJECTED = _event(
    "objected", {"objection": TEXT, "unit": TEXT, "to": of(TEXT, "ID or POSTING"), "reason": TEXT}
)
_DECIDED = _event(
    "decided", {"objection": TEXT, "outcome": one_of("upheld", "dismissed"), "reason": TEXT}
)
_TAKEN_BACK: dict[str, Schema] = {"by_entry": ID, "reason": TEXT}


def _history(kind: Schema, events: list[Schema], more: dict[str, Schema] | None = None) -> Schema:
    head = {"id": TEXT, "kind": kind, "events": array(either(*events)), "as_of": POSITION}
    return record({**head, **(more or {})}, {"set_aside": SET_ASIDE})


HISTORY = either(
    of(
        _history(
            TEXT,
            [
                _event("recorded", {"content": CONTENT}),
                _event("returned", {"reason": TEXT}),
                _VERIFIED,
                _event(
                    "reversed",
                    {**_TAKEN_BACK, "in_effect": of(FLAG, "whether the reversal is verified")},
                ),
                _OBJECTED,
                _DECIDED,
            ],
            {"replaces": or_null(ID), "replaced_by": array(ID)},
        ),
        "of an entry",
    ),
    of(
        _history(
            {"const": "objection"},
            [
                _OBJECTED,
                _DECIDED,
                _event("reversed", {"entry": ID, **_TAKEN_BACK, "replaced_by": array(ID)}),
            ],
            {"followed_by": array(ID)},
        ),
        "of an objection",
    ),
    of(
        _history(
            {"const": "publication"},
            [
                _event(
                    "published",
                    {
                        "edition": WHOLE,
                        "replaces": or_null(WHOLE),
                        "shows_position": POSITION,
                        "through": DAY,
                        "reason": or_null(TEXT),
                        "figures": array(FIGURE),
                    },
                ),
                _event("verified", {"edition": WHOLE}),
                _event("withdrawn", {"edition": WHOLE, "reason": TEXT}),
            ],
        ),
        "of a published period",
    ),
    of(
        _history(
            {"const": "measure"},
            [
                _event(
                    "adopted",
                    {
                        "measure": TEXT,
                        "sha256": SHA256,
                        "basis": TEXT,
                        "founding": FLAG,
                        "files": of(table(TEXT), "the texts of its files, by name"),
                    },
                ),
                _VERIFIED,
                _event("withdrawn", {"reason": TEXT}),
            ],
        ),
        "of the measure of a year",
    ),
    of(
        _history(
            {"const": "set_aside"},
            [
                _event(
                    "set_aside",
                    {"row": of(POSITION, "the damaged one"), "sha256": SHA256, "reason": TEXT},
                ),
                _VERIFIED,
            ],
        ),
        "of a damaged position",
    ),
)

_LAW = record({"subject": TEXT, "subject_en": TEXT, "note": TEXT, "note_en": TEXT})

_READING = record(
    {
        "reading": TEXT,
        "value": of(TEXT, "in force in the year"),
        "default": TEXT,
        "by_entry": of(or_null(ID), "the ruling that chose the value"),
        "citation": TEXT,
        "summary": TEXT,
        "summary_zh": TEXT,
        "choices": array(record({"value": TEXT, "meaning": TEXT})),
    }
)

_SETTINGS = of(table({}), "what decides beside the amounts, as the measure's file has it")

MEASURE_RULES: dict[str, Schema] = {
    "measure": of(TEXT, "its name"),
    "number": of(TEXT, "of the document"),
    "year": YEAR,
    "counted_in": of(TEXT, "the unit of score: points, yuan"),
    "sections": of(
        array(
            record(
                {
                    "section": TEXT,
                    "citation": TEXT,
                    "title": TEXT,
                    "title_en": TEXT,
                    "settings": _SETTINGS,
                }
            )
        ),
        "the parts of the score",
    ),
    "scales": of(array(_SETTINGS), "the totals that are scaled"),
    "rank": _SETTINGS,
    "bands": of(
        array(
            record(
                {
                    "band": TEXT,
                    "title": TEXT,
                    "title_en": TEXT,
                    "from": of(or_null(DECIMAL), "the least total; null of the lowest"),
                    "citation": TEXT,
                }
            )
        ),
        "the results by total",
    ),
    "law": of(array(_LAW), "notes of law that are not of one clause"),
    "readings": of(array(_READING), "those that are not of one clause"),
    "clauses": array(
        record(
            {
                "clause": CLAUSE,
                "citation": TEXT,
                "section": TEXT,
                "settings": _SETTINGS,
                "title": TEXT,
                "title_en": TEXT,
                "text": TEXT,
                "text_en": TEXT,
                "amounts": array(AMOUNT),
                "readings": array(_READING),
                "law": array(_LAW),
            }
        )
    ),
}

RULES = record({**MEASURE_RULES, "position": POSITION})

PUBLISH = record(
    {
        "period": PERIOD,
        "edition": WHOLE,
        "replaces": or_null(WHOLE),
        "through": DAY,
        "shows_position": POSITION,
        "units": COUNT,
        "position": POSITION,
    }
)

WITHDRAW = either(
    record(
        {
            "period": PERIOD,
            "withdrawn": of(WHOLE, "the number of the edition"),
            "in_force": of(or_null(WHOLE), "the edition that is in force now"),
            "position": POSITION,
        }
    ),
    record(
        {
            "measure": of(TEXT, "the adoptions of a year, as measure:2017"),
            "withdrawn": of(TEXT, "the id of the measure"),
            "in_force": of(or_null(TEXT), "the measure of the year that is in force now"),
            "position": POSITION,
        }
    ),
)

RETURN = record(
    {"returned": of(array(ID), "the entries that were sent back"), "position": POSITION},
    {"dry_run": of({"const": True}, "nothing was written")},
)

ASIDE = record(
    {
        "set_aside": of(array(POSITION), "the damaged positions"),
        "verify": of(array(ID), "what a second person verifies"),
        "position": POSITION,
    }
)

OBJECT = record({"objection": TEXT, "position": POSITION})

DECIDE = record({"objection": TEXT, "outcome": one_of("upheld", "dismissed"), "position": POSITION})
