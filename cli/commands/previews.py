"""Print what scores an append would change, before it is made."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from cli.language import render
from cli.output import write_json
from cli.output.lines import print_line

if TYPE_CHECKING:
    from projections.preview import Preview


def print_preview(changes: Preview, *, err: bool) -> None:
    """Print what would change in each year, to standard error if `err`."""
    from cli.output.changes import print_changes  # noqa: PLC0415 - not for --help

    if not changes.units and not changes.failed:
        print_line(render("No score, rank or flag would change."), err=err)
    for year, why in changes.failed.items():
        text = render("What would change in {year} cannot be computed: {why}", year=year, why=why)
        print_line(text, err=err)
    for year, units in changes.units.items():
        print_line(render("What would change in {year}, once verified:", year=year), err=err)
        print_changes(units, err=err)


def print_dry_run(changes: Preview, position: int, form: str) -> None:
    """Print the end of a dry run: the JSON of the changes, or that nothing was written."""
    from projections.differences import change_json  # noqa: PLC0415 - not for --help

    if form == "json":
        years: list[dict[str, Any]] = [
            {"year": year, "units": [change_json(change) for change in units]}
            for year, units in changes.units.items()
        ]
        years += ({"year": year, "units": [], "error": why} for year, why in changes.failed.items())
        years.sort(key=itemgetter("year"))
        write_json({"dry_run": True, "position": position, "preview": years})
    else:
        print_line(
            render(
                "\ndry run, nothing written; the ledger is at position {position}",
                position=position,
            )
        )
