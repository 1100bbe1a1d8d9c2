"""Disqualification from awards (取消年度评先评优资格), 三（一）2, last paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.postings import Flag, Working, people

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields the flag `disqualified` for each batch that has the effect.

    Such batches are abnormal and large: at the national level collective (reading
    `collective_from`, headcount), at the level of province and city of the headcount that the
    clause states. The flag is for the liable unit, not for the host unit.
    """
    to_province_or_city = clause.amount_for("people to province or city")
    assert to_province_or_city.headcount is not None
    least_headcount = {
        "national": int(readings["collective_from"]),
        "province": to_province_or_city.headcount,
        "city": to_province_or_city.headcount,
    }

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Flag]:
        for visit in unit.liable:
            batch = visit.batch
            least = least_headcount.get(batch.level)
            if least is not None and batch.headcount >= least and batch.abnormal:
                yield Flag(
                    "disqualified",
                    clause.slug,
                    visit.quarter,
                    (batch.id,),
                    Working("{} to {}, abnormal", (people(batch.headcount), batch.level)),
                    () if batch.level == "national" else (to_province_or_city,),
                )

    return judge
