"""Data model of `measure.toml`, `sentences.toml` and `law.toml`: the measure around its clauses."""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import field

from projections.measure.model import AppliesTo, ByReading, MeasureData, Words


class LawNote(MeasureData, frozen=True, kw_only=True):
    """A note of law on a clause or another subject: shown, never counted."""

    clause: list[str] = []
    subject: Words
    note: Words


class Section(MeasureData, frozen=True, kw_only=True):
    """A part of the score: of each period, beside a period, or of the year."""

    slug: str
    title: Words
    of: Literal["period", "beside", "year"]
    """`beside`: told with a period, added once to the year."""
    opening: Decimal = Decimal(0)
    floor: Decimal | None = None
    cap: Decimal | None = None
    floor_order: ByReading | Literal["last", "pro_rata"] = "last"
    """Which entries an explanation names as cut: the last in time, or all of them."""
    weight: Decimal = Decimal(1)
    deducts: bool = False
    """Whether the section is told as a positive number and subtracted."""
    citation: str
    quote: str | None = None
    paraphrase: str | None = None
    points: Decimal | None = None
    """The points that the text gives to the section, to compare with those of its clauses."""

    def told(self, points: Decimal) -> Decimal:
        """Return points as the section tells them; of points told so, as they count."""
        return -points if self.deducts else points

    @property
    def sentence(self) -> Words:
        """Return the words of the text about the section."""
        said = self.quote or self.paraphrase or self.title.zh
        return Words(zh=said, en=self.title.en)


class Period(MeasureData, frozen=True, kw_only=True):
    """A named part of the year."""

    key: str
    """Part of the period's name after the year: `Q1` in 2016Q1."""
    title: Words
    starts: str
    """Month and day: 12-01."""
    ends: str | None = None
    """Month and day; left out: the day before the next period, or the year's last."""


class CalendarData(MeasureData, frozen=True, kw_only=True):
    """The assessment year."""

    starts: str = "01-01"
    """Month and day of the year's first day."""
    named_after: Literal["first", "last"] = "last"
    """Whether the year is named after the calendar year of its first or of its last day."""
    citation: str
    counts_from: date | ByReading | None = None
    """The first day that counts, where the measure came into force in mid-year."""


class Coded(MeasureData, frozen=True, kw_only=True):
    """A coded value with its words."""

    value: str
    title: Words


class Units(MeasureData, frozen=True, kw_only=True):
    """Whom the measure assesses."""

    type: list[Coded]
    group: list[Coded] = []
    group_required: bool = False
    """Whether a unit without a group is refused."""


class Adding(MeasureData, frozen=True, kw_only=True):
    """The clause that adds up the year's total."""

    slug: str
    citation: str
    title: Words
    sentence: Words


class Scale(MeasureData, frozen=True, kw_only=True):
    """A total that is scaled for some units: `points` of `out_of`, rounded half up."""

    applies_to: AppliesTo | None = None
    not_applies_to: AppliesTo | None = None
    condition: dict[str, str | list[str]] = field(name="if", default={})
    sections: list[str]
    attainable: Decimal
    """The points that these units can attain."""
    out_of: Decimal
    """The points that they are scaled to."""
    places: int = 2
    citation: str
    quote: str | None = None
    paraphrase: str | None = None


class Rank(MeasureData, frozen=True, kw_only=True):
    """How units are ranked by total."""

    within: Literal["all", "group", "type"] = "all"
    last: list[str] | ByReading = []
    """Flags whose units rank behind all others."""
    period_order: Literal["with_beside", "score", "none"] | ByReading | None = None
    """The order of a period's bulletin; `none`: by unit, without ranks. Left out: by score, or
    `none` where the measure ranks nobody."""
    none: bool = False
    """Whether the measure ranks nobody: units come by id."""


class FlagData(MeasureData, frozen=True, kw_only=True):
    """A consequence other than points."""

    flag: str
    title: Words
    eligible: bool = True
    """False: the unit receives no awards."""


class Band(MeasureData, frozen=True, kw_only=True):
    """A result by total: `from` it, up to the next band; the lowest has no `from`."""

    name: str
    title: Words
    least: Decimal | None = field(name="from", default=None)
    citation: str = ""

    @property
    def bound(self) -> Decimal:
        """Return the least total of the band; −∞ for the lowest."""
        return Decimal("-Infinity") if self.least is None else self.least


class Batches(MeasureData, frozen=True, kw_only=True):
    """Settings of the measure for petition batches."""

    collective_from: int | ByReading
    """The headcount from which a batch is collective."""
    group: list[Coded] = []
    """Groups of visitors that the measure treats apart."""


class InForce(MeasureData, frozen=True, kw_only=True):
    """The days on which the measure is in force."""

    since: date = field(name="from")
    until: date | None = None


class Source(MeasureData, frozen=True, kw_only=True):
    """The document that published the measure."""

    id: str
    name: str
    number: str = ""
    issuer: str
    issued_on: date
    year: int
    """The assessment year that the text names."""
    in_force: InForce | None = None
    supersedes: str | None = None
    source: str | None = None
    """Where the text can be read, if it is not part of the folder."""
    bulletin: Words | None = None
    """The field's own name in papers: 信访工作."""
    counted_in: Words = Words(zh="分", en="points")
    """Unit of the figures, if not points: 元."""


class Sentence(MeasureData, frozen=True, kw_only=True):
    """One sentence of the text, and what carries it out."""

    text: str
    clause: list[str] = []
    by: str | None = None
    reason: str | None = None
