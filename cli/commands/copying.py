"""`backup`, `restore` and `copy`: the same ledger elsewhere, proved to be the same."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands.checking import key_option
from cli.language import tell
from cli.options import format_option, ledger_option
from ledger.saying import Said


def _print(found: dict[str, object], words: str, form: str, *, as_json: bool) -> None:
    from cli.output import write  # noqa: PLC0415 - not for --help

    write(
        form,
        as_json=as_json,
        value=lambda: found,
        table=lambda: click.echo(tell(words)),
        rows=lambda: (list(found), [list(found.values())]),
    )


@click.command(epilog="\b\nExample:\n  tally backup /media/usb/tally-2016-06-30.db")
@click.argument("file", type=click.Path(path_type=Path))
@ledger_option
@format_option
def backup(file: Path, url: str, form: str, *, as_json: bool) -> None:
    """Write the whole ledger into a new FILE, while others write.

    FILE is a ledger itself (SQLite), of any store. Its signed checkpoint and the public key are
    written beside it; the private key is not: keep a copy of that elsewhere.
    """
    from contextlib import closing  # noqa: PLC0415 - not for --help

    from ledger.integrity.backup import backup as write_backup  # noqa: PLC0415
    from ledger.integrity.keys import load_key, load_verifiers  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from ledger.stores import open_store  # noqa: PLC0415

    with closing(open_store(url)) as store:
        head = write_backup(store, file, load_key(url), load_verifiers(url))
    found: dict[str, object] = {"file": str(file), "position": head.size}
    words = Said(
        "{file} holds the {size} events of {origin}, with {file}.checkpoint",
        file=file,
        size=head.size,
        origin=head.origin,
    )
    _print({**found, "root": to_base64(head.root)}, words, form, as_json=as_json)


@click.command(
    epilog="\b\nExample:\n  tally restore /media/usb/tally.db --ledger sqlite:///tally.db"
)
@click.argument("file", type=click.Path(path_type=Path))
@key_option
@ledger_option
@format_option
def restore(file: Path, key: Path | None, url: str, form: str, *, as_json: bool) -> None:
    """Fill a new or empty ledger from a backup FILE.

    Accepted only if FILE is, byte for byte, what its signed checkpoint says. Give your own copy
    of the public key with --key, if you have one: what lies beside FILE can be exchanged with it.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from ledger.integrity.backup import restore as fill  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from ledger.stores import mask_password  # noqa: PLC0415

    head = fill(file, url, key)
    if key is None:
        remark(
            "the key beside {file} was trusted; compare it with a copy kept elsewhere", file=file
        )
    found: dict[str, object] = {"ledger": mask_password(url), "position": head.size}
    words = Said(
        "{url} holds the {size} events of {origin} now",
        url=mask_password(url),
        size=head.size,
        origin=head.origin,
    )
    _print({**found, "root": to_base64(head.root)}, words, form, as_json=as_json)


@click.command(
    epilog="\b\nExample:\n  tally copy sqlite:///tally.db 'postgresql://office@db/tally?schema=town'"
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@format_option
def copy(source: str, target: str, form: str, *, as_json: bool) -> None:
    """Copy the ledger FROM one store TO a new or empty other, events and times as they are.

    The roots of both are proved equal. The key goes along where it can be read.
    """
    from contextlib import closing  # noqa: PLC0415 - not for --help

    from ledger.integrity.keys import adopt_key, find_key, load_verifiers  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from ledger.integrity.transfer import open_empty_store, transfer  # noqa: PLC0415
    from ledger.stores import mask_password, open_store  # noqa: PLC0415

    verifiers, signer = load_verifiers(source), find_key(source)
    with closing(open_store(source)) as one, open_empty_store(target) as other:
        size, root = transfer(one, other, verifiers)
    adopt_key(target, signer, verifiers)
    found: dict[str, object] = {
        "from": mask_password(source),
        "to": mask_password(target),
        "position": size,
    }
    words = Said(
        "{target} holds the {size} events of {source} now; the roots are equal",
        target=mask_password(target),
        size=size,
        source=mask_password(source),
    )
    _print({**found, "root": to_base64(root)}, words, form, as_json=as_json)
