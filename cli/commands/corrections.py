"""`corrections`: show every reversal and replacement, and what each moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cli.options import OptionError, format_option, ledger_option, query_options
from ledger.message import Message

if TYPE_CHECKING:
    from cli.options import ScoreOptions


@click.command(
    epilog="\b\nExample:\n  tally corrections --year 2016\n"
    "  tally corrections B-2016-0004 --json\n  tally corrections --unit V005 --format csv"
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@query_options("year", "unit", "through", "as_of")
@click.option("--full", is_flag=True, help="Compute what all of them moved, however long it takes.")
@ledger_option
@format_option
def corrections(
    ids: tuple[str, ...], query: ScoreOptions, url: str, form: str, *, full: bool
) -> None:
    """Show what was taken back: by whom, when and why, what replaced it, and what that moved.

    IDs, of entries taken back, of reversals or of replacements, leave the other corrections out.
    What one moved is the difference in the year's totals, ranks and flags with and without it, as
    known when it was verified; of one that nobody verified, what it would move now. In large
    ledgers it is computed of the newest ones alone, unless --full is given.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.output.corrections import (  # noqa: PLC0415
        correction_rows,
        moved_json,
        print_corrections,
    )
    from cli.session import session  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415
    from projections.corrections import corrections as found_of  # noqa: PLC0415
    from projections.moved import WORK, Moves  # noqa: PLC0415
    from projections.query import YearQuery  # noqa: PLC0415

    with session(url) as opened:
        asked = opened.resolved(query)
        scored = opened.loader.scores(replace(asked, unit=None), postings=True, since=0)
        state, town = scored.state, scored.scores.town
        known = None if asked.unit is None else state.get(asked.unit)
        if asked.unit is not None and (known is None or known.entry.KIND != "unit"):
            opened.unit(scored.scores, state, asked.unit)  # refuses it, and says why
        found = found_of(state, Measures(state.adoptions), town.year, asked.unit)
        if ids:
            found = [one for one in found if not {one.entry.id, *one.ids}.isdisjoint(ids)]
            named = {name for one in found for name in (one.entry.id, *one.ids)}
            unknown = [name for name in ids if name not in named]
            if unknown:
                words = Message("{id} was not taken back, nor does it take back", id=unknown[0])
                if state.get(unknown[0]) is None:
                    words = Message("{entry_id} is not in this ledger", entry_id=unknown[0])
                raise OptionError("ID", words)
        moves = Moves(state, YearQuery(town.year, town.through))
        left_out = moves.compute(found, None if full else WORK)
        aside = opened.remark_set_aside(state.position)
        kinds = opened.ledger.kinds
        names = opened.unit_names(state.position)
    write(
        form,
        value=lambda: {
            "year": town.year,
            "through": town.through.isoformat(),
            "position": state.position,
            "corrections": [
                {
                    **one.as_json(),
                    "name": names.get(one.unit or ""),
                    **moved_json(moves.known(one)),
                }
                for one in found
            ],
            "not_computed": left_out,
            **aside,
        },
        table=lambda: print_corrections(found, moves, kinds, town.measure, left_out),
        rows=lambda: correction_rows(found, moves),
    )
