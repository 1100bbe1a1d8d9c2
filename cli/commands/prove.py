"""`prove`: make proofs that can be verified without the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from cli.language import render
from cli.options import format_option, key_option, ledger_option
from cli.output.lines import print_line, print_note
from cli.parameters.values import ENTRY
from ledger.bounded import read_bounded
from ledger.message import Message


@click.command(
    epilog="\b\nExample:\n  tally prove B-2016-0007 --json > proof.json\n"
    "  tally check --proof proof.json --key tally.db.pub"
)
@click.argument("entry", required=False, type=ENTRY)
@click.option(
    "--since",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="An older checkpoint; prove that the ledger extends it.",
)
@key_option
@ledger_option
@format_option
def prove(
    entry: str | None,
    since: Path | None,
    key: Path | None,
    url: str,
    form: str,
) -> None:
    """Prove that all events of an ENTRY are in the ledger, by its last checkpoint.

    With the ledger's public key, `tally check --proof` verifies the proof (as JSON) offline and
    without the ledger.
    """
    from contextlib import closing  # noqa: PLC0415 - not for --help

    from cli.output import write  # noqa: PLC0415
    from ledger.errors import TallyError  # noqa: PLC0415
    from ledger.integrity.checkpoint import open_checkpoint  # noqa: PLC0415
    from ledger.integrity.keys import load_verifiers  # noqa: PLC0415
    from ledger.integrity.proof import as_json as proof_json  # noqa: PLC0415
    from ledger.integrity.proof import prove as prove_entry  # noqa: PLC0415
    from ledger.stores import open_store  # noqa: PLC0415

    if entry is None and since is None:
        raise click.UsageError(render("name an entry, or an older checkpoint with --since"))
    verifiers = load_verifiers(url, key)
    try:
        note = None if since is None else read_bounded(since, pipe=True)
    except OSError as error:
        raise TallyError(
            Message("{since} cannot be read: {why}", since=since, why=error.strerror)
        ) from None
    older = None if note is None else open_checkpoint(note, verifiers)
    with closing(open_store(url)) as store:
        proof = prove_entry(store, verifiers, entry, older)

    def table() -> None:
        for event in proof.events:
            print_line(
                render(
                    "position {position}: {id}, version {version}",
                    position=event.position,
                    id=event.id,
                    version=event.version,
                )
            )
            print_line(f"  {event.topic} {event.state}")
            print_line(
                render("  path: {path}", path=" ".join(event.path) or Message("(the only leaf)"))
            )
        if proof.consistency is not None:
            path = " ".join(proof.consistency.path) or Message("(the same)")
            print_line(
                render(
                    "extends the {size} events of {since}",
                    size=proof.consistency.size,
                    since=since,
                )
            )
            print_line(render("  path: {path}", path=path))
        print_line("")
        print_note(proof.checkpoint)

    header = ["position", "id", "version", "topic", "state", "path"]
    rows = [
        [event.position, event.id, event.version, event.topic, event.state, " ".join(event.path)]
        for event in proof.events
    ]
    write(
        form,
        value=lambda: proof_json(proof),
        table=table,
        rows=lambda: (header, rows),
    )
