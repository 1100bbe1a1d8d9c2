"""The domain events, named in the past tense: what the ledger keeps for ever.

One aggregate an entry: its originator id is the entry's own id, recording is version 1,
verification (核定) and reversal (冲销) are the next.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from eventsourcing.utils import register_topic
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
)

from ledger import entries, topics
from ledger.fields import Account, EntryId, Text
from ledger.instants import instant_of, instant_text
from ledger.statements import Figures, sound


def _from_text(value: Any) -> Any:
    return instant_of(value) if isinstance(value, str) else value


Instant = Annotated[
    AwareDatetime, BeforeValidator(_from_text), PlainSerializer(instant_text, return_type=str)
]
"""A recorded time: the ledger's own clock, in UTC."""


TOPICS: dict[str, type[LedgerEvent]] = {}
"""Every event by its stable topic; a stored topic of no event here is never resolved."""


class LedgerEvent(BaseModel):
    """An event of one aggregate; satisfies eventsourcing's `DomainEventProtocol`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    TOPIC: ClassVar[str]
    NAME: ClassVar[str]
    CLASS_VERSION: ClassVar[int] = 1

    class_version: int = 1
    originator_id: str
    originator_version: int
    at: Instant
    by: Account

    @classmethod
    def upcast(cls, state: dict[str, Any], from_version: int) -> dict[str, Any]:
        """The parsed state of version n as version n+1's; overridden where a class has changed."""
        raise NotImplementedError(f"{cls.TOPIC}: no upcast from version {from_version}")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "TOPIC" in cls.__dict__:
            TOPICS[cls.TOPIC] = cls
            register_topic(cls.TOPIC, cls)


class EntryRecorded(LedgerEvent):
    """An entry was recorded; one class a kind, below."""

    NAME: ClassVar[str] = "recorded"

    entry: entries.Entry


class UnitRecorded(EntryRecorded):
    """A unit was recorded."""

    TOPIC: ClassVar[str] = "tally.UnitRecorded"
    entry: entries.Unit


class SpecialPeriodRecorded(EntryRecorded):
    """A special period was recorded."""

    TOPIC: ClassVar[str] = "tally.SpecialPeriodRecorded"
    entry: entries.SpecialPeriod


class NoticeRecorded(EntryRecorded):
    """A notice was recorded."""

    TOPIC: ClassVar[str] = "tally.NoticeRecorded"
    entry: entries.Notice


class RulingRecorded(EntryRecorded):
    """A ruling on a reading was recorded."""

    TOPIC: ClassVar[str] = "tally.RulingRecorded"
    entry: entries.Ruling


class ScreeningReportRecorded(EntryRecorded):
    """A screening report was recorded."""

    TOPIC: ClassVar[str] = "tally.ScreeningReportRecorded"
    entry: entries.ScreeningReport


class CaseReportRecorded(EntryRecorded):
    """A monthly case report was recorded."""

    TOPIC: ClassVar[str] = "tally.CaseReportRecorded"
    entry: entries.CaseReport


class InformationReportRecorded(EntryRecorded):
    """An information report was recorded."""

    TOPIC: ClassVar[str] = "tally.InformationReportRecorded"
    entry: entries.InformationReport


class PetitionBatchRecorded(EntryRecorded):
    """A petition batch was recorded."""

    TOPIC: ClassVar[str] = "tally.PetitionBatchRecorded"
    entry: entries.PetitionBatch


class OnSiteResponseRecorded(EntryRecorded):
    """A unit's response on site was recorded."""

    TOPIC: ClassVar[str] = "tally.OnSiteResponseRecorded"
    entry: entries.OnSiteResponse


class CommendationRecorded(EntryRecorded):
    """A commendation was recorded."""

    TOPIC: ClassVar[str] = "tally.CommendationRecorded"
    entry: entries.Commendation


class ResearchSiteRecorded(EntryRecorded):
    """A site for a visit from above was recorded."""

    TOPIC: ClassVar[str] = "tally.ResearchSiteRecorded"
    entry: entries.ResearchSite


class SupervisedCaseRecorded(EntryRecorded):
    """A supervised case was recorded."""

    TOPIC: ClassVar[str] = "tally.SupervisedCaseRecorded"
    entry: entries.SupervisedCase


class CaseResolutionRecorded(EntryRecorded):
    """The resolution of a supervised case was recorded."""

    TOPIC: ClassVar[str] = "tally.CaseResolutionRecorded"
    entry: entries.CaseResolution


class CriticismRecorded(EntryRecorded):
    """A criticism was recorded."""

    TOPIC: ClassVar[str] = "tally.CriticismRecorded"
    entry: entries.Criticism


class YellowCardRecorded(EntryRecorded):
    """A yellow card was recorded."""

    TOPIC: ClassVar[str] = "tally.YellowCardRecorded"
    entry: entries.YellowCard


class InspectionFindingRecorded(EntryRecorded):
    """A finding of the year-end inspection was recorded."""

    TOPIC: ClassVar[str] = "tally.InspectionFindingRecorded"
    entry: entries.InspectionFinding


class ReversalRecorded(EntryRecorded):
    """A reversal was recorded, in the same append as the `EntryReversed` of what it takes back."""

    TOPIC: ClassVar[str] = "tally.ReversalRecorded"
    entry: entries.Reversal


class EntryVerified(LedgerEvent):
    """The office verified an entry (核定) under another name than its recorder's."""

    TOPIC: ClassVar[str] = topics.VERIFIED
    NAME: ClassVar[str] = "verified"


class EntryReversed(LedgerEvent):
    """An entry was taken back by a reversal, which counts once it is verified itself."""

    TOPIC: ClassVar[str] = topics.REVERSED
    NAME: ClassVar[str] = "reversed"

    by_entry: EntryId
    reason: Text


class FiguresPublished(LedgerEvent):
    """The office published a quarter's figures (季度通报, 四.2): one edition of the bulletin."""

    TOPIC: ClassVar[str] = topics.PUBLISHED
    NAME: ClassVar[str] = "published"

    quarter: str
    """As 2016Q2."""
    position: int
    """Of the last event that the figures count."""
    through: date
    """The day at whose close they are seen."""
    figures: Annotated[Figures, AfterValidator(sound)]
    """Of every unit: its score of the quarter, its flags, as the contract's `score` has them."""
    reason: Text | None = None
    """Why an edition replaces the one before it; None for the first."""
    checkpoint: str | None = None
    """The signed checkpoint of the ledger at that position, where there is a key."""


class ObjectionRaised(LedgerEvent):
    """A unit objected to an entry or to a posting."""

    TOPIC: ClassVar[str] = topics.RAISED
    NAME: ClassVar[str] = "objected"

    unit: EntryId
    entry: EntryId | None = None
    """The entry objected to; or else"""
    period: str | None = None
    clause: str | None = None
    """the posting objected to: of a clause in a quarter (2016Q2) or year (2016)."""
    reason: Text


class ObjectionDecided(LedgerEvent):
    """The office decided an objection."""

    TOPIC: ClassVar[str] = topics.DECIDED
    NAME: ClassVar[str] = "decided"

    outcome: Literal["upheld", "dismissed"]
    reason: Text


RECORDED: dict[str, type[EntryRecorded]] = {
    event_type.model_fields["entry"].annotation.KIND: event_type  # type: ignore[union-attr]
    for event_type in EntryRecorded.__subclasses__()
}
"""The recording event of each kind of entry."""

assert {kind: event_type.TOPIC for kind, event_type in RECORDED.items()} == topics.RECORDED
assert {name: event_type.CLASS_VERSION for name, event_type in TOPICS.items()} == (
    topics.CLASS_VERSIONS
)
