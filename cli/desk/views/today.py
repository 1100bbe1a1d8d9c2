"""Today: what needs attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.desk.work import EVERYBODY, Work
from cli.pages.views.page import Page

if TYPE_CHECKING:
    from cli.desk.work import Desk, Given


def _show(desk: Desk, given: Given) -> Page:
    del given
    return Page("desk/today.html", desk.translate("Today"), current="today")


TODAY = Work("/today", _show, readers=EVERYBODY)
