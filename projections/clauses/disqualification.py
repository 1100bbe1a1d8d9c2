"""Disqualification (取消年度评先评优资格), 三（一）2, last paragraph: for the liable unit alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.postings import Flag, Working, people

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Compile the clause: a flag for each abnormal batch that disqualifies its unit for the year.

    To Beijing a collective batch does; to the province or city one of as many people as stated.
    """
    stated = clause.amount_for("people to province or city")
    assert stated.headcount is not None
    from_headcount = {
        "national": int(readings["collective_from"]),
        "province": stated.headcount,
        "city": stated.headcount,
    }

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Flag]:
        for visit in unit.liable:
            batch = visit.batch
            least = from_headcount.get(batch.level)
            if least is not None and batch.headcount >= least and batch.abnormal:
                yield Flag(
                    "disqualified",
                    clause.slug,
                    visit.quarter,
                    (batch.id,),
                    Working("{} to {}, abnormal", (people(batch.headcount), batch.level)),
                    () if batch.level == "national" else (stated,),
                )

    return judge
