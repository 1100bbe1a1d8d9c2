"""The office's own words for its papers: a small file beside the ledger, `tally.db.office.json`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from cli.output.workbooks.saving import save
from ledger.bounded import read_bounded
from ledger.errors import TallyError
from ledger.fields import Text
from ledger.message import Message
from ledger.messages import checked_text
from ledger.sidecar_paths import sidecar_path

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

MOST_DAYS = 365
"""Days within which a unit may object, at most."""


_TELEPHONE = re.compile(
    r"(?<!\d)(?:[(（]?0\d{2,3}[)）]?[-－ ]?\d{7,8}|1[3-9]\d[-－ ]?\d{4}[-－ ]?\d{4})(?!\d)"
)
"""Matches a landline with its area code, as 0730-5555555, or a mobile number."""


class OfficeError(TallyError):
    """The file of the office's words is not valid."""


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The settings of an office for its papers; empty: left open in the paper."""

    name: str = ""
    """The office that issues the papers (发文机关)."""
    mark: str = ""
    """Its mark over the red line (发文机关标志); by default the name and 文件."""
    signature: str = ""
    """The name under the text (署名); by default the name."""
    signer: str = ""
    """Who signs (签发人)."""
    addressees: str = ""
    """Main recipients (主送机关); by default the measure's types of units."""
    copies_to: str = ""
    """Whom copies go to (抄送)."""
    printed_by: str = ""
    """Who prints and sends (印发机关); by default the name."""
    contact: str = ""
    """Where units object: room, telephone of the office, which identifies no petitioner."""
    objection_days: Annotated[int, msgspec.Meta(ge=1, le=MOST_DAYS)] | None = None
    """Days from a slip's day on within which a unit may object."""
    notes_of_law: bool = False
    """Whether bulletins have the measure's notes of law."""

    @property
    def head(self) -> str:
        """Return the mark over the red line."""
        return self.mark or (f"{self.name}文件" if self.name else "")

    @property
    def signed(self) -> str:
        """Return the name under the text."""
        return self.signature or self.name

    @property
    def printer(self) -> str:
        """Return who prints and sends."""
        return self.printed_by or self.name


def office_path(url: str) -> Path:
    """Return the path of the file; raises what `sidecar_path` does."""
    return sidecar_path(url, ".office.json", "XDG_CONFIG_HOME", ".config")


def office_of(url: str | None) -> Office:
    """Return the settings of the ledger at a URL; the default ones where there is no file.

    Raises:
        OfficeError: the file cannot be read or is not valid.
    """
    path = None if url is None else office_path(url)
    if path is None or not path.exists():
        return Office()
    try:
        found = msgspec.json.decode(read_bounded(path), type=Office)
        return checked(found)
    except (OSError, msgspec.MsgspecError, TallyError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        words = Message(
            "{path}: {why}; correct it, or remove it and run `tally office set`",
            path=path,
            why=why,
        )
        raise OfficeError(words) from None


def checked(office: Office) -> Office:
    """Return settings whose texts are valid; the contact alone may have telephone numbers.

    Raises:
        EntriesRefusedError: a text has what no text of the ledger may have, or is too long.
    """
    for name, value in msgspec.structs.asdict(office).items():
        if isinstance(value, str) and value:
            text = _TELEPHONE.sub("电话", value) if name == "contact" else value
            checked_text(Text, text, f"--{name.replace('_', '-')}")
    return office


def set_office(url: str, changed: dict[str, Any]) -> Office:
    """Change settings and write the file; return them all.

    Raises:
        OfficeError: the file that is there is not valid.
        EntriesRefusedError: a text is not valid; nothing was written.
        NotSavedError: it cannot be written.
    """
    office = checked(msgspec.structs.replace(office_of(url), **changed))
    data = msgspec.json.format(msgspec.json.encode(office), indent=2)
    save(office_path(url), data + b"\n")
    return office
