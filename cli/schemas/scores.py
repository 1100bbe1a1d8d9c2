"""Schemas of what tells scores: score, explain, diff, reform, missing, previews."""

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
    PERIOD,
    POSITION,
    SET_ASIDE,
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

_POINTS = of(table(DECIMAL), "points by section; of a section that deducts as positive numbers")

_FLAGS = of(array(TEXT), "flags that the measure declares")

OPEN = record(
    {
        "kind": one_of("undetermined", "incomplete", "not_inspected", "unverified", "objection"),
        "entry": or_null(ID),
        "clause": or_null(CLAUSE),
    }
)

_EDITION: dict[str, Schema] = {"edition": WHOLE, "position": POSITION, "through": DAY}

_FIGURES: dict[str, Schema] = {"score": DECIMAL, "sections": _POINTS, "beside": _POINTS}

_STATUS: dict[str, Schema] = {"flags": _FLAGS, "eligible": FLAG}

_PUBLISHED = of(
    record(_EDITION, {**_FIGURES, **_STATUS}),
    "the figures of the latest edition that differ from the present ones",
)

_OF_PERIOD: dict[str, Schema] = {"period": PERIOD, **_FIGURES}

FIGURE = record({"unit": UNIT, "name": TEXT, **_OF_PERIOD, **_STATUS})
"""A unit's figures in a bulletin."""

_UNIT: dict[str, Schema] = {
    "unit": UNIT,
    "name": TEXT,
    "group": or_null(TEXT),
    "rank": of(or_null(WHOLE), "null where the measure ranks nobody"),
    "total": DECIMAL,
    "periods": of(
        array(record(_OF_PERIOD, {"published": _PUBLISHED})),
        "the periods that have begun, in their order",
    ),
    "sections": of(_POINTS, "points of the sections of the whole year"),
    **_STATUS,
    "open": of(array(OPEN), "what awaits an entry, a ruling, an inspection or a verification"),
}
_BAND = of(TEXT, "the band that the total is in, where the measure declares bands")

SCORE = record(
    {
        "year": YEAR,
        "measure": MEASURE,
        "through": DAY,
        "position": POSITION,
        "known_at": of(or_null(INSTANT), "the recorded time of the last event that counts"),
        "provisional": of(FLAG, "whether unverified entries count too"),
        "units": of(
            array(record(_UNIT, {"band": _BAND, "published": _PUBLISHED})),
            "in the order of their ranks, ties by unit id",
        ),
    },
    {"set_aside": SET_ASIDE},
)

_AMOUNT_VALUE = either(
    WHOLE,
    TEXT,
    record({"reading": TEXT}, {"is": of(table(TEXT), "by value of the reading, the number")}),
)
_CASE = table(either(TEXT, FLAG, array(either(TEXT, FLAG, WHOLE))))

AMOUNT = record(
    {
        "of": TEXT,
        "when": of(_CASE, "the case that it is for"),
        "states": TEXT,
        "citation": TEXT,
        "quote": of(TEXT, "the words that state it"),
    },
    {
        **dict.fromkeys(("points", "factor", "percent", "flag"), _AMOUNT_VALUE),
        **dict.fromkeys(("count", "minutes", "headcount", "days", "months"), _AMOUNT_VALUE),
        "if": of(_CASE, "the readings under whose values it is stated"),
        "from": of(DAY, "the first day that it is stated for"),
        "until": of(DAY, "the last one"),
        "times": of(TEXT, "the number that the points are multiplied by"),
    },
)

_LINE: dict[str, Schema] = {
    "clause": CLAUSE,
    "citation": TEXT,
    "points": DECIMAL,
    "entries": array(ID),
    "working": TEXT,
    "text": of(TEXT, "the clause's own sentence"),
    "read": of(array(AMOUNT), "the amounts that were applied"),
}

EXPLAIN = record(
    {
        "unit": UNIT,
        "name": TEXT,
        "period": PERIOD,
        "measure": MEASURE,
        "through": DAY,
        "position": POSITION,
        "provisional": FLAG,
        "opening": DECIMAL,
        "closing": of(DECIMAL, "the opening plus the points of all postings"),
        "postings": array(record(_LINE)),
        "beside": of(
            array(record(_LINE)), "what is told beside a period and added to the year, once"
        ),
        "flags": array(record({"flag": TEXT, **_LINE})),
        "open": array(OPEN),
    },
    {"band": _BAND, "set_aside": SET_ASIDE},
)

_POSTING = record(
    {
        "clause": CLAUSE,
        "period": of(or_null(PERIOD), "null for what belongs to the year alone"),
        "points": DECIMAL,
        "entries": array(ID),
        "working": TEXT,
    }
)
CHANGED_FIELDS = of(
    record({}, {**_UNIT, "band": _BAND}), "the fields of `score` that differ, and no others"
)

_CHANGE = record(
    {
        "unit": UNIT,
        "name": TEXT,
        "before": CHANGED_FIELDS,
        "after": CHANGED_FIELDS,
        "entries": of(array(TEXT), "entries, objections and adoptions that caused the change"),
        "clauses": array(CLAUSE),
        "postings": record({"before": array(_POSTING), "after": array(_POSTING)}),
    }
)

_STATES: dict[str, Schema] = {
    "from": POSITION,
    "to": POSITION,
    "year": YEAR,
    "through": DAY,
}

DIFF = either(
    record({**_STATES, "units": array(_CHANGE)}),
    of(
        record(
            {
                **_STATES,
                "period": PERIOD,
                "edition": WHOLE,
                "published_through": DAY,
                "units": array(_CHANGE),
            }
        ),
        "from a published period",
    ),
)

REFORM = record(
    {
        **_STATES,
        "measure": record({"before": MEASURE, "after": MEASURE}),
        "units": array(_CHANGE),
    }
)

_MOVED: dict[str, Schema] = {
    "unit": UNIT,
    "name": TEXT,
    "total": record({"from": or_null(DECIMAL), "to": or_null(DECIMAL)}),
    "rank": record({"from": or_null(WHOLE), "to": or_null(WHOLE)}),
    "flags": record({"from": _FLAGS, "to": _FLAGS}),
}
_READINGS = array(of(TEXT, "the name of a reading"))
_NO_SCORE: dict[str, Schema] = {"error": of(TEXT, "why the year cannot be scored so")}

SENSITIVITY = record(
    {
        "year": YEAR,
        "measure": MEASURE,
        "through": DAY,
        "position": POSITION,
        "provisional": FLAG,
        "readings": of(
            array(
                record(
                    {
                        "reading": TEXT,
                        "value": of(TEXT, "the value in force"),
                        "citation": TEXT,
                        "alternatives": array(
                            record(
                                {
                                    "value": TEXT,
                                    "units": of(array(record(_MOVED)), "those that it moves"),
                                },
                                _NO_SCORE,
                            )
                        ),
                    }
                )
            ),
            "in the order of what they move: first place, then flags, ranks, totals, points",
        ),
        "pairs": of(
            array(
                record(
                    {
                        "readings": array(record({"reading": TEXT, "value": TEXT})),
                        "units": array(
                            record(
                                {
                                    **_MOVED,
                                    "alone": of(
                                        array(
                                            record(
                                                {
                                                    "total": or_null(DECIMAL),
                                                    "rank": or_null(WHOLE),
                                                    "flags": _FLAGS,
                                                }
                                            )
                                        ),
                                        "what the unit has under each of the two alone",
                                    ),
                                }
                            )
                        ),
                    },
                    _NO_SCORE,
                )
            ),
            "two readings that together move something else than the two alone",
        ),
        "units": of(
            array(
                record(
                    {
                        "unit": UNIT,
                        "name": TEXT,
                        "total": _READINGS,
                        "rank": _READINGS,
                        "flags": _READINGS,
                    }
                )
            ),
            "which readings the total, the rank and the flags of a unit hang on",
        ),
        "summary": of(array(TEXT), "the answers as sentences"),
    },
    {"set_aside": SET_ASIDE},
)

MARGINS = record(
    {
        "year": YEAR,
        "measure": MEASURE,
        "through": DAY,
        "position": POSITION,
        "provisional": FLAG,
        "units": array(
            record(
                {
                    "unit": UNIT,
                    "name": TEXT,
                    "margins": of(
                        array(
                            record(
                                {
                                    "entry": of(or_null(ID), "null: the unit's total itself"),
                                    "field": TEXT,
                                    "value": either(WHOLE, TEXT),
                                    "would_be": either(WHOLE, TEXT),
                                    "distance": either(COUNT, DECIMAL),
                                    "measured_in": of(
                                        one_of("things", "minutes", "time", "days", "points"),
                                        "what the distance is counted in; of a time minutes",
                                    ),
                                    "clause": or_null(CLAUSE),
                                    "points": of(TEXT, "with their sign, as +1.5; 0"),
                                    "rank": _MOVED["rank"],
                                    "flags": _MOVED["flags"],
                                    "periods": of(
                                        table(record({"from": DECIMAL, "to": DECIMAL})),
                                        "score with what is beside it, where it differs",
                                    ),
                                }
                            )
                        ),
                        "in the order of what they move: flags, rank, points; the nearest first",
                    ),
                }
            )
        ),
    },
    {"set_aside": SET_ASIDE},
)

PREVIEW = of(
    record(
        {
            "dry_run": {"const": True},
            "position": POSITION,
            "preview": array(
                record(
                    {"year": YEAR, "units": array(_CHANGE)},
                    {"error": of(TEXT, "why the year cannot be scored before or after it")},
                )
            ),
        }
    ),
    "of a dry run: what would change in each year, once verified",
)

MISSING = record(
    {
        "year": YEAR,
        "through": DAY,
        "obligations": array(
            record(
                {
                    "unit": UNIT,
                    "clause": CLAUSE,
                    "what": of(TEXT, "the month, day, period or notice that it is for"),
                    "due": DAY,
                    "state": one_of("in", "late", "missing", "due"),
                    "counted": of(
                        either(COUNT, DECIMAL, {"type": "null"}),
                        "how many are in, where so many are owed; a decimal of a decimal field",
                    ),
                    "owed": of(or_null(COUNT), "how many are owed"),
                    "entry": or_null(ID),
                    "points": DECIMAL,
                }
            )
        ),
    }
)
