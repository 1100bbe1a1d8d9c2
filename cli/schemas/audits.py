"""Schemas of what an auditor asks: how the office works, corrections, what clauses cost."""

from __future__ import annotations

from cli.schemas.parts import (
    CLAUSE,
    COUNT,
    DAY,
    DECIMAL,
    FLAG,
    ID,
    INSTANT,
    MEASURE,
    POSITION,
    REF,
    SET_ASIDE,
    TEXT,
    UNIT,
    YEAR,
    Schema,
    array,
    either,
    of,
    one_of,
    or_null,
    record,
    text,
)
from cli.schemas.scores import CHANGED_FIELDS
from projections.audit import COLUMNS

_SHARE = of(or_null(DECIMAL), "part of the whole, of four places at most; null of nothing")
_MONTH = of(text(r"\d{4}-\d{2}"), "a month of recording, UTC+08:00")
_IDS = of(TEXT, "ids with spaces between them")

_COLUMNS: dict[str, Schema] = {
    "name": TEXT,
    "month": _MONTH,
    "recorded": COUNT,
    "verified": COUNT,
    "own": of(COUNT, "verified by who recorded them"),
    "returned": COUNT,
    "reversals": of(COUNT, "reversals recorded"),
    "late": COUNT,
    "quick": COUNT,
    "recorded_by": TEXT,
    "verified_by": or_null(TEXT),
    "recorded_at": INSTANT,
    "verified_at": or_null(INSTANT),
    "entries": COUNT,
    "of_recorded": of(_SHARE, "of what the recorder recorded and anybody verified"),
    "of_verified": of(_SHARE, "of what the verifier verified"),
    "up_to_seconds": of(or_null(COUNT), "and longer than the row before; null: longer still"),
    "share": _SHARE,
    "kind": TEXT,
    "without": COUNT,
    "id": ID,
    "unit": or_null(UNIT),
    "seconds": COUNT,
    "days": COUNT,
    "dated": or_null(DAY),
    "edition": of(TEXT, "those in force by then that counted the entry, as 2016Q2#1"),
    "reversal": ID,
    "reversed_by": TEXT,
    "reversed_at": INSTANT,
    "reason": TEXT,
    "replaced_by": _IDS,
    "returned_by": TEXT,
    "returned_at": INSTANT,
    "import": of(POSITION, "the import's number"),
}

AUDIT = record(
    {
        "year": YEAR,
        "position": POSITION,
        "accounts_from": of(
            or_null(POSITION), "from where on names are accounts; null: names as typed"
        ),
        "seconds": COUNT,
        "days": COUNT,
        "entries": COUNT,
        "verified": COUNT,
        **{
            name: array(record({column: _COLUMNS[column] for column in columns}))
            for name, columns in COLUMNS.items()
        },
    },
    {"set_aside": SET_ASIDE},
)

CORRECTIONS = record(
    {
        "year": YEAR,
        "through": DAY,
        "position": POSITION,
        "corrections": array(
            record(
                {
                    "entry": ID,
                    "kind": TEXT,
                    "unit": or_null(UNIT),
                    "name": or_null(TEXT),
                    "dated": or_null(DAY),
                    "reversal": ID,
                    "reversed": REF,
                    "reason": TEXT,
                    "verified": of(or_null(REF), "of the reversal, which is in effect from then"),
                    "replacements": array(
                        record(
                            {
                                "id": ID,
                                "recorded": REF,
                                "verified": or_null(REF),
                                "changes": array(
                                    record(
                                        {
                                            "field": TEXT,
                                            "from": of({}, "null where it was left out"),
                                            "to": of({}, "null where it is left out"),
                                        }
                                    )
                                ),
                            }
                        )
                    ),
                    "published_in": of(
                        array(TEXT),
                        "editions in force by then that counted the entry, as 2016Q2#1",
                    ),
                    "moved": of(
                        or_null(
                            array(
                                record(
                                    {
                                        "unit": UNIT,
                                        "name": TEXT,
                                        "before": CHANGED_FIELDS,
                                        "after": CHANGED_FIELDS,
                                    }
                                )
                            )
                        ),
                        "the units of which the year's score differs with and without it, as "
                        "known when it was verified; not verified: what it would move now",
                    ),
                    "unknown": of(
                        or_null(either(one_of("not_computed"), TEXT)),
                        "why `moved` is null; otherwise null",
                    ),
                }
            )
        ),
        "not_computed": of(COUNT, "of how many the bound of work left out what they moved"),
    },
    {"set_aside": SET_ASIDE},
)

COSTS = record(
    {
        "year": YEAR,
        "measure": MEASURE,
        "through": DAY,
        "position": POSITION,
        "provisional": FLAG,
        "unit": or_null(UNIT),
        "lost": DECIMAL,
        "gained": DECIMAL,
        "clauses": of(
            array(
                record(
                    {
                        "clause": CLAUSE,
                        "citation": TEXT,
                        "title": TEXT,
                        **{
                            name: schema
                            for side in ("lost", "gained")
                            for name, schema in (
                                (side, of(DECIMAL, "points, never negative")),
                                (f"{side}_share", _SHARE),
                                (f"units_{side}", COUNT),
                                (f"postings_{side}", COUNT),
                            )
                        },
                    }
                )
            ),
            "the costliest first; those without points are left out",
        ),
    },
    {"set_aside": SET_ASIDE},
)
