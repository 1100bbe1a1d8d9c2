"""Who may open which page of scores: a unit's account sees its own unit alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.pages.query import ForbiddenError
from ledger.message import Message
from projections.listing import units_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.session import Session
    from ledger.accounts import AccountState

_OF_NO_UNIT: Final = frozenset({"/clauses", "/measure", "/clause", "/search"})
"""Addresses of what is of no unit; a search finds nothing of other units."""
_UNIT_IN: Final = {"/unit": "id", "/period": "unit"}
"""By address, the parameter that names a unit."""


def refuse_page(role: str) -> ForbiddenError:
    """Return the refusal of a page to a role."""
    return ForbiddenError(Message("accounts of the role {role} do not see this page", role=role))


def check_page(
    session: Session, account: AccountState, path: str, parameters: Mapping[str, str]
) -> None:
    """Refuse a page of scores that an account does not see.

    Raises:
        ForbiddenError: it does not.
    """
    unit = account.event.unit
    if unit is None or path in _OF_NO_UNIT:
        return
    if path in _UNIT_IN:
        check_unit(session, account, parameters.get(_UNIT_IN[path], "").strip())
        return
    if path in {"/entry", "/proof"} and concerns(session, parameters.get("id", "").strip(), unit):
        return
    raise refuse_page(account.event.role)


def check_unit(session: Session, account: AccountState, named: str) -> None:
    """Refuse what is of a unit to the account of another one.

    Raises:
        ForbiddenError: the account is a unit's, and not that of the one that is named by its id.
    """
    unit = account.event.unit
    if unit is None:
        return
    state = session.loader.of_kinds(("unit",), None)
    if not named or state.root(named) != state.root(unit):
        raise refuse_page(account.event.role)


def concerns(session: Session, subject: str, unit: str, *, of_all: bool = True) -> bool:
    """Return whether an entry or an objection names a unit.

    Args:
        session: the open session.
        subject: the entry or objection.
        unit: the unit.
        of_all: whether one that names no unit, and so concerns all, counts too.
    """
    state = session.loader.history(subject, session.ledger.position())
    root = state.root(unit)
    objection = state.objections.get(subject)
    if objection is not None:
        return state.root(objection.event.unit) == root
    known = state.get(subject)
    if known is None:
        return False
    units = units_named(known.entry, state)
    if not units:
        # What names no unit, as the resolution of a case, is of those that its subjects name.
        for one in filter(None, map(state.get, known.entry.subjects())):
            units |= units_named(one.entry, state)
    return root in units or (of_all and not units)
