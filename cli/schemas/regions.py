"""Schemas of what tells many towns: the commands of `region`."""

from __future__ import annotations

from cli.schemas.parts import (
    BASE64,
    COUNT,
    DAY,
    DECIMAL,
    FLAG,
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
        )
    },
)
