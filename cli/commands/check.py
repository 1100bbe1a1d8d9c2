"""`check` and `checkpoint`: prove the ledger whole, and sign its head."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.language import render
from cli.options import format_option, key_option, ledger_option
from cli.output.lines import print_line, print_note
from ledger.bounded import LARGE, SMALL, read_bounded
from ledger.message import Message, Series

if TYPE_CHECKING:
    from ledger.integrity.findings import Report
    from ledger.integrity.note import Signer, Verifier
    from projections.adopted import Measures


@click.command(
    epilog="\b\nExample:\n  tally check\n  tally check --against head-2016-06-30.txt --key ours.pub"
)
@click.option(
    "--against",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A checkpoint that was kept elsewhere; the ledger must extend it.",
)
@click.option(
    "--proof",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Verify what `tally prove --json` printed instead, offline (with --key).",
)
@key_option
@ledger_option
@format_option
def check(
    against: tuple[Path, ...],
    proof: Path | None,
    key: Path | None,
    url: str,
    form: str,
) -> None:
    """Read everything stored again, and prove it whole.

    Every stored byte is compared with the checkpoints kept in the ledger, beside its key and
    given here; every event is decoded, validated and folded. The read model kept beside it is
    compared with a full replay, and papers (`tally evidence`) with their hashes. Lists what is
    wrong and where.
    """
    from contextlib import closing  # noqa: PLC0415 - not for --help

    from ledger.integrity.keys import load_verifiers  # noqa: PLC0415
    from ledger.state import adopted  # noqa: PLC0415
    from ledger.stores import open_store  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415
    from projections.whole_report import whole_report  # noqa: PLC0415

    verifiers = load_verifiers(url, key)
    if proof is not None:
        _check_proof(proof, against, verifiers, form)
        return
    given = [(str(path), _bytes_of(path)) for path in against]
    # Without a session: a damaged ledger must be readable here.
    with closing(open_store(url)) as store:
        report = whole_report(store, url, verifiers, given)
        if not report.findings:
            _remark_on_measures(Measures(adopted(store, report.position).adoptions))
    _show(report, url, form)
    if report.findings:
        raise SystemExit(1)


def _remark_on_measures(measures: Measures) -> None:
    """Remark where the program's own copy of a measure differs from the adopted one."""
    from cli.output import remark  # noqa: PLC0415 - not for --help

    for adoption in measures.departures():
        remark(
            "the program's own {measure} differs from the one adopted at position {position}; "
            "{year} is scored by the adopted one (`tally measure diff {year} {measure}`)",
            measure=adoption.event.measure,
            position=adoption.ref.position,
            year=adoption.event.year,
        )


def _bytes_of(path: Path, most: int = SMALL) -> bytes:
    from ledger.errors import TallyError  # noqa: PLC0415

    try:
        return read_bounded(path, most, pipe=True)
    except OSError as error:
        raise TallyError(
            Message("{path} cannot be read: {why}", path=path, why=error.strerror)
        ) from None


def _show(report: Report, url: str, form: str) -> None:
    from cli.output import write  # noqa: PLC0415 - not for --help
    from ledger.identifiers import redact  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from ledger.stores.masking import mask_password  # noqa: PLC0415

    def table() -> None:
        for finding in report.findings:
            print_line(redact(render(finding.sentence())))
        for one in report.asides:
            print_line(render(one.sentence()))
        if report.passed_over:
            print_line(render("… and {passed_over} more", passed_over=report.passed_over))
        kinds = Series(
            Message("{kind} {count}", kind=Message(kind), count=count)
            for kind, count in report.counted().items()
        )
        found = report.counts.total()
        wrong = Message("{found} found wrong ({kinds})", found=found, kinds=kinds)
        verdict = wrong if found else Message("whole")
        print_line(
            render(
                "{url}: {verdict}; {size} events, root {root}, checkpoints compared: {checkpoints}",
                url=mask_password(url),
                verdict=verdict,
                size=report.size,
                root=to_base64(report.root),
                checkpoints=report.checkpoints,
            )
        )
        for loss in report.accepted:
            print_line(redact(render(loss.sentence())))
        for sentence in (report.four_eyes.sentence(), *report.four_eyes.unproved_sentences()):
            print_line(render(sentence))
        if any(report.papers):
            print_line(render(report.papers.sentence()))
        keys = Series(report.keys) if report.keys else Message("none")
        print_line(render("keys trusted: {keys}", keys=keys))
        if report.uncovered is not None:
            first, last = report.uncovered
            print_line(
                render(
                    "events {first}–{last} are not covered by a checkpoint; sign the head with "
                    "`tally checkpoint`",
                    first=first,
                    last=last,
                )
            )

    header = ["kind", "position", "id", "message"]
    write(
        form,
        value=report.as_json,
        table=table,
        rows=lambda: (
            header,
            ([one.as_json()[name] for name in header] for one in report.findings),
        ),
    )


def _check_proof(
    path: Path,
    against: tuple[Path, ...],
    verifiers: list[Verifier],
    form: str,
) -> None:
    from cli.output import write  # noqa: PLC0415 - not for --help
    from ledger.integrity.checkpoint import open_checkpoint  # noqa: PLC0415
    from ledger.integrity.errors import NoteError, ProofError  # noqa: PLC0415
    from ledger.integrity.proof import verify_proof  # noqa: PLC0415

    if len(against) > 1:
        raise click.UsageError(render("a proof is verified against one older checkpoint at most"))
    try:
        older = [open_checkpoint(_bytes_of(one), verifiers) for one in against]
        head, rows = verify_proof(_bytes_of(path, LARGE), verifiers, older[0] if older else None)
    except (NoteError, ProofError) as error:
        raise ProofError(
            Message("{path}: proves nothing: {error}", path=path, error=error)
        ) from None
    described = Message("{origin} of {size} events", origin=head.origin, size=head.size)

    def table() -> None:
        for row in rows:
            print_line(f"{row.position:>8}  {row.originator_id}  {row.topic}  {row.state.decode()}")
        print_line(
            render(
                "{path}: these {count} events are in {said}",
                path=path,
                count=len(rows),
                said=described,
            )
        )
        for one in older:
            print_line(
                render(
                    "{path}: it extends the checkpoint of {size} events", path=path, size=one.size
                )
            )

    header = ["position", "id", "version", "topic", "state"]
    shown = [[*row[:-1], row.state.decode()] for row in rows]
    write(
        form,
        value=lambda: {
            "origin": head.origin,
            "size": head.size,
            "extends": [one.size for one in older],
            "events": [dict(zip(header, row, strict=True)) for row in shown],
        },
        table=table,
        rows=lambda: (header, shown),
    )


@click.command(epilog="\b\nExample:\n  tally checkpoint > head-2016-06-30.txt")
@click.option(
    "--new-key", is_flag=True, help="Make a key first, for a ledger that has none or lost it."
)
@ledger_option
@format_option
def checkpoint(url: str, form: str, *, new_key: bool) -> None:
    """Sign and keep the head of the ledger: origin, size, root.

    Give what it prints to another person, who can prove with `tally check --against` that the
    ledger was only appended to. A head that does not extend the last one, or in which `tally
    check` finds anything wrong, is not signed.
    """
    from contextlib import closing  # noqa: PLC0415 - not for --help

    from cli.output import output_errors, write  # noqa: PLC0415
    from ledger.integrity.checkpoint import checkpoint_text, open_checkpoint  # noqa: PLC0415
    from ledger.integrity.keys import load_key, load_verifiers, renew_key  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from ledger.stores import open_store  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415

    with closing(open_store(url)) as store:
        signer = renew_key(url) if new_key else load_key(url)
        if new_key:
            _announce(url, signer)
        note = checkpoint_text(store, signer, measure_at=Measures)
    head = open_checkpoint(note, [signer.verifier, *load_verifiers(url)])
    found = {"origin": head.origin, "size": head.size, "root": to_base64(head.root), "note": note}
    with output_errors(done=True):
        write(
            form,
            value=lambda: found,
            table=lambda: print_note(note),
            rows=lambda: (list(found), [list(found.values())]),
        )


def _announce(url: str, signer: Signer) -> None:
    """Say which key signs from now on, and which ones did before."""
    from cli.output import remark  # noqa: PLC0415 - only for a new key
    from ledger.integrity.keys import KeyPaths, load_verifiers  # noqa: PLC0415

    remark(
        "the new key {key} signs from now on; give {public} to those who keep checkpoints, and "
        "tell them why the key was changed",
        key=signer.verifier.short(),
        public=KeyPaths(url).public,
    )
    earlier = [one.short() for one in load_verifiers(url) if one != signer.verifier]
    if earlier:
        remark("what {keys} signed before stays valid", keys=Series(earlier))
