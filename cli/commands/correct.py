"""`reverse` and `correct`: preview and append compensating entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.commands.previews import print_dry_run, print_preview
from cli.commands.receipts import (
    NotConfirmedError,
    agreed,
    is_interactive,
    named_entries,
    print_receipt,
    refusals,
)
from cli.language import render
from cli.options import (
    OptionError,
    by_option,
    doubt_options,
    dry_run_option,
    format_option,
    id_option,
    import_option,
    ledger_option,
    reason_option,
    yes_option,
)
from cli.output import output_errors, remark
from cli.output.lines import print_line
from cli.parameters.values import ENTRY, SETTING
from ledger.errors import LedgerMovedError
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from cli.proposing import Proposal
    from cli.session import Session
    from ledger.doubts import Doubt
    from ledger.entries.base import Field
    from ledger.kinds import Kinds
    from ledger.state import LedgerState
    from ledger.submissions import Submission
    from projections.preview import Preview

_REASON = reason_option("Why the entry is taken back.")


@click.command(
    epilog="\b\nExample:\n  tally reverse B-2016-900 --reason '重复录入' --by clerk\n"
    "  tally reverse --import 128 --reason '文件有误' --by clerk"
)
@click.argument("entries", metavar="ID…", nargs=-1, type=ENTRY)
@import_option
@_REASON
@by_option
@id_option("Id of the reversal of one entry (default: ID.R).")
@yes_option
@dry_run_option
@ledger_option
@format_option
def reverse(
    entries: tuple[str, ...],
    import_number: int | None,
    reason: str,
    by: str,
    named: str | None,
    url: str,
    form: str,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Take entries back by compensating entries (冲销); they count until these are verified.

    All that one import recorded is named by its number. First shows what would change and asks
    for confirmation; without a terminal it does not ask.
    """
    from ledger.corrections import ids_after, reversals_of  # noqa: PLC0415 - not for --help

    ids = named_entries(url, entries, import_number, form)
    if named is not None and len(ids) > 1:
        raise click.UsageError(render("--id names the reversal of one entry; leave it out"))
    about = [one for entry in ids for one in ids_after(entry, named)]
    _settle(
        url,
        lambda state, _: reversals_of(
            state, ids, reason, named, skip_reversed=import_number is not None
        ),
        about,
        by,
        form=form,
        yes=yes,
        dry_run=dry_run,
        unasked=True,
    )


@click.command(
    epilog="\b\nExample:\n"
    "  tally correct B-2016-900 --set headcount=12 --set level=district \\\n"
    "    --reason '人数录错' --by clerk"
)
@click.argument("entry", type=ENTRY)
@click.option(
    "--set",
    "settings",
    type=SETTING,
    multiple=True,
    required=True,
    metavar="FIELD=VALUE",
    help="A field, by its name or Chinese title, and its right value; nothing after = empties it.",
)
@_REASON
@by_option
@id_option("Id of the replacement (default: ENTRY.2).")
@doubt_options
@yes_option
@dry_run_option
@ledger_option
@format_option
def correct(
    entry: str,
    settings: tuple[tuple[str, str], ...],
    reason: str,
    by: str,
    named: str | None,
    url: str,
    form: str,
    *,
    doubts: frozenset[Doubt],
    yes: bool,
    dry_run: bool,
) -> None:
    """Take an ENTRY back and record it anew with other values, in one append.

    First shows what would change in points, scores, ranks and flags, then asks for
    confirmation (or reads y from standard input; a script gives --yes). Both new entries count
    once another person has verified them.
    """
    from ledger.corrections import correction_of, ids_after  # noqa: PLC0415 - not for --help

    def make(state: LedgerState, kinds: Kinds) -> Sequence[Submission]:
        changes = _changes(entry, settings, state, kinds)
        return correction_of(state, entry, changes, reason, named, kinds)

    _settle(
        url,
        make,
        ids_after(entry, named),
        by,
        form=form,
        yes=yes,
        dry_run=dry_run,
        unasked=False,
        doubts=doubts,
    )


def _changes(
    entry: str, settings: tuple[tuple[str, str], ...], state: LedgerState, kinds: Kinds
) -> dict[str, Any]:
    """Return the values to change by field, as JSON has them; None empties a field.

    Raises:
        click.BadParameter: a value is malformed.
        OptionError: a field is given twice.
    """
    from cli.parameters.entry_fields import (  # noqa: PLC0415 - not for --help
        field_named,
        field_value,
    )

    changes: dict[str, Any] = {}
    entry_state = state.get(entry)
    fields: Mapping[str, Field] = {}
    if entry_state is not None:
        known = entry_state.entry
        # The correction may move the entry to another year.
        fields = {**kinds.fields(known.KIND), **kinds.under(known.content()).fields(known.KIND)}
    for given, value in settings:
        name = field_named(given, fields)
        if name in changes:
            raise OptionError("--set", Message("{name} is given twice", name=name))
        try:
            changes[name] = field_value(value, name, fields.get(name)) if value else None
        except click.BadParameter as error:
            error.param_hint = f"--set {given}"
            raise
    return changes


def _settle(
    url: str,
    make_of: Callable[[LedgerState, Kinds], Sequence[Submission]],
    about: Collection[str],
    by: str,
    *,
    form: str,
    yes: bool,
    dry_run: bool,
    unasked: bool,
    doubts: frozenset[Doubt] = frozenset(),
) -> None:
    """Preview, ask and append; repeat if another writer changed the preview."""
    from cli.progress import waiting  # noqa: PLC0415 - not for --help
    from cli.proposing import MAX_ATTEMPTS, propose  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415

    quiet = form != "table"
    with session(url) as opened, refusals(form):
        shown: Preview | None = None

        def make(state: LedgerState) -> Sequence[Submission]:
            return make_of(state, opened.ledger.kinds)

        for attempt in range(1, MAX_ATTEMPTS + 1):
            with waiting(Message("comparing")):
                proposed = propose(opened, make, about, by, doubts)
            changes, position = proposed.changes, proposed.position
            if changes != shown:
                _show(opened, proposed, err=quiet, moved=shown is not None)
                if dry_run:
                    print_dry_run(changes, position, form)
                    return
                if not (yes or _agreed(unasked=unasked)):
                    raise NotConfirmedError
            shown = changes
            try:
                receipt = opened.ledger.record(
                    make, by, about=about, at_position=position, doubts=doubts
                )
                break
            except LedgerMovedError:
                if attempt == MAX_ATTEMPTS:
                    raise
    if not quiet:
        with output_errors(done=True):
            print_line(
                render(
                    "appended {entries}; to count, verify under another name:",
                    entries=Series(receipt.entries),
                )
            )
            print_line(f"  tally verify {' '.join(receipt.entries)} --by NAME")
    print_receipt(receipt, form)


def _show(opened: Session, proposed: Proposal, *, err: bool, moved: bool) -> None:
    if moved:
        remark("the ledger moved, and what would change is no longer the same")
    print_preview(proposed.changes, err=err)
    for words in proposed.units_taken_back(opened):
        remark(words)


def _agreed(*, unasked: bool) -> bool:
    """Ask for confirmation; without a terminal, `unasked` agrees without asking."""
    if unasked and not is_interactive():
        # Standard input may belong to the loop of a script.
        return True
    return agreed(Message("\nAppend this? [y/N] "))
