"""Schemas of what tells many towns: the commands of `region`."""

from __future__ import annotations

from cli.schemas.parts import (
    BASE64,
    COUNT,
    DAY,
    DECIMAL,
    FLAG,
    INSTANT,
    PERIOD,
    POSITION,
    SHA256,
    TEXT,
    UNIT,
    WHOLE,
    YEAR,
    Schema,
    array,
    of,
    or_null,
    record,
    table,
    text,
)

TOWN = of(text("[0-9]{6,12}"), "the division code of a town (行政区划代码)")

HEAD: dict[str, Schema] = {
    "region": of(TEXT, "its name"),
    "asked": of(COUNT, "towns of the region"),
    "answered": of(COUNT, "towns that answered"),
    "lost": of(
        array(
            record(
                {
                    "town": TOWN,
                    "name": TEXT,
                    "fault": of(TEXT, "its kind, as DamagedLedgerError"),
                    "message": TEXT,
                }
            )
        ),
        "the towns that did not answer",
    ),
}
"""What every JSON of a region says first."""

_STATE: dict[str, Schema] = {
    "as_of": of(or_null(INSTANT), "null: all that is recorded by now, or up to the edition"),
    "provisional": of(FLAG, "whether unverified entries count too"),
}
"""Of which state an answer about a year is."""

CHECK = record(
    {
        **HEAD,
        "whole": of(COUNT, "ledgers in which nothing is wrong"),
        "towns": array(
            record(
                {
                    "town": TOWN,
                    "name": TEXT,
                    "size": of(COUNT, "events read"),
                    "root": of(BASE64, "the root of the Merkle tree (RFC 6962)"),
                    "findings": of(array(TEXT), "what is wrong; empty if the ledger is whole"),
                }
            )
        ),
    }
)

_GROUP = of(WHOLE, "the number of a group of comparable towns, from 1")

SCORE = record(
    {
        **HEAD,
        **_STATE,
        "groups": of(
            array(
                record(
                    {
                        "group": _GROUP,
                        "year": YEAR,
                        "through": DAY,
                        "measure": record({"id": TEXT, "sha256": SHA256}),
                        "readings": of(table(TEXT), "by contested reading, the value in force"),
                        "differs": of(TEXT, "how it differs from the first; empty for the first"),
                        "towns": array(record({"town": TOWN, "name": TEXT, "position": POSITION})),
                    }
                )
            ),
            "towns of one year, day, measure and readings; the largest group is the first",
        ),
        "divisions": of(
            array(
                record(
                    {
                        "division": of(
                            text("[0-9]{0,12}"), "the prefix of its codes; empty for the region"
                        ),
                        "name": TEXT,
                        "group": of(or_null(_GROUP), "null if no town of the division answered"),
                        "answered": of(COUNT, "towns of the group that answered"),
                        "asked": of(COUNT, "towns of the division"),
                        "units": COUNT,
                        "mean": of(or_null(DECIMAL), "of the units' totals, to two places"),
                        "lowest": or_null(DECIMAL),
                        "highest": or_null(DECIMAL),
                        "flagged": of(COUNT, "units with a flag"),
                        "ineligible": of(COUNT, "units that may receive no awards"),
                        "open": of(COUNT, "open points"),
                    }
                )
            ),
            "for each division and group of comparable towns, by prefix; last the region",
        ),
    },
    {
        "edition": of(WHOLE, "with --edition: its number"),
        "units": of(
            array(
                record(
                    {
                        "rank": of(
                            or_null(WHOLE), "among the units of all towns of the group, ties alike"
                        ),
                        "group": _GROUP,
                        "town": TOWN,
                        "unit": UNIT,
                        "name": TEXT,
                        "within": of(
                            or_null(TEXT), "the group or type of units that it is ranked among"
                        ),
                        "total": DECIMAL,
                        "rank_in_town": or_null(WHOLE),
                        "flags": array(TEXT),
                        "eligible": FLAG,
                        "band": or_null(TEXT),
                        "open": of(COUNT, "open points"),
                    }
                )
            ),
            "with --units: by group and rank",
        ),
    },
)

_TOWN: dict[str, Schema] = {"town": TOWN, "name": TEXT, "position": POSITION}
_YEAR: dict[str, Schema] = {
    "year": YEAR,
    "through": DAY,
    "measure": record({"id": TEXT, "sha256": SHA256}),
}

_SIDE = or_null(
    record(
        {
            "total": DECIMAL,
            "rank": or_null(WHOLE),
            "flags": array(TEXT),
            "eligible": FLAG,
            "band": or_null(TEXT),
        }
    )
)

_END = or_null(record({"unit": UNIT, "points": DECIMAL}))

_MOVES = of(
    array(
        record(
            {
                **_TOWN,
                **_YEAR,
                "units": of(COUNT, "units of the town, before or after"),
                "differ": of(
                    record(
                        dict.fromkeys(
                            ("any", "total", "rank", "flags", "eligible", "new", "gone"), COUNT
                        )
                    ),
                    "units that differ in anything, and in each; new and gone ones apart",
                ),
                "gain": of(_END, "the largest gain"),
                "loss": of(_END, "the largest loss"),
                "moves": array(
                    record(
                        {
                            "unit": UNIT,
                            "name": TEXT,
                            "fields": of(array(TEXT), "those of `score` that differ"),
                            "before": of(_SIDE, "null if it was not there"),
                            "after": of(_SIDE, "null if it is not there any more"),
                        }
                    )
                ),
            }
        )
    ),
    "the towns that answered, in the order of the list",
)

REFORM = record(
    {**HEAD, **_STATE, "draft": record({"id": TEXT, "sha256": SHA256}), "towns": _MOVES}
)

DIFF = record(
    {
        **HEAD,
        "provisional": _STATE["provisional"],
        "from": INSTANT,
        "to": of(or_null(INSTANT), "null: now"),
        "towns": _MOVES,
    },
    {"edition": of(WHOLE, "the number of the edition of the region that --from names")},
)

_OWED: dict[str, Schema] = dict.fromkeys(("late", "missing", "due"), COUNT)

MISSING = record(
    {
        **HEAD,
        **_STATE,
        "towns": array(
            record(
                {
                    **_TOWN,
                    **_YEAR,
                    "in": COUNT,
                    **_OWED,
                    "units": of(array(record({"unit": UNIT, **_OWED})), "those that owe something"),
                    "bulletins": of(
                        array(
                            record(
                                {
                                    "period": PERIOD,
                                    "last": of(DAY, "its last day"),
                                    "awaiting": of(
                                        or_null(WHOLE), "an edition that awaits verification"
                                    ),
                                }
                            )
                        ),
                        "those that are due",
                    ),
                }
            )
        ),
    }
)

PUBLISH = record(
    {
        **HEAD,
        **_STATE,
        "edition": of(WHOLE, "its number, from 1"),
        "year": YEAR,
        "through": of(or_null(DAY), "null: the year's last day, or that of `on`"),
        "on": of(DAY, "the office's day"),
        "by": TEXT,
        "at": INSTANT,
        "program": of(SHA256, "of the program's code"),
        "measures": array(record({"id": TEXT, "sha256": SHA256})),
        "towns": array(
            record(
                {
                    **_TOWN,
                    "root": of(BASE64, "the Merkle root of the events up to the position"),
                    "measure": SHA256,
                    "scores": of(SHA256, "of the scores"),
                }
            )
        ),
        "previous": of(or_null(BASE64), "the root of the edition before"),
        "root": of(BASE64, "of the edition"),
    }
)
"""`lost` are the towns that the edition is without."""
