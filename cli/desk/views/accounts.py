"""Accounts: who has one, requests for keys that wait, opening, resetting and closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from cli.desk.work import VERIFIERS, Done, Work
from cli.output.times import office_time
from cli.pages.views.page import Page
from ledger.account_changes import Opening, close_account, open_account, reset_account
from ledger.account_proofs import key_id
from ledger.accounts import account_id, same_person
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import Role
from ledger.instants import instant_text
from ledger.message import Message

if TYPE_CHECKING:
    from cli.desk.key_requests import KeyRequest
    from cli.desk.work import Desk, Given
    from ledger.accounts import AccountState
    from ledger.state import EventRef

_ROLES: tuple[Role, ...] = get_args(Role)

_MEANINGS = {
    "clerk": Message("records and corrects"),
    "verifier": Message("records, verifies what others recorded, and opens accounts"),
    "auditor": Message("sees everything and records nothing"),
    "unit": Message("sees its own unit, and objects for it"),
}


class _Account(NamedTuple):
    """An account of the list."""

    name: str
    role: str
    unit: str
    unit_name: str
    key: str
    opened: str
    resets: list[str]
    closed: str
    is_own: bool


class _Waiting(NamedTuple):
    """A request that waits."""

    token: str
    name: str
    key: str
    asked: str
    resets: str
    """The open account that is given another key; empty for a new account."""
    looks_like: str
    """An account that the name looks like, which forbids it."""


def _show(desk: Desk, given: Given) -> Page:
    accounts, translate = desk.ledger.signing.accounts(), desk.translate
    names = desk.session.unit_names()
    acts = desk.role in VERIFIERS
    values: dict[str, Any] = {
        "origin": given.origin,
        "message": [*map(translate, given.message)],
        "given": {name: given.text(name) for name in ("request", "role", "unit", "reason", "name")},
        "acts": acts,
        "accounts": [_account(desk, one, names) for one in accounts.values()],
        "waiting": [_waiting(desk, one) for one in desk.kept.requests.waiting()] if acts else [],
        "roles": [(one, translate.term(one), translate(_MEANINGS[one])) for one in _ROLES],
        "units": sorted(names.items()),
        "verifiers": sum(
            one.event.role == "verifier" and one.closed is None for one in accounts.values()
        ),
    }
    return Page("desk/accounts.html", translate("Accounts"), values=values, current="accounts")


def _account(desk: Desk, one: AccountState, names: dict[str, str]) -> _Account:
    unit = one.event.unit or ""
    return _Account(
        one.name,
        desk.translate.term(one.event.role),
        unit,
        names.get(unit, ""),
        key_id(one.public),
        desk.when(one.opened),
        [_why(desk, ref, reason) for ref, reason in one.resets],
        "" if one.closed is None else _why(desk, one.closed, one.closed_for),
        one.name == desk.by,
    )


def _why(desk: Desk, ref: EventRef, reason: str) -> str:
    return desk.translate("{when}: {reason}", when=desk.when(ref), reason=reason)


def _waiting(desk: Desk, one: KeyRequest) -> _Waiting:
    accounts = desk.ledger.signing.accounts()
    known = accounts.get(account_id(one.name))
    like = next(
        (other.name for other in accounts.values() if same_person(other.name, one.name)), ""
    )
    resets = known is not None and known.closed is None
    return _Waiting(
        one.token,
        one.name,
        one.key,
        office_time(instant_text(one.asked)),
        one.name if resets else "",
        "" if resets else like,
    )


def _check_key(given: Given, request: KeyRequest) -> None:
    """Refuse to put a key on the record whose number was not compared.

    Raises:
        EntriesRefusedError: the number differs.
    """
    if "".join(given.text("key").split()).lower() != request.key:
        words = Message(
            "is not the number of the key that was asked for; compare it with what its holder was "
            "shown"
        )
        raise EntriesRefusedError([Refusal(words, "key", request.name, code="account")])


def _open(desk: Desk, given: Given) -> Done:
    request = desk.kept.requests.find(given.text("request"))
    _check_key(given, request)
    role = next((one for one in _ROLES if one == given.text("role")), None)
    if role is None:
        words = Message("choose a role")
        raise EntriesRefusedError([Refusal(words, "role", request.name, code="account")])
    # The unit of another role is what the form was left with.
    unit = desk.session.unit_id(given.text("unit")) if role == "unit" else None
    open_account(desk.ledger, Opening(request.name, role, unit), request.public, desk.by)
    desk.kept.requests.granted(request)
    words = Message("{name} is opened and may sign in", name=request.name)
    return Done("/accounts", [words])


def _reset(desk: Desk, given: Given) -> Done:
    request = desk.kept.requests.find(given.text("request"))
    _check_key(given, request)
    reset_account(desk.ledger, request.name, request.public, given.text("reason"), desk.by)
    desk.kept.requests.granted(request)
    return Done("/accounts", [Message("{name} has another key", name=request.name)])


def _dismiss(desk: Desk, given: Given) -> Done:
    request = desk.kept.requests.find(given.text("request"))
    desk.kept.requests.drop(request)
    return Done("/accounts", [Message("the request of {name} is dismissed", name=request.name)])


def _close(desk: Desk, given: Given) -> Done:
    name = given.text("name")
    close_account(desk.ledger, name, given.text("reason"), desk.by)
    return Done("/accounts", [Message("{name} is closed and appends nothing more", name=name)])


ACCOUNTS = Work("/accounts", _show)
CHANGES = tuple(
    Work(f"/accounts/{name}", _show, act, readers=VERIFIERS, actors=VERIFIERS)
    for name, act in (("open", _open), ("reset", _reset), ("dismiss", _dismiss), ("close", _close))
)
