"""Drafts of entries: kept beside the ledger for each account, and no event."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from msgspec import Struct, ValidationError
from msgspec.json import decode, encode

from ledger.errors import EntriesRefusedError, Refusal, TallyError
from ledger.identifiers import holds_identifier
from ledger.instants import instant_text
from ledger.integrity.keys import OWNER_ONLY, KeyPaths, new_file
from ledger.message import Bilingual, Message
from ledger.stores.parts import part_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cli.desk.work import Desk
    from ledger.entries.base import Field

MOST_DRAFTS: Final = 50
"""Drafts that an account keeps."""

LARGEST_DRAFT: Final = 16 * 1024
"""Bytes of the fields of a draft."""

_TEXTS: Final = frozenset({"code", "prose", "list", "pairs", "value"})
"""Notations in which a person's number could be written."""

_SHA256: Final = re.compile("=[0-9a-f]{64}")


class Draft(Struct):
    """An entry that is not recorded yet: what was typed, by field."""

    id: str
    kind: str
    at: str
    """When it was kept."""
    fields: dict[str, list[str]]


class DraftsError(TallyError):
    """Drafts cannot be kept or read."""


class Drafts:
    """The drafts of one account, in a file that the desk's user alone may read."""

    def __init__(self, desk: Desk) -> None:
        """Use the file of the account that is signed in."""
        self._desk = desk
        name = sha256(desk.signed_in.account.encode()).hexdigest()[:32]
        self._path: Path = KeyPaths(desk.books.url).drafts / f"{name}.json"

    def all(self) -> list[Draft]:
        """Return the drafts, the newest first.

        Raises:
            DraftsError: the file cannot be read.
        """
        try:
            with self._path.open("rb") as file:
                raw = file.read(2 * MOST_DRAFTS * LARGEST_DRAFT)
            return decode(raw, type=list[Draft])
        except FileNotFoundError:
            return []
        except OSError as error:
            words = Message(
                "the drafts in {path} cannot be read: {why}", path=self._path, why=error.strerror
            )
            raise DraftsError(words) from error
        except (ValidationError, ValueError) as error:
            words = Message("the drafts in {path} are damaged; remove the file", path=self._path)
            raise DraftsError(words) from error

    def find(self, draft_id: str) -> Draft | None:
        """Return the draft of an id; None without one."""
        return next((one for one in self.all() if one.id == draft_id), None)

    def keep(
        self,
        kind: str,
        texts: Mapping[str, Sequence[str]],
        fields: Mapping[str, Field],
        draft_id: str,
    ) -> Draft:
        """Keep a draft, in place of an earlier one of its id.

        Raises:
            EntriesRefusedError: a text holds a number or an address of a person.
            DraftsError: there are too many drafts, it is too large, or cannot be written.
        """
        kept = {name: [*values] for name, values in texts.items() if name in fields and any(values)}
        _refuse_identifiers(kept, fields)
        if len(encode(kept)) > LARGEST_DRAFT:
            words = Message("a draft has at most {most:,} bytes", most=LARGEST_DRAFT)
            raise DraftsError(words)
        others = [one for one in self.all() if one.id != draft_id]
        if len(others) >= MOST_DRAFTS:
            raise DraftsError(
                Message(
                    "{most} drafts are kept already; record some, or drop those of no more use",
                    most=MOST_DRAFTS,
                )
            )
        made = Draft(draft_id or token_hex(8), kind, instant_text(self._desk.now), kept)
        self._write([made, *others])
        return made

    def drop(self, draft_id: str) -> None:
        """Drop a draft; one that is not there is dropped already.

        Raises:
            DraftsError: the file cannot be read or written.
        """
        if draft_id:
            found = self.all()
            left = [one for one in found if one.id != draft_id]
            if left != found:
                self._write(left)

    def _write(self, drafts: Sequence[Draft]) -> None:
        part = part_of(self._path)
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with new_file(part, OWNER_ONLY) as file:
                file.write(encode(drafts).decode())
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError as error:
            part.unlink(missing_ok=True)
            words = Message(
                "the drafts in {path} cannot be written: {why}",
                path=self._path,
                why=error.strerror,
            )
            raise DraftsError(words) from error


def _refuse_identifiers(texts: Mapping[str, Sequence[str]], fields: Mapping[str, Field]) -> None:
    """Refuse what no entry may hold either: numbers and addresses of persons.

    Raises:
        EntriesRefusedError: there is one, at its field.
    """
    words = Message(
        "holds an identity-card, telephone or bank-card number or an e-mail address (not repeated "
        "here): the ledger keeps no particulars of persons; take it out"
    )
    refused = [
        Refusal(words, Bilingual(name, fields[name].title), code="identifier")
        for name, values in texts.items()
        if fields[name].form in _TEXTS
        and any(holds_identifier(_SHA256.sub("", value)) for value in values)
    ]
    if refused:
        raise EntriesRefusedError(refused)
