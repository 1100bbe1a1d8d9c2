"""One's own account: name, role, key; and another passphrase for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.desk.accounts import check_twice
from cli.desk.work import EVERYBODY, Done, Work
from cli.output.times import office_time
from cli.pages.views.page import Page
from ledger.account_proofs import key_id
from ledger.accounts import account_id
from ledger.errors import TallyError
from ledger.instants import instant_text
from ledger.integrity.errors import WrongPassphraseError
from ledger.message import Message

if TYPE_CHECKING:
    from cli.desk.work import Desk, Given


def _show(desk: Desk, given: Given) -> Page:
    account, translate = desk.account, desk.translate
    facts = [
        (translate("Name"), account.name),
        (translate("Role"), translate.term(account.event.role)),
        (translate("Key"), key_id(account.public)),
        (translate("Opened"), office_time(instant_text(account.opened.at))),
        (translate("Opened by"), account.opened.by),
    ]
    if account.event.unit is not None:
        facts.insert(2, (translate("Unit"), account.event.unit))
    message = [*map(translate, given.message)]
    values = {"facts": facts, "name": account.name, "message": message}
    return Page("desk/me.html", translate("My account"), values=values, current="me")


def _change_passphrase(desk: Desk, given: Given) -> Done:
    """Write the file of the key again, under another passphrase; the present one is asked for."""
    from ledger.integrity.account_keys import change_passphrase, load_key  # noqa: PLC0415 - slow

    present, passphrase, again = (
        next(iter(given.fields.get(name, ())), "") for name in ("present", "passphrase", "again")
    )
    check_twice(passphrase, again)
    attempts, url, account = desk.kept.attempts, desk.books.url, desk.account
    identity = account_id(account.name)
    attempts.check(identity, "")
    attempts.fail(identity, "")
    try:
        key = load_key(url, account, present)
    except WrongPassphraseError:
        raise TallyError(Message("the present passphrase is wrong")) from None
    attempts.succeed(identity, "")
    change_passphrase(url, account, key, passphrase)
    desk.kept.sessions.close_others(desk.signed_in)
    words = Message("your passphrase is changed; your other sessions have ended")
    return Done("/me", [words])


ME = Work("/me", _show, _change_passphrase, readers=EVERYBODY, actors=EVERYBODY)
