"""Write an edition of a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from cli.language import render
from cli.output.lines import print_line
from cli.output.region.outcome import head_json, print_lost

if TYPE_CHECKING:
    from projections.region.editions import RegionEdition
    from projections.region.running import Outcome

_COLUMNS = ("town", "name", "position", "root", "measure", "scores")


def print_edition(edition: RegionEdition, outcome: Outcome) -> None:
    """Print what was published, and the towns that it is without."""
    print_line(
        render(
            "{region}: edition {number} of {year} published, {counted}; its root is {root}",
            region=outcome.region.name,
            number=edition.number,
            year=edition.year,
            counted=outcome.counted(),
            root=edition.root,
        )
    )
    print_lost(outcome)


def edition_json(edition: RegionEdition, outcome: Outcome) -> dict[str, Any]:
    """Return the JSON of `region publish`; `lost` are the towns that the edition is without."""
    return {
        **head_json(outcome),
        "edition": edition.number,
        "year": edition.year,
        "through": None if edition.through is None else edition.through.isoformat(),
        "on": edition.on.isoformat(),
        "by": edition.by,
        "at": edition.at,
        "program": edition.program,
        "measures": [
            {"id": name, "sha256": sha256} for sha256, name in sorted(edition.measures.items())
        ],
        "towns": [asdict(one) for one in edition.towns],
        "previous": edition.previous,
        "root": edition.root,
    }


def edition_rows(edition: RegionEdition) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: a row for each town."""
    return list(_COLUMNS), [[getattr(one, name) for name in _COLUMNS] for one in edition.towns]
