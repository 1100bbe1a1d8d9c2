"""Checks of texts: which characters and numbers a field must not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.characters import code_point, composed, hidden, invisible, is_id_text, private
from ledger.identifiers import holds_identifier, holds_plain_number
from ledger.lookalikes import lookalike

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError

ID_LENGTH = 64
_BRACKETS = dict.fromkeys(map(ord, "（）〔〕"))


def wrong(kind: str, template: str, **values: str | int) -> PydanticCustomError:
    """Return the error that a check raises.

    Args:
        kind: a name for the fault, for programs.
        template: the message, with `{name}` for each value.
        values: what the template names; `field` says which field the fault is in, if not its own.
    """
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 - not for commands that only read

    return PydanticCustomError(kind, template, {**values, "template": template})


def _personal() -> PydanticCustomError:
    return wrong(
        "identifier",
        "holds an identity-card, telephone or bank-card number or an e-mail address (not repeated "
        "here): the ledger keeps no particulars of persons; take it out",
    )


def _unseen(character: str) -> PydanticCustomError:
    return wrong(
        "unprintable",
        "has a control or invisible character in it ({code}); take it out",
        code=code_point(character),
    )


def no_person(text: str) -> str:
    """Return the text if it holds no number or address of a person."""
    if holds_identifier(text):
        raise _personal()
    return text


def no_plain_number(text: str) -> str:
    """Return the text if it holds no identity-card or mobile number in a plain form."""
    if holds_plain_number(text):
        raise _personal()
    return text


def seen(text: str) -> str:
    """Return a name if every character of it can be seen."""
    found = hidden(text)
    if found is not None:
        raise _unseen(found)
    return text


def own_letters(text: str) -> str:
    """Return an id if no character of it passes for another one."""
    found = None if seen(text).isascii() else lookalike(text.translate(_BRACKETS))
    if found is not None:
        raise wrong(
            "lookalike",
            "has a character in it ({code}) that looks like {plain}; write {plain}",
            code=code_point(found[0]),
            plain=found[1],
        )
    return text


def printable(text: str) -> str:
    """Return a text of one line without control, invisible and private-use characters."""
    if text.isprintable():
        return text
    if "\n" in text or "\r" in text:
        raise wrong(
            "unprintable",
            "has a line break in it (Alt+Enter in Excel); write it in one line, with ； between "
            "its parts",
        )
    unseen = invisible(text)
    if unseen is not None:
        raise _unseen(unseen)
    own = private(text)
    if own is not None:
        raise wrong(
            "private_use",
            "has a private-use character in it ({code}), which other computers show as something "
            "else or as a box; write the character of Unicode, or another word",
            code=code_point(own),
        )
    return text


def id_text(text: str) -> str:
    """Return an id if it has only the characters that an id may have."""
    if not (1 <= len(text) <= ID_LENGTH and is_id_text(text)):
        raise wrong("id_text", "must be 1 to 64 letters, digits, '-', '_', '.', '/' or brackets")
    return text


def half_width(text: str) -> str:
    """Return an id without full-width characters, the brackets of a document number excepted."""
    bare = text if text.isascii() else text.translate(_BRACKETS)
    if not bare.isascii() and composed(bare) != bare:
        raise wrong(
            "full_width", "has full-width or composed characters in it; write them half-width"
        )
    return text


def clean(text: str) -> str:
    """Return a text of printable characters without a plain number of a person."""
    return no_plain_number(printable(text))
