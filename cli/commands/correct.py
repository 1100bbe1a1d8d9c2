"""`reverse` and `correct`: compensating entries, after showing what they would change."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from cli.commands.receipts import print_receipt, refuse
from cli.language import tell
from cli.options import OptionError, format_option, ledger_option
from cli.output import remark, write_json
from ledger.errors import EntriesRefusedError, LedgerMovedError, TallyError
from ledger.saying import Said, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cli.session import Session
    from ledger.register import Register
    from ledger.submissions import Submission
    from projections.differences import UnitChange

_YES = click.option("--yes", is_flag=True, help="Do not ask.")
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would change and stop there.")
_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why it is taken back.")
_BY = click.option("--by", required=True, metavar="NAME", help="Who records.")


class NotConfirmedError(TallyError):
    """Nobody said yes."""

    def __init__(self) -> None:
        super().__init__(
            Said("not confirmed; nothing was written. Say y when asked, or give --yes")
        )


@click.command(epilog="\b\nExample:\n  tally reverse B-2016-900 --reason '重复录入' --by clerk")
@click.argument("entry")
@_REASON
@_BY
@click.option("--id", "named", metavar="ID", help="The reversal's id (default: ENTRY.R).")
@_YES
@_DRY_RUN
@ledger_option
@format_option
def reverse(
    entry: str,
    reason: str,
    by: str,
    named: str | None,
    url: str,
    form: str,
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take an ENTRY back by a compensating entry (冲销); it counts until that is verified.

    Shows first what would change, then asks; without a terminal it goes ahead.
    """
    from ledger.corrections import reversal_of  # noqa: PLC0415 - not for --help

    _settle(
        url,
        lambda register: reversal_of(register, entry, reason, named),
        by,
        form=form,
        as_json=as_json,
        yes=yes,
        dry_run=dry_run,
        unasked=True,
    )


@click.command(
    epilog="\b\nExample:\n"
    "  tally correct B-2016-900 --set headcount=12 --set level=district \\\n"
    "    --reason '人数录错' --by clerk"
)
@click.argument("entry")
@click.option(
    "--set",
    "settings",
    multiple=True,
    required=True,
    metavar="FIELD=VALUE",
    help="What a field should have been; an empty value empties an optional field.",
)
@_REASON
@_BY
@click.option("--id", "named", metavar="ID", help="The replacement's id (default: ENTRY.2).")
@_YES
@_DRY_RUN
@ledger_option
@format_option
def correct(
    entry: str,
    settings: tuple[str, ...],
    reason: str,
    by: str,
    named: str | None,
    url: str,
    form: str,
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take an ENTRY back and record it anew with other values, in one append.

    Shows first what would change in points, scores, ranks and flags, then asks (or reads y
    from standard input; a script gives --yes). Both new entries count once somebody else has
    verified them.
    """
    from ledger.corrections import correction_of  # noqa: PLC0415 - not for --help

    def make(register: Register) -> Sequence[Submission]:
        changes = _changes(entry, settings, register)
        return correction_of(register, entry, changes, reason, named)

    _settle(url, make, by, form=form, as_json=as_json, yes=yes, dry_run=dry_run, unasked=False)


def _changes(entry: str, settings: tuple[str, ...], register: Register) -> dict[str, Any]:
    from cli.commands.record import field_value  # noqa: PLC0415 - not for --help

    changes: dict[str, Any] = {}
    life = register.get(entry)
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise OptionError("--set", Said("{setting!r} is no FIELD=VALUE", setting=setting))
        if name in changes:
            raise OptionError("--set", Said("{name} is given twice", name=name))
        field = None if life is None else life.entry.FIELDS.get(name)
        changes[name] = field_value(value, field) if value else None
    return changes


def _settle(
    url: str,
    make: Callable[[Register], Sequence[Submission]],
    by: str,
    *,
    form: str,
    as_json: bool,
    yes: bool,
    dry_run: bool,
    unasked: bool,
) -> None:
    """Shows, asks, appends; shows and asks anew if the ledger moved and the preview with it."""
    from cli.progress import waiting  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415

    quiet = as_json or form != "table"
    with session(url) as opened:
        try:
            shown: dict[int, list[UnitChange]] | None = None
            while True:
                with waiting(Said("comparing")):
                    position, changes = _preview(opened, make, by)
                if shown is not None and changes != shown:
                    remark("the ledger moved, and what would change is no longer the same")
                if changes != shown:
                    _print_preview(changes, err=quiet)
                    if dry_run:
                        _print_dry_run(changes, position, as_json=as_json or form == "json")
                        return
                    if not (yes or _agreed(unasked=unasked)):
                        raise NotConfirmedError
                shown = changes
                try:
                    receipt = opened.ledger.record(make, by, at_position=position)
                    break
                except LedgerMovedError:
                    continue
        except EntriesRefusedError as error:
            refuse(error, form, as_json=as_json)
            return
    if not quiet:
        click.echo(
            tell(
                "appended {entries}; to count, verify under another name:",
                entries=Series(receipt.entries),
            )
        )
        click.echo(f"  tally verify {' '.join(receipt.entries)} --by NAME")
    print_receipt(receipt, form, as_json=as_json)


def _preview(
    opened: Session, make: Callable[[Register], Sequence[Submission]], by: str
) -> tuple[int, dict[int, list[UnitChange]]]:
    from projections.preview import preview  # noqa: PLC0415 - not for --help

    opened.ledger.record(make, by, dry_run=True)
    register = opened.ledger.register()
    fresh = [submission.entry for submission in make(register)]
    at = datetime.now(UTC)
    return register.position, preview(register, opened.rulebook, fresh, at, opened.default_day)


def _print_preview(changes: dict[int, list[UnitChange]], *, err: bool) -> None:
    from cli.output.changes import print_changes  # noqa: PLC0415 - not for --help

    if not changes:
        click.echo(tell("No score, rank or flag would change."), err=err)
    for year, units in changes.items():
        click.echo(tell("What would change in {year}, once verified:", year=year), err=err)
        print_changes(units, err=err)


def _print_dry_run(changes: dict[int, list[UnitChange]], position: int, *, as_json: bool) -> None:
    from projections.differences import change_json  # noqa: PLC0415 - not for --help

    if as_json:
        years = [
            {"year": year, "units": [change_json(change) for change in units]}
            for year, units in changes.items()
        ]
        write_json({"dry_run": True, "position": position, "preview": years})
    else:
        click.echo(
            tell(
                "\ndry run, nothing written; the ledger is at position {position}",
                position=position,
            )
        )


def _agreed(*, unasked: bool) -> bool:
    """What the person says; `unasked` where there is nobody to ask."""
    if unasked and not sys.stdin.isatty():
        # A loop of a script may feed other things on standard input.
        return True
    click.echo(tell("\nAppend this? [y/N] "), nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer:
        click.echo("", err=True)
        return False
    return answer.strip().lower() in {"y", "yes", "是"}
