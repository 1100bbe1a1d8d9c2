"""Disqualification (取消年度评先评优资格), 三（一）2, last paragraph: for the liable unit alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import Flag, Working, people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import PetitionBatch
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "disqualification"


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Flag]:
    """A flag for each abnormal batch of the unit's that disqualifies it for the year."""
    for batch in unit.batches:
        if batch.abnormal and _disqualifies(batch, town, rulebook):
            of = "people to province or city"
            read = () if batch.level == "national" else (rulebook.amount(CLAUSE, of),)
            words = Working("{} to {}, abnormal", (people(batch.headcount), batch.level))
            yield Flag(
                "disqualified",
                CLAUSE,
                quarter_of(batch.occurred_at.date()),
                (batch.id,),
                words,
                read,
            )


def _disqualifies(batch: PetitionBatch, town: TownYear, rulebook: Rulebook) -> bool:
    if batch.level == "national":
        return batch.headcount >= town.collective_from
    most = rulebook.amount(CLAUSE, "people to province or city").headcount
    assert most is not None
    return batch.level in {"province", "city"} and batch.headcount >= most
