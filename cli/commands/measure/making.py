"""`measure new`: make a folder to write a measure in."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands.measure.naming import content_of
from cli.commands.receipts import print_result
from cli.options import OptionError, format_option, ledger_option
from cli.parameters.values import MEASURE
from ledger.message import Message


@click.command(
    epilog="\b\nExample:\n  tally measure new measures/ours-2017\n"
    "  tally measure new measures/ours-2017 --from qianlianghu-2016"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    type=MEASURE,
    metavar="ID|DIR|YEAR",
    help="Copy this measure instead of a skeleton.",
)
@click.option("--id", "named", metavar="ID", help="Its id (default: the folder's name).")
@ledger_option
@format_option
def new(folder: Path, source: str | None, named: str | None, url: str, form: str) -> None:
    """Make a folder with a commented skeleton of a measure, or with a copy of one.

    JSON: {"measure": id, "folder": "…", "files": ["measure.toml", …]}.
    """
    from projections.measure.skeleton import renamed, skeleton  # noqa: PLC0415 - not for --help

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        words = Message("{folder} is there already and not empty", folder=folder)
        raise OptionError("DIR", words)
    content = skeleton() if source is None else content_of(source, url)
    given = named or folder.resolve().name
    made = renamed(content, given)
    if made is None:
        words = Message("{name!r} cannot be the id of a measure; give another", name=given)
        raise OptionError("--id", words)
    try:
        for name, text in made.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        why = Message("{folder} cannot be written: {why}", folder=folder, why=error.strerror)
        raise OptionError("DIR", why) from error
    words = Message(
        "{folder}: {count} {count:file|files}; write in them, then `tally measure check {folder}`",
        folder=folder,
        count=len(made),
    )
    result = {"measure": given, "folder": str(folder), "files": list(made)}
    print_result(form, result, words)
