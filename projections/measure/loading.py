"""Load a measure from the texts of its folder."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.adoptions import measure_sha256
from projections.measure.converting import UnsoundMeasureError
from projections.measure.files import ENTRIES, parse, unreadable
from projections.measure.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.entries.own import OwnKind


def load_measure(content: Mapping[str, str], sha256: str | None = None) -> Measure:
    """Return the measure of a folder's texts; the same object for the same content.

    The form of the files is checked, as far as scoring needs it; `projections.measure.checking`
    checks a draft.

    Args:
        content: texts by file name.
        sha256: the hash of the content, if it is known.

    Raises:
        UnsoundMeasureError: a file does not have its form.
    """
    for fault in unreadable(content) if sha256 is None else ():
        raise fault
    return _load(_Content(content), sha256 or measure_sha256(content))


class _Content:
    """A content that a cache does not compare: its hash stands for it."""

    def __init__(self, content: Mapping[str, str]) -> None:
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _load(content: _Content, sha256: str) -> Measure:
    texts = content.content
    kinds = _own_kinds(texts[ENTRIES]) if ENTRIES in texts else {}
    return Measure(parse(texts), kinds, texts, sha256)


def _own_kinds(text: str) -> dict[str, OwnKind]:
    from ledger.entries.own_file import OwnKindsError, own_kinds  # noqa: PLC0415 - few have any

    try:
        return own_kinds(text)
    except OwnKindsError as error:
        raise UnsoundMeasureError(ENTRIES, *error.faults[0]) from error
