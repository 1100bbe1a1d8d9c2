"""What the door made of a set of submissions: what is new in it, or why none of it is taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.entries import BY_KIND
from ledger.spool import Spool, content_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ledger.entries import AnyEntry
    from ledger.errors import Refusal
    from ledger.submissions import Submission

KINDS = tuple(BY_KIND)
MOST_KINDS = 32
"""An arriving entry is kept as one number: its place times this, and the place of its kind."""


class Fresh:
    """The admitted entries, in the order in which they came; read as often as need be."""

    def __init__(self, submissions: Sequence[Submission] | Spool, arriving: dict[str, int]) -> None:
        """Of what was handed in, those that arrive, each by its place and kind."""
        self._submissions, self._arriving = submissions, arriving

    def __len__(self) -> int:
        return len(self._arriving)

    def __iter__(self) -> Iterator[AnyEntry]:
        for code in self._arriving.values():
            yield self._submissions[code // MOST_KINDS].entry

    def ids(self) -> Collection[str]:
        """The ids of the entries."""
        return self._arriving.keys()

    def of_kinds(self, *kinds: str) -> Iterator[AnyEntry]:
        """The entries of some kinds."""
        codes = {KINDS.index(kind) for kind in kinds}
        for code in self._arriving.values():
            if code % MOST_KINDS in codes:
                yield self._submissions[code // MOST_KINDS].entry

    def contents(self) -> Iterator[tuple[str, str, bytes]]:
        """Of each entry its id, kind and own JSON, as events hold it."""
        submissions = self._submissions
        for name, code in self._arriving.items():
            number, kind = divmod(code, MOST_KINDS)
            content = (
                submissions.content(number)
                if isinstance(submissions, Spool)
                else content_of(submissions[number])
            )
            yield name, KINDS[kind], content


@dataclass(slots=True)
class Admission:
    """What the door made of a set of submissions: all of it, or the reasons why none of it."""

    fresh: Fresh
    skipped: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
