"""Print what a command did, or why it refused entries."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from cli.language import render
from cli.output import output_errors, remark, write, write_json
from cli.output.lines import ask, print_line
from ledger.errors import EntriesRefusedError, TallyError
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.receipts import Receipt


_SHOWN = 5
"""Ids given by the ledger that are named, at most; JSON names them all."""


class NotConfirmedError(TallyError):
    """Refusal: the user did not confirm the preview."""

    def __init__(self) -> None:
        super().__init__(
            Message("not confirmed; nothing was written. Answer y when asked, or give --yes")
        )


def is_interactive() -> bool:
    """Return whether standard input is a terminal; it is None if the shell closed it (`<&-`)."""
    return sys.stdin is not None and sys.stdin.isatty()


def agreed(question: str) -> bool:
    """Ask on standard error and read the answer from standard input; no answer means no."""
    ask(render(question))
    answer = "" if sys.stdin is None else sys.stdin.readline()
    if not answer:
        print_line("", err=True)
        return False
    return answer.strip().lower() in {"y", "yes", "是"}


def print_result(form: str, result: Mapping[str, object], words: str, *, done: bool = True) -> None:
    """Print a result of a few fields: a sentence, a JSON object or a row of CSV.

    Args:
        form: `json`, `csv` or `table`.
        result: the fields.
        words: the sentence.
        done: whether the command has written something that stays if the output fails.

    Raises:
        OutputError: standard output cannot be written.
    """
    with output_errors(done=done):
        write(
            form,
            value=lambda: result,
            table=lambda: print_line(render(words)),
            rows=lambda: (list(result), [list(result.values())]),
        )


def print_receipt(receipt: Receipt, form: str, *, dry_run: bool = False) -> None:
    """Print the counts of an append; remarks go to standard error."""
    for words in receipt.remarks:
        remark(words)
    if receipt.given:
        shown = Series(receipt.given[:_SHOWN])
        more = len(receipt.given) - len(shown)
        remark(
            "numbered {ids}{more}",
            ids=shown,
            more=Message(" and {count} more", count=more) if more else "",
        )
    value = receipt.as_json()
    if dry_run and form == "json":
        value["dry_run"] = True
    print_result(
        form,
        value,
        Message(
            "{dry_run}recorded {recorded}, verified {verified}, skipped {skipped}{number}; the "
            "ledger is at position {position}",
            dry_run=Message("dry run, nothing written: ") if dry_run else "",
            recorded=receipt.recorded,
            verified=receipt.verified,
            skipped=receipt.skipped,
            number=""
            if receipt.import_number is None
            else Message(" (import {number})", number=receipt.import_number),
            position=receipt.position,
        ),
        done=not dry_run,
    )


def named_entries(
    url: str, ids: Sequence[str], import_number: int | None, form: str
) -> Sequence[str]:
    """Return the ids that a command was given, or those of the import that it names."""
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.positions import imported  # noqa: PLC0415

    if bool(ids) == (import_number is not None):
        raise click.UsageError(render("name the entries, or their import by --import, not both"))
    if import_number is None:
        return ids
    with session(url) as opened, refusals(form):
        return imported(opened.ledger.store, import_number)


@contextmanager
def refusals(form: str) -> Iterator[None]:
    """Print refusals raised in the block and exit; see `refuse`."""
    try:
        yield
    except EntriesRefusedError as error:
        refuse(error, form)


def refuse(error: EntriesRefusedError, form: str) -> NoReturn:
    """Print every refusal, as JSON too if asked for; exit with status 1."""
    if form == "json":
        write_json({"errors": [refusal.as_json() for refusal in error.refusals]})
    for refusal in error.refusals:
        remark(refusal.sentence())
    remark("{count} refused; nothing was written", count=len(error.refusals))
    raise SystemExit(1)
