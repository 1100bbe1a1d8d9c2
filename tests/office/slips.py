"""Slips for tests, made in this process of a few entries under a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import learn
from cli.office import Office
from cli.output.documents.slip import slip_values
from cli.output.documents.wording import Proof
from ledger.kinds import Kinds
from projections.measure import load_measure, read_measure
from projections.measure.case_entries import entries_of, state_of
from projections.measure.cases import Case
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from projections.measure import Measure

RIVERS = load_measure(read_measure("shicheng-2018-rivers"))
FIRST = load_measure(read_measure("qianlianghu-2016"))
NAMES = ("甲村", "乙村")
NO_OFFICE = Office()


def slip(
    entries: Iterable[dict[str, Any]],
    number: int | None,
    unit: str = "V1",
    measure: Measure = FIRST,
    through: date | None = None,
    unverified: tuple[str, ...] = (),
    office: Office = NO_OFFICE,
    made_on: date | None = None,
    *,
    cited: bool = False,
) -> dict[str, Any]:
    """Return the values of the slip of a unit.

    Args:
        entries: the contract's JSON objects, units apart.
        number: the period's, from 1; None for the year.
        unit: V1 (甲村) or V2 (乙村).
        measure: the measure.
        through: the day; left out: the year's last.
        unverified: ids of entries that nobody has verified.
        office: the office's words.
        made_on: the day on which it is made; left out: the day.
        cited: keep the clause that sentences on losses and gains end with.
    """
    learn(Kinds.of(measure).words())
    year = measure.source.year
    day = through or measure.calendar.last_day(year)
    # Every unit hands in the monthly reports of the first measure.
    kind = measure.units.type[0].value
    units: list[str | dict[str, Any]] = [
        {"id": f"V{number}", "name": name, "type": kind} for number, name in enumerate(NAMES, 1)
    ]
    case = Case(name="", units=units, in_time=measure is FIRST, entry=[*entries])
    state = state_of(entries_of(case, measure, year), measure, unverified=unverified)
    scores = score_year(state, measure, year, day)
    score = scores.unit(unit)
    assert score is not None
    found: dict[str, Any] = slip_values(
        score, scores, number, state, office, Proof(1, day, None), made_on or day
    )
    if not cited:
        citations = {measure.heading(one).citation for one in (*measure.clauses, *measure.sections)}
        ends = tuple(f"（{one}）。" for one in citations)
        for field in ("扣分", "加分"):
            found[field] = [_without(one, ends) for one in found[field]]
    return found


def _without(text: str, ends: tuple[str, ...]) -> str:
    end = next((one for one in ends if text.endswith((f"分{one}", f"元{one}"))), "")
    return f"{text.removesuffix(end)}。" if end else text
