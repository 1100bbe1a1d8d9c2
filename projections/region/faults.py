"""Carry an error from one process to another as data, in words that can still be translated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ledger.errors import TallyError
from ledger.message import Alternatives, Bilingual, Choice, Message, Parts, Series, Slashed
from projections.region.messages import Fault, Listed, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

_JOINED = {one.__name__: one for one in (Series, Parts, Choice, Alternatives, Slashed)}
_PLAIN = (str, int, float, bool, type(None))


class FoldFaultError(TallyError):
    """A town could not be folded, elsewhere or here."""

    def __init__(self, fault: Fault) -> None:
        """Take the words of a fault."""
        self.kind = fault.kind
        self._sentences = [sentence(one) for one in fault.sentences]
        super().__init__(self._sentences[0] if self._sentences else fault.kind)

    def sentences(self) -> Sequence[str]:
        """Return the sentences of the error that happened."""
        return self._sentences


def fault_of(error: TallyError) -> Fault:
    """Return an error as data."""
    return Fault(type(error).__name__, tuple(map(as_data, error.sentences())))


def as_data(value: object) -> Any:
    """Return a value of a message as `Words`, `Listed` or plain data."""
    if isinstance(value, Message):
        named = {name: as_data(one) for name, one in value.values.items()}
        return Words(value.template, named) if named else Words(str(value))
    if isinstance(value, Bilingual):
        return Words("{zh}", {"en": str(value), "zh": value.zh})
    if isinstance(value, Series):
        return Listed(type(value).__name__, tuple(map(as_data, value)))
    return value if isinstance(value, _PLAIN) else str(value)


def sentence(value: Any) -> str:
    """Return a sentence from its data, decoded or not."""
    found = _from_data(value)
    return found if isinstance(found, str) else str(found)


def _from_data(value: Any) -> Any:
    if isinstance(value, dict) and "type" in value:
        value = msgspec.convert(value, Words | Listed)
    if isinstance(value, Words):
        values = {name: _from_data(one) for name, one in value.values.items()}
        if values.keys() == {"en", "zh"}:
            return Bilingual(values["en"], values["zh"])
        return Message(value.template, **values)
    if isinstance(value, Listed):
        return _JOINED[value.joined](map(_from_data, value.values))
    return value
