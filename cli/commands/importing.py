"""`import`: all entries of JSONL files in one append, or none of them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.receipts import print_receipt, refuse
from cli.options import format_option, ledger_option
from ledger.errors import EntriesRefusedError, Refusal
from ledger.submissions import Submission, read_file, read_jsonl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LONG_FILE = 2_000_000
"""Bytes from which reading takes long enough for a progress bar."""


@click.command(
    "import",
    epilog="\b\nExample:\n  tally import quarter2.jsonl --by clerk --dry-run\n"
    "  tally import quarter2.jsonl --by clerk --verify-by head",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--by", required=True, metavar="NAME", help="Who records.")
@click.option("--verify-by", metavar="NAME", help="Who verifies at once; never the same name.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@ledger_option
@format_option
def import_(
    files: tuple[Path, ...],
    by: str,
    verify_by: str | None,
    url: str,
    form: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Append all entries of FILES (JSONL, `-` for standard input), or nothing.

    An entry recorded before with the same content is counted and skipped; with other content
    it is a conflict. Every bad line is told at once.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help

    with session(url) as opened:
        submissions, refusals = _read(files)
        try:
            if refusals:
                doubtful = {refusal.id for refusal in refusals if refusal.id is not None}
                refusals += opened.ledger.refusals(submissions, doubtful)
                raise EntriesRefusedError(_in_order(refusals, files))
            receipt = opened.ledger.record(submissions, by, verify_by, dry_run=dry_run)
        except EntriesRefusedError as error:
            refuse(error, form, as_json=as_json)
            return
    print_receipt(receipt, form, as_json=as_json, dry_run=dry_run)


def _in_order(refusals: list[Refusal], files: tuple[Path, ...]) -> list[Refusal]:
    """By file as given and by line."""
    place = {str(path): number for number, path in enumerate(files)}
    return sorted(refusals, key=lambda one: (place.get(one.file or "", -1), one.line or 0))


def _read(files: tuple[Path, ...]) -> tuple[list[Submission], list[Refusal]]:
    submissions: list[Submission] = []
    refusals: list[Refusal] = []
    size = sum(path.stat().st_size for path in files if path.is_file())
    with _progress(size) as advance:
        for path in files:
            read = (
                read_jsonl(sys.stdin.buffer, "standard input", advance)
                if str(path) == "-"
                else read_file(path, advance)
            )
            for outcome in read:
                if isinstance(outcome, Submission):
                    submissions.append(outcome)
                else:
                    refusals.append(outcome)
    return submissions, refusals


@contextmanager
def _progress(size: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while long files are read; quiet where that is no terminal."""
    if size <= _LONG_FILE or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - only for long files
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=size)
        yield lambda taken: bar.advance(task, taken)
