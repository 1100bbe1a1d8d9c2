"""On-site responses: every combination of their fields, and the usual ones."""

from datetime import timedelta
from random import Random
from typing import Final

from cli.sample.days import Entry, Filed, chance
from cli.sample.edge_cases import Visit
from cli.sample.petitions import number_of

ARRIVALS: Final = ("ahead", "prompt", "late", "absent")
# Minutes: up to 60, 61 to 240, over 240, not recorded.
STAYS: Final[tuple[tuple[int | None, ...], ...]] = (
    (60, 45, 20, 35, 1), (61, 240, 90, 150), (241, 300, 420, 260), (None,),
)  # fmt: skip
UNANSWERED: Final = 10
UNIT_SILENT: Final = 8
ABSENT_NOTE: Final = "主要负责人未到场，由值班人员劝返"

Outcome = tuple[str, bool, int | None]
"""Arrival, effective, stay in minutes."""

USUAL: Final[tuple[Outcome, ...]] = (
    ("ahead", True, 30), ("ahead", True, 60), ("prompt", True, 25), ("prompt", True, 40),
    ("prompt", True, 55), ("prompt", True, 60), ("prompt", True, 110), ("prompt", False, 75),
    ("prompt", False, 190), ("late", True, 80), ("late", False, 130), ("prompt", True, 250),
)  # fmt: skip


def responses(rng: Random, visits: list[Visit]) -> list[Filed]:
    """Return responses of the liable and host units; some batches have none."""
    combinations = _combinations(rng)
    filed: list[Filed] = []
    for position, visit in enumerate(visits, start=1):
        if chance(rng, UNANSWERED):
            continue
        for unit in (visit.unit, visit.host_unit):
            if unit is None or chance(rng, UNIT_SILENT):
                continue
            # At every second batch, so that the combinations are spread over the year.
            is_turn = combinations and position % 2 == 0
            arrival, effective, stay = combinations.pop() if is_turn else rng.choice(USUAL)
            entry: Entry = {
                "kind": "on_site_response",
                "id": f"R-{number_of(position)}-{unit}",
                "unit": unit,
                "batch": f"B-{number_of(position)}",
                "arrival": arrival,
            }
            if effective:
                entry["effective"] = True
            elif chance(rng, 50):
                entry["effective"] = False
            if stay is not None:
                entry["stay_minutes"] = stay
            if arrival == "absent" and effective:
                entry["note"] = ABSENT_NOTE
            filed.append((visit.at.date() + timedelta(days=rng.randrange(3)), entry))
    return filed


def _combinations(rng: Random) -> list[Outcome]:
    """Return each combination of arrival, effect and length of stay, shuffled."""
    outcomes = [
        (arrival, effective, stay[(far + 4 * effective) % len(stay)])
        for far, arrival in enumerate(ARRIVALS)
        for effective in (True, False)
        for stay in STAYS
    ]
    rng.shuffle(outcomes)
    return outcomes
