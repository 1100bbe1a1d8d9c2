"""`account`: open and close accounts, give them other keys, list them."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, get_args

import click

from cli.commands.receipts import print_result, refusals
from cli.language import render
from cli.options import (
    by_option,
    format_option,
    ledger_option,
    reason_option,
    trust_clock_option,
)
from cli.output import remark, write
from cli.output.lines import print_line
from cli.parameters.values import Word
from cli.suggesting import HelpedGroup
from ledger.accounts import NAMES_AS_TYPED
from ledger.errors import EntriesRefusedError
from ledger.events import Role
from ledger.instants import instant_text
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.account_proofs import AccountKey
    from ledger.accounts import AccountState
    from ledger.application import Ledger
    from ledger.state import EventRef


@click.group(
    cls=HelpedGroup,
    epilog="\b\nExample:\n  tally account add 王主任 --role verifier\n"
    "  tally account add 小李 --role clerk --by 王主任\n"
    "  tally account list",
)
def account() -> None:
    """Open, close, reset and list accounts, whose keys sign every append.

    A ledger without accounts takes names as they are typed. From the first account on, only
    accounts append; `tally check` proves for each verified entry that its recorder and its
    verifier are two accounts by two keys. A verifier opens the others.

    A key is encrypted under a passphrase, which is asked for on a terminal; scripts give it in
    TALLY_PASSPHRASE (a new one in TALLY_NEW_PASSPHRASE). TALLY_KEY_FILE names the file of a key
    that is not beside the ledger.
    """


@account.command(
    epilog="\b\nExample:\n  tally account add 王主任 --role verifier\n"
    "  tally account add 小李 --role clerk --by 王主任\n"
    "  tally account add 翠岭村 --role unit --unit V001 --by 王主任"
)
@click.argument("name")
@click.option(
    "--role",
    type=Word(list(get_args(Role))),
    required=True,
    help="clerk records, verifier verifies and opens accounts, auditor appends nothing, unit "
    "objects.",
)
@click.option("--unit", metavar="U", help="With --role unit: the unit.")
@click.option("--login", metavar="ROLE", help="The PostgreSQL role that it appends by.")
@click.option(
    "--by",
    envvar="TALLY_BY",
    metavar="NAME",
    help="The verifier who opens it (TALLY_BY); the first account is opened by itself.",
)
@trust_clock_option
@ledger_option
@format_option
def add(
    name: str, role: Role, unit: str | None, login: str | None, by: str | None, url: str, form: str
) -> None:
    """Open the account NAME and make its key, under a new passphrase.

    The first account is a verifier's. Open a second one at once: who forgets a passphrase is given
    another key by another verifier.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.account_changes import Opening, check_opening, open_account  # noqa: PLC0415

    with session(url) as opened, refusals(form):
        unit = None if unit is None else opened.unit_id(unit)
        opening, by = check_opening(opened.ledger, Opening(name, role, unit, login), by)
        name = opening.name
        with _new_key(opened.ledger, url, name, by) as (key, path):
            position = open_account(opened.ledger, opening, key.public, by)
        if role == "verifier":
            _remark_single(opened.ledger)
    words = Message(
        "{name} is opened, at position {position}; its key is in {file}",
        name=name,
        position=position,
        file=path,
    )
    print_result(form, _key_json(name, key, path) | {"position": position}, words)


@account.command(epilog="\b\nExample:\n  tally account close 小李 --reason 调离 --by 王主任")
@click.argument("name")
@reason_option("Why it is closed.")
@by_option
@ledger_option
@format_option
def close(name: str, reason: str, by: str, url: str, form: str) -> None:
    """Close the account NAME: it appends nothing from then on. What it signed stays valid."""
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.account_changes import close_account, named_account  # noqa: PLC0415

    with session(url) as opened, refusals(form):
        name = named_account(opened.ledger.signing.accounts(), name).name
        position = close_account(opened.ledger, name, reason, by)
        _remark_single(opened.ledger)
    words = Message("{name} is closed, at position {position}", name=name, position=position)
    print_result(form, {"account": name, "position": position}, words)


@account.command(epilog="\b\nExample:\n  tally account reset 小李 --reason 忘记口令 --by 王主任")
@click.argument("name")
@reason_option("Why it needs another key.")
@by_option
@ledger_option
@format_option
def reset(name: str, reason: str, by: str, url: str, form: str) -> None:
    """Give the account NAME another key, under a new passphrase. What the old one signed stays."""
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.account_changes import check_reset, reset_account  # noqa: PLC0415

    with session(url) as opened, refusals(form):
        name, reason, by = check_reset(opened.ledger, name, reason, by)
        with _new_key(opened.ledger, url, name, by) as (key, path):
            position = reset_account(opened.ledger, name, key.public, reason, by)
    words = Message(
        "{name} has another key, at position {position}, in {file}",
        name=name,
        position=position,
        file=path,
    )
    print_result(form, _key_json(name, key, path) | {"position": position}, words)


@account.command(epilog="\b\nExample:\n  tally account passphrase 小李")
@click.argument("name")
@ledger_option
@format_option
def passphrase(name: str, url: str, form: str) -> None:
    """Give the key of the account NAME another passphrase. Asks for the present one first.

    Only the file of the key is written again; the ledger keeps no passphrase. Copies of the file
    keep the present one: if somebody knows it, let a verifier reset the account.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help
    from cli.unlocking import named_key, new_passphrase  # noqa: PLC0415
    from ledger.account_changes import named_account  # noqa: PLC0415
    from ledger.integrity.account_keys import change_passphrase  # noqa: PLC0415

    with session(url) as opened, refusals(form):
        signing = opened.ledger.signing
        found = named_account(signing.accounts(), name)
        key = signing.key(found)
        path = change_passphrase(url, found, key, new_passphrase(found.name), named_key())
    words = Message(
        "the key of {name} has another passphrase, in {file}", name=found.name, file=path
    )
    print_result(form, _key_json(found.name, key, path), words)


@account.command("list", epilog="\b\nExample:\n  tally account list")
@ledger_option
@format_option
def list_(url: str, form: str) -> None:
    """List the accounts: role, key, when and by whom each was opened and closed."""
    from cli.session import session  # noqa: PLC0415 - not for --help

    with session(url) as opened:
        position = opened.ledger.position()
        accounts = [*opened.ledger.signing.accounts(position).values()]
    shown = [_account_json(one) for one in accounts]

    def table() -> None:
        if not accounts:
            print_line(render("no accounts: {typed}", typed=NAMES_AS_TYPED))
        for one in accounts:
            print_line(render(_line(one)))

    header = ["account", "role", "unit", "login", "key", "opened", "closed"]

    def row(one: dict[str, Any]) -> list[Any]:
        days = [None if one[name] is None else one[name]["at"] for name in ("opened", "closed")]
        return [*(one[name] for name in header[:-2]), *days]

    write(
        form,
        value=lambda: {"accounts": shown, "position": position},
        table=table,
        rows=lambda: (header, map(row, shown)),
    )


def _line(one: AccountState) -> Message:
    from ledger.account_proofs import key_id  # noqa: PLC0415 - not for --help

    changes = [
        Message(
            "another key at position {position} by {by}: {reason}",
            position=ref.position,
            by=ref.by,
            reason=reason,
        )
        for ref, reason in one.resets
    ]
    if one.closed is not None:
        changes.append(
            Message(
                "closed at position {position} by {by}: {reason}",
                position=one.closed.position,
                by=one.closed.by,
                reason=one.closed_for,
            )
        )
    return Message(
        "{name}: {role}{unit}{login}, key {key}, opened at position {position} by {by}{changes}",
        name=one.name,
        role=one.event.role,
        unit="" if one.event.unit is None else f" {one.event.unit}",
        login="" if one.event.login is None else Message(", login {login}", login=one.event.login),
        key=key_id(one.public),
        position=one.opened.position,
        by=one.opened.by,
        changes=Message("; {changes}", changes=Series(changes)) if changes else "",
    )


def _account_json(one: AccountState) -> dict[str, Any]:
    from ledger.account_proofs import key_id  # noqa: PLC0415 - not for --help

    return {
        "account": one.name,
        "role": one.event.role,
        "unit": one.event.unit,
        "login": one.event.login,
        "key": key_id(one.public),
        "opened": _ref_json(one.opened),
        "resets": [{**_ref_json(ref), "reason": reason} for ref, reason in one.resets],
        "closed": None
        if one.closed is None
        else {**_ref_json(one.closed), "reason": one.closed_for},
    }


def _ref_json(ref: EventRef) -> dict[str, Any]:
    return {"position": ref.position, "at": instant_text(ref.at), "by": ref.by}


def _key_json(name: str, key: AccountKey, path: Path) -> dict[str, Any]:
    from ledger.account_proofs import key_id  # noqa: PLC0415 - not for --help

    return {"account": name, "key": key_id(key.public), "file": str(path)}


@contextmanager
def _new_key(ledger: Ledger, url: str, name: str, by: str) -> Iterator[tuple[AccountKey, Path]]:
    """Make a key and its file, before the block has `by` put it on the record."""
    from cli.unlocking import new_passphrase  # noqa: PLC0415 - not for --help
    from ledger.account_proofs import AccountKey  # noqa: PLC0415
    from ledger.integrity.account_keys import write_key  # noqa: PLC0415

    ledger.signing.unlock(by)  # the old passphrase first, then the new one
    key = AccountKey.make()
    path = write_key(url, name, key, new_passphrase(name))
    ledger.signing.keep(key)  # the first account signs its own opening
    try:
        yield key, path
    except EntriesRefusedError:
        # After any other error the key may be on the record; if not, its file does no harm.
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def _remark_single(ledger: Ledger) -> None:
    """Say that there is a single verifier, who could not be given another key."""
    accounts = ledger.signing.accounts().values()
    verifiers = [one for one in accounts if one.event.role == "verifier" and one.closed is None]
    if len(verifiers) == 1:
        remark(
            "{name} is the only verifier: open a second one, who can give {name} another key if "
            "the passphrase is lost",
            name=verifiers[0].name,
        )
