"""`backup`, `restore` and `copy`: copy a ledger and prove the copy equal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.receipts import print_result
from cli.options import format_option, key_option, ledger_option
from cli.parameters.values import LEDGER_URL
from ledger.message import Message, message_of
from ledger.sidecar_paths import is_there

if TYPE_CHECKING:
    from ledger.stores import Store


@click.command(epilog="\b\nExample:\n  tally backup /media/usb/tally-2016-06-30.db")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--damaged",
    is_flag=True,
    help="Keep a copy of a damaged ledger as evidence: unsigned, and never restored.",
)
@ledger_option
@format_option
def backup(file: Path, url: str, form: str, *, damaged: bool) -> None:
    """Write the whole ledger into a new FILE; others may append meanwhile.

    FILE is a ledger itself, in SQLite whatever the store. It is proved by what `tally restore`
    will ask of it; of a damaged ledger nothing is kept. Its signed checkpoint and the public
    key are written beside it; the private key is not: keep a copy of it elsewhere. Papers
    (`tally evidence`) are not in it: back their folder up as files.
    """
    from contextlib import closing  # noqa: PLC0415 - not for --help

    from ledger.integrity.backup import KeptAsFoundError, keep_as_found  # noqa: PLC0415
    from ledger.integrity.backup import backup as write_backup  # noqa: PLC0415
    from ledger.integrity.errors import DamagedError  # noqa: PLC0415
    from ledger.integrity.head import RolledBackError  # noqa: PLC0415
    from ledger.integrity.keys import load_key, load_verifiers  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from ledger.stores import open_store  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415

    with closing(open_store(url)) as store:
        try:
            head = write_backup(store, file, load_key(url), load_verifiers(url), Measures)
            _remark_on_what_stays(store)
        except (DamagedError, RolledBackError) as error:
            if not damaged:
                raise
            keep_as_found(store, file)
            raise KeptAsFoundError(store.url, file, error.what) from error
    words = Message(
        "{file} holds the {size} events of {origin}, with {file}.checkpoint",
        file=file,
        size=head.size,
        origin=head.origin,
    )
    root = to_base64(head.root)
    print_result(form, {"file": str(file), "position": head.size, "root": root}, words)


@click.command(
    epilog="\b\nExample:\n  tally restore /media/usb/tally.db --ledger sqlite:///tally.db"
)
@click.argument("file", type=click.Path(path_type=Path))
@key_option
@ledger_option
@format_option
def restore(file: Path, key: Path | None, url: str, form: str) -> None:
    """Fill a ledger that does not exist yet, or is empty, from a backup FILE (no `tally init`).

    FILE is accepted only if it is, byte for byte, what its signed checkpoint says. Give your
    own copy of the public key with --key, if you have one: the key beside FILE can be replaced
    together with FILE.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from ledger.integrity.backup import restore as fill  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from ledger.stores.masking import mask_password  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415

    head = fill(file, url, key, Measures)
    if key is None:
        remark(
            "the key beside {file} was trusted; compare it with a copy kept elsewhere", file=file
        )
    words = Message(
        "{url} holds the {size} events of {origin} now",
        url=mask_password(url),
        size=head.size,
        origin=head.origin,
    )
    _remark_on_loss(url)
    root = to_base64(head.root)
    print_result(form, {"ledger": mask_password(url), "position": head.size, "root": root}, words)


def _remark_on_loss(url: str) -> None:
    """Remark if a ledger that was just filled lacks what was acknowledged here before."""
    from contextlib import closing  # noqa: PLC0415 - not for --help

    from cli.language import render  # noqa: PLC0415
    from cli.output.lines import print_line  # noqa: PLC0415
    from ledger.integrity.errors import KeyFileError  # noqa: PLC0415
    from ledger.integrity.head import RolledBackError, check_head  # noqa: PLC0415
    from ledger.stores import open_store  # noqa: PLC0415

    with closing(open_store(url)) as store:
        try:
            check_head(store)
        except (RolledBackError, KeyFileError) as error:
            print_line(render(message_of(error)), err=True)


@click.command(
    epilog="\b\nExample:\n  tally copy sqlite:///tally.db 'postgresql://office@db/tally?schema=town'"
)
@click.argument("source", metavar="FROM", type=LEDGER_URL)
@click.argument("target", metavar="TO", type=LEDGER_URL)
@format_option
def copy(source: str, target: str, form: str) -> None:
    """Copy the ledger FROM one store TO a new or empty other, events and times as they are.

    The roots of both are proved equal. The checkpoints are copied, also the one kept beside the
    key with the hashes of its leaves, and the key itself if it can be read.
    """
    from contextlib import closing  # noqa: PLC0415 - not for --help

    from ledger.integrity.checkpoint import read_beside  # noqa: PLC0415
    from ledger.integrity.head import check_head, keep_head  # noqa: PLC0415
    from ledger.integrity.keys import (  # noqa: PLC0415
        KeyPaths,
        adopt_key,
        find_key,
        load_verifiers,
    )
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from ledger.integrity.transfer import open_empty_store, transfer  # noqa: PLC0415
    from ledger.stores import open_store  # noqa: PLC0415
    from ledger.stores.masking import mask_password  # noqa: PLC0415

    verifiers, signer = load_verifiers(source), find_key(source)
    with closing(open_store(source)) as from_store, open_empty_store(target) as to_store:
        check_head(from_store)
        copied = transfer(from_store, to_store, verifiers, read_beside(KeyPaths(source)))
        # Before the ledger appears: none is ever without its key.
        adopt_key(target, signer, verifiers)
        copied.keep_beside(target, verifiers)
        keep_head(target, to_store)
        _remark_on_what_stays(from_store)
    _remark_on_loss(target)
    one, other = mask_password(source), mask_password(target)
    words = Message(
        "{target} holds the {size} events of {source} now; the roots are equal",
        target=other,
        size=len(copied.leaves),
        source=one,
    )
    root = to_base64(copied.root)
    result = {"from": one, "to": other, "position": len(copied.leaves), "root": root}
    print_result(form, result, words)


def _remark_on_what_stays(store: Store) -> None:
    """Say what a copy lacks."""
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from ledger.evidence import Papers  # noqa: PLC0415

    folder = Papers(store.url).folder
    if is_there(folder):
        remark("the papers in {folder} are not copied; copy that folder as files", folder=folder)

    if store.keeps_logins:
        remark(
            "the logins that wrote the entries (session_user in `tally history`) are not copied: "
            "they stay on the server; keep its own backups (`pg_dump`) too"
        )
