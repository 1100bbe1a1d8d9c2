"""The pages of the desk by address, and those that each role finds in its navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.desk.views.account import ME
from cli.desk.views.accounts import ACCOUNTS, CHANGES
from cli.desk.views.correct import CORRECT, REVERSE
from cli.desk.views.evidence import EVIDENCE, PAPER
from cli.desk.views.imports import ERRORS, IMPORT, TEMPLATE
from cli.desk.views.journal import JOURNAL
from cli.desk.views.objections import DECIDE, OBJECTIONS
from cli.desk.views.publish import EDITION, EDITIONS, PUBLISH
from cli.desk.views.record import RECORD
from cli.desk.views.report_form import REPORT_FORM
from cli.desk.views.reports import REPORTS
from cli.desk.views.slip import SLIP, SLIPS
from cli.desk.views.today import TODAY
from cli.desk.views.verify import VERIFY
from ledger.message import Message

if TYPE_CHECKING:
    from cli.desk.work import Work
    from ledger.events import Role

WORK: Final[tuple[Work, ...]] = (
    TODAY,
    REPORTS,
    REPORT_FORM,
    RECORD,
    VERIFY,
    CORRECT,
    REVERSE,
    JOURNAL,
    IMPORT,
    ERRORS,
    TEMPLATE,
    PUBLISH,
    EDITION,
    *EDITIONS,
    SLIP,
    SLIPS,
    EVIDENCE,
    PAPER,
    OBJECTIONS,
    DECIDE,
    ACCOUNTS,
    *CHANGES,
    ME,
)

BY_PATH: Final = {work.path: work for work in WORK}

_NAVIGATION: Final[tuple[tuple[Work, str], ...]] = (
    (TODAY, Message("Today")),
    (REPORTS, Message("Who has reported")),
    (RECORD, Message("Record")),
    (VERIFY, Message("Verify")),
    (JOURNAL, Message("Journal")),
    (IMPORT, Message("Import")),
    (PUBLISH, Message("Publish")),
    (EVIDENCE, Message("Evidence")),
    (OBJECTIONS, Message("Objections")),
    (ACCOUNTS, Message("Accounts")),
)


def navigation(role: Role) -> list[tuple[Work, str]]:
    """Return the pages of work that a role may open, in the order of the navigation."""
    return [(work, label) for work, label in _NAVIGATION if role in work.readers]
