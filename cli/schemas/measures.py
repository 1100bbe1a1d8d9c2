"""Schemas of what `tally measure` tells of measures as folders."""

from __future__ import annotations

from cli.schemas.parts import (
    CLAUSE,
    COUNT,
    DECIMAL,
    FLAG,
    INSTANT,
    PERIOD,
    POSITION,
    SHA256,
    TEXT,
    UNIT,
    YEAR,
    array,
    of,
    one_of,
    or_null,
    record,
)
from cli.schemas.records import MEASURE_RULES

LIST = record(
    {
        "shipped": of(
            array(
                record({"id": TEXT, "name": TEXT, "number": TEXT, "year": YEAR, "sha256": SHA256})
            ),
            "the measures that the program brings",
        ),
        "adopted": array(
            record(
                {
                    "year": YEAR,
                    "id": TEXT,
                    "sha256": SHA256,
                    "position": POSITION,
                    "at": INSTANT,
                    "by": TEXT,
                    "basis": TEXT,
                    "verified_by": or_null(TEXT),
                    "withdrawn_by": or_null(TEXT),
                    "in_force": FLAG,
                    "as_shipped": of(
                        or_null(FLAG),
                        "whether the program's own copy is equal; null if it has none",
                    ),
                }
            )
        ),
    }
)

SHOW = record({**MEASURE_RULES, "id": TEXT, "sha256": SHA256})

_REMARK = record({"file": TEXT, "place": or_null(TEXT), "message": TEXT})

CHECK = record(
    {
        "measure": of(or_null(TEXT), "its id; null with a problem"),
        "sound": FLAG,
        "text": of(FLAG, "whether amounts and sentences were compared with a text"),
        "problems": array(_REMARK),
        "remarks": array(_REMARK),
        "cases": record(
            {
                "run": COUNT,
                "failed": array(record({"file": TEXT, "case": TEXT, "message": TEXT})),
                "postings": array(
                    record(
                        {
                            "file": TEXT,
                            "case": TEXT,
                            "unit": UNIT,
                            "clause": CLAUSE,
                            "period": or_null(PERIOD),
                            "points": DECIMAL,
                            "entries": array(TEXT),
                            "working": TEXT,
                        }
                    )
                ),
            }
        ),
    }
)

NEW = record({"measure": TEXT, "folder": TEXT, "files": array(TEXT)})

_PART = of({}, "a part of the measure as its file has it; null where it is not there")

DIFF = record(
    {
        "from": TEXT,
        "to": TEXT,
        "differences": array(
            record(
                {
                    "of": one_of("clause", "amount", "reading", "section", "measure"),
                    "clause": or_null(CLAUSE),
                    "name": or_null(TEXT),
                    "from": _PART,
                    "to": _PART,
                }
            )
        ),
    }
)

ADOPT = record(
    {
        "measure": record({"id": TEXT, "sha256": SHA256, "year": YEAR}),
        "verify": of(TEXT, "what a second person verifies, as measure:2017"),
        "position": POSITION,
    }
)
