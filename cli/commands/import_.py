"""`import`: append all entries of JSONL files and workbooks, or none of them."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.receipts import print_receipt, refuse
from cli.options import (
    OptionError,
    by_option,
    doubt_options,
    dry_run_option,
    format_option,
    ledger_option,
)
from cli.parameters.values import ACCOUNT, output_file
from cli.progress import advancing
from ledger.errors import EntriesRefusedError, Refusal
from ledger.message import Message
from ledger.submissions import read_jsonl, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cli.session import Session
    from ledger.doubts import Doubt
    from ledger.kinds import Kinds
    from ledger.submissions import Submission

_LOCKS = "~$", ".~"
"""Beginnings of the names of files by which Excel, WPS and LibreOffice mark an open workbook."""

_LOCK = Message("marks a workbook that is open in Excel or WPS; name the workbook itself")

_NO_FILE = Message(
    "is a pipe or device, not a file; save what comes from it to a file, or give - to read JSONL "
    "from standard input"
)

STANDARD_INPUT = Message("standard input")
"""Name in refusals of the file that is given as `-`."""


@click.command(
    "import",
    epilog="\b\nExample:\n  tally import quarter2.jsonl --by clerk --dry-run\n"
    "  tally import quarter2.jsonl --by clerk --verify-by head\n"
    "  tally import quarter2.xlsx --by clerk --errors-to wrong.xlsx",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@by_option
@click.option(
    "--verify-by",
    type=ACCOUNT,
    metavar="NAME",
    help="Who verifies at once, in a ledger without accounts; never the same name.",
)
@dry_run_option
@doubt_options
@click.option(
    "--errors-to",
    metavar="FILE",
    type=output_file(".xlsx"),
    help="If refused, write the rows here as a workbook, wrong cells coloured and commented.",
)
@ledger_option
@format_option
def import_(
    files: tuple[Path, ...],
    by: str,
    verify_by: str | None,
    errors_to: Path | None,
    url: str,
    form: str,
    *,
    doubts: frozenset[Doubt],
    dry_run: bool,
) -> None:
    """Append all entries of FILES, or nothing: .xlsx, .xls, .csv, else JSONL (`-`: standard input).

    An entry that was recorded before with the same content is counted and skipped; with other
    content it is a conflict. All bad lines are listed, not only the first.
    """
    from cli.importing import in_order  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415

    files = _without_locks(files)
    with session(url) as opened:
        try:
            receipt = opened.ledger.record(
                _read(files, opened), by, verify_by, dry_run=dry_run, doubts=doubts
            )
        except EntriesRefusedError as refused:
            names = [STANDARD_INPUT if str(path) == "-" else str(path) for path in files]
            error = EntriesRefusedError(in_order(refused.refusals, names))
            if errors_to is not None:
                _give_back(errors_to, files, error.refusals, opened.ledger.kinds)
            refuse(error, form)
    print_receipt(receipt, form, dry_run=dry_run)


def _without_locks(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Leave out the lock files of open workbooks, which `*.xlsx` names too, and say so.

    If there is nothing else they are kept, to be refused.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help

    kept = tuple(path for path in files if not path.name.startswith(_LOCKS))
    for path in (path for path in files if kept and path not in kept):
        remark(
            "{path} skipped: it marks a workbook that is open in Excel or WPS; save and close it "
            "before you import it",
            path=path,
        )
    return kept or files


def _give_back(
    target: Path, files: tuple[Path, ...], refusals: Sequence[Refusal], kinds: Kinds
) -> None:
    from cli.importing import WORKBOOK_SUFFIXES  # noqa: PLC0415 - only where refused
    from cli.output import remark  # noqa: PLC0415
    from cli.output.workbooks.errors import errors_workbook  # noqa: PLC0415
    from cli.output.workbooks.saving import save  # noqa: PLC0415

    if any(path.exists() and target.exists() and path.samefile(target) for path in files):
        raise OptionError(
            "--errors-to",
            Message("{target} is one of the files to import; name another file", target=target),
        )
    save(target, errors_workbook({str(path): path for path in files}, refusals, kinds))
    if any(path.suffix.lower() in WORKBOOK_SUFFIXES for path in files):
        remark("{target} shows what is wrong, coloured and commented", target=target)
    else:
        remark("{target} lists what is wrong; correct the JSONL file itself", target=target)


def _read(files: tuple[Path, ...], opened: Session) -> Iterator[Submission | Refusal]:
    from cli.importing import FileReader  # noqa: PLC0415 - not for --help

    reader = FileReader(opened)
    size = sum(path.stat().st_size for path in files if path.is_file())
    with advancing(Message("reading"), size) as advance:
        for path in files:
            if str(path) == "-":
                yield from _read_standard_input(advance, reader.kinds)
            elif path.name.startswith(_LOCKS):
                yield Refusal(_LOCK, file=str(path))
            elif path.exists() and not (path.is_file() or path.is_dir()):
                yield Refusal(_NO_FILE, file=str(path))
            else:
                yield from reader.read(path, advance)


def _read_standard_input(
    advance: Callable[[int], None], kinds: Kinds
) -> Iterator[Submission | Refusal]:
    if sys.stdin is None:  # closed by the shell (`<&-`), or a program without a console
        yield unreadable(OSError(errno.EBADF, os.strerror(errno.EBADF)), STANDARD_INPUT)
    else:
        yield from read_jsonl(sys.stdin.buffer, STANDARD_INPUT, advance, kinds)
