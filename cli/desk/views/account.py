"""One's own account: name, role, key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.desk.work import EVERYBODY, Work
from cli.output.times import office_time
from cli.pages.views.page import Page
from ledger.account_proofs import key_id
from ledger.instants import instant_text

if TYPE_CHECKING:
    from cli.desk.work import Desk, Given


def _show(desk: Desk, given: Given) -> Page:
    del given
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
    return Page("desk/me.html", translate("My account"), values={"facts": facts}, current="me")


ME = Work("/me", _show, readers=EVERYBODY)
