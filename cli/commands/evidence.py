"""`evidence`: keep scanned papers beside the ledger, list them, write them out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.commands.receipts import print_result, refusals
from cli.language import render
from cli.options import format_option, ledger_option
from cli.output import output_errors, write
from cli.output.lines import print_line
from cli.parameters import MalformedError, Parsed
from cli.suggesting import HelpedGroup
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED = 10
"""Entries without papers that a table names, at most."""


def _sha256(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", text.lower()):
        raise MalformedError(Message("{text!r} is not a SHA-256: 64 of 0-9 and a-f", text=text))
    return text.lower()


@click.group(
    cls=HelpedGroup,
    epilog="\b\nExample:\n  tally evidence add 登记表.pdf\n"
    "  tally record yellow_card --unit V001 --issued-on 2016-06-20 --evidence @黄牌通知.pdf "
    "--by clerk\n  tally evidence list",
)
def evidence() -> None:
    """Keep scanned papers beside the ledger, each under the SHA-256 of its content.

    An entry names its papers by `--evidence NAME=SHA-256`; `--evidence @FILE` of `tally record`
    keeps FILE and names it. The papers are never in the ledger. They lie in tally.db.evidence
    beside it (TALLY_EVIDENCE names another folder); back that folder up as files. `tally check`
    proves those that are there.
    """


@evidence.command(epilog="\b\nExample:\n  tally evidence add 登记表.pdf 现场照片.jpg")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@ledger_option
@format_option
def add(files: tuple[Path, ...], url: str, form: str) -> None:
    """Keep FILES as papers and print each as NAME=SHA-256, for `--evidence` of `tally record`.

    A paper has 50 MB at most. The same content is kept once. The name stands in the ledger: it
    must say nothing that identifies a petitioner.
    """
    from cli.papers import kept_papers  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from ledger.evidence import Papers  # noqa: PLC0415

    with session(url), refusals(form):
        found = kept_papers(url, files)
    folder = str(Papers(url).folder)
    header = ["name", "sha256"]

    def table() -> None:
        for one in found:
            print_line(f"{one['name']}={one['sha256']}")

    with output_errors(done=True):
        write(
            form,
            value=lambda: {"evidence": found, "folder": folder},
            table=table,
            rows=lambda: (header, [[one[name] for name in header] for one in found]),
        )


@evidence.command("list", epilog="\b\nExample:\n  tally evidence list")
@ledger_option
@format_option
def list_(url: str, form: str) -> None:
    """List the papers that entries name, here or not, and entries that name none.

    Papers that are here and that no entry names are listed too. `tally check` proves whether
    those that are here are whole.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.evidence import Papers  # noqa: PLC0415
    from ledger.integrity.papers import named_papers  # noqa: PLC0415

    papers = Papers(url)
    with session(url) as opened:
        state = opened.loader.entries()
    kept, named = papers.kept(), named_papers(state)
    here = {*kept}
    found: dict[str, Any] = {
        "position": state.position,
        "folder": str(papers.folder),
        "papers": [
            {
                "name": naming.name,
                "sha256": digest,
                "entries": [one.entry.id for one in naming.entries],
                "here": digest in here,
            }
            for digest, naming in named.items()
        ],
        "unnamed": [one for one in kept if one not in named],
        "without": [
            one.entry.id
            for one in state.entries.values()
            if not one.entry.evidence and one.reversed is None and one.entry.KIND != "reversal"
        ],
    }
    write(form, value=lambda: found, table=lambda: _print(found), rows=lambda: _rows(found))


def _rows(found: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    rows = [
        [one["sha256"], one["name"], " ".join(one["entries"]), "here" if one["here"] else "missing"]
        for one in found["papers"]
    ]
    rows += [[one, None, None, "unnamed"] for one in found["unnamed"]]
    return ["sha256", "name", "entries", "state"], rows


def _print(found: dict[str, Any]) -> None:
    for one in found["papers"]:
        words = Message(
            "{place}  {name}={sha256}  of {ids}",
            place=Message("here") if one["here"] else Message("not here"),
            name=one["name"],
            sha256=one["sha256"],
            ids=_some(one["entries"]),
        )
        print_line(render(words))
    for digest in found["unnamed"]:
        print_line(render("{sha256} is here, and no entry names it", sha256=digest))
    print_line(
        render(
            "{count} {count:entry|entries} without papers{ids}",
            count=len(found["without"]),
            ids=Message(": {ids}", ids=_some(found["without"])) if found["without"] else "",
        )
    )


def _some(ids: Sequence[str]) -> Series:
    return Series([*ids[:_NAMED], *(["…"] if len(ids) > _NAMED else [])])


@evidence.command(
    epilog="\b\nExample:\n  tally evidence get "
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 -o 登记表.pdf"
)
@click.argument("sha256", type=Parsed(_sha256))
@click.option(
    "-o", "--output", required=True, metavar="FILE", type=click.Path(path_type=Path),
    help="The new file to write.",
)  # fmt: skip
@ledger_option
@format_option
def get(sha256: str, output: Path, url: str, form: str) -> None:
    """Write the paper of a SHA-256 into a new FILE, if it is whole."""
    from cli.papers import write_paper  # noqa: PLC0415 - not for --help

    write_paper(url, sha256, output)
    words = Message("{file} is the paper {sha256}", file=output, sha256=sha256)
    print_result(form, {"sha256": sha256, "file": str(output)}, words)
