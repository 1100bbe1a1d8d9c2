"""Say in a sentence why a unit lost or got points, so that a village cadre understands it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese
from cli.output.documents.entry_names import EntryNames, cause_of
from cli.output.documents.item_reasons import item_reason
from cli.output.documents.missing import missing
from cli.output.documents.numerals import dated, points_text
from cli.output.documents.terms import title_of, words_of
from ledger.entries import PetitionBatch
from ledger.message import Parts
from projections.judging import ABOVE, BELOW
from projections.measure.model import number_of
from projections.postings import TIMES, ZERO, Working

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.state import LedgerState
    from projections.explanation import Line
    from projections.facts import TownYear
    from projections.full_points import Told
    from projections.measure import Amount
    from projections.postings import Flag, OpenPoint
    from projections.scores import UnitScore

_TO = {"national": "进京", "province": "赴省", "city": "到市", "district": "到区", "town": "到镇"}
"""Where a batch went, in the words of the special periods' clause: 三（三）1（1）."""

_HUNDRED = 100


class Reasons:
    """Sentences on the postings of a unit's year."""

    def __init__(self, state: LedgerState, town: TownYear, score: UnitScore) -> None:
        """Take the ledger, which says what entries are, the year, and the unit's score in it."""
        self._town, self._measure = town, town.measure
        self.cites = False
        """True if sentences on single postings name their clause."""
        self.unit = self._measure.source.counted_in.zh
        """What is counted: 分, 元."""
        self.posted = score.posted()
        """Each clause with each entry that it has a posting of."""
        self._by_entry = {
            (one.clause, one.entries[0]): one for one in score.postings() if one.entries
        }
        ids = {name for _, name in self.posted}
        collective_from = self._measure.collective_from(town.readings)
        self.entries = EntryNames(state, self._measure, collective_from, ids)
        # Abnormal ones whose points are shared between a liable and a host unit.
        self._split = [one for one in self.entries.batches if one.host_unit and one.abnormal]

    def sentence(self, one: Told, *, short: bool = False) -> str:
        """Return why points were taken or given, and how many.

        The short sentence on an entry leaves out what made it cost or earn more or less, but for
        the unit's share.
        """
        bounded = self._bounded(one.line)
        citation = f"（{one.line.citation}）" if self.cites and not short else ""
        what = bounded or f"{self._what(one, short=short)}，{self.points(one.points)}{citation}。"
        return dated(what)

    def points(self, points: Decimal) -> str:
        """Return points in words: 扣3分."""
        if not points:
            return f"不{words_of(self.unit).more}"
        return words_of(self.unit).moved(points)

    def cause(self, flag: Flag) -> str:
        """Return for what a flag was raised: an entry, or the sum of a year."""
        return cause_of(flag, self.entries.name)

    def missing(self, point: OpenPoint) -> list[str]:
        """Return what is not recorded of an incomplete entry, or of the answer to it."""
        clause, entry = self._measure.clauses.get(point.clause or ""), self.entries.get(point.entry)
        posting = self._by_entry.get((point.clause or "", point.entry or ""))
        if clause is None or entry is None or posting is None:
            return []
        answer = self.entries.get(next(iter(posting.entries[1:]), None))
        return missing(clause, entry, answer, self._measure, self.entries)

    def _factors(self, line: Line, factors: Sequence[str]) -> list[str]:
        """Return the factors of a formula but for the unit's share, each with what it is for."""
        amounts = [
            one
            for one in line.read
            if "role" not in one.when and number_of(one.factor, self._town.readings) is not None
        ]
        numbers = list(map(_number, factors))
        if len(numbers) == len(amounts):
            pairs = zip(amounts, numbers, strict=True)
            return [_times([amount], number) for amount, number in pairs]
        # Surcharges that are added up come as one factor.
        return [_times(amounts if len(numbers) == 1 else [], number) for number in numbers]

    def together(self, some: Sequence[Told], *, others: bool) -> str:
        """Return how many postings of a clause there are, or further ones, and their points."""
        points = sum((one.points for one in some), ZERO)
        title = some[0].line.title
        return f"{title}{'其余' if others else '共'}{len(some)}项，合计{self.points(points)}。"

    def _bounded(self, line: Line) -> str | None:
        """Return what a bound, a weight or a scale changed; None of anything else."""
        title, values = line.title, line.working.values
        figures = [points_text(one) if isinstance(one, Decimal) else "" for one in values]
        unit = self.unit
        match line.working.template:
            case BELOW.template:
                cut = f"少{words_of(unit).taken}{figures[1]}{unit}"
                return f"{title}扣到{figures[0]}{unit}为止，{cut}。"
            case ABOVE.template:
                return f"{title}最多计{figures[0]}{unit}，超出的{figures[1]}{unit}不计。"
            case "{} × {}":
                counted = points_text(Decimal(str(values[0])) + line.points)
                return f"{title}合计{figures[0]}{unit}，乘以{figures[1]}，计{counted}{unit}。"
            case "{} × {} / {}":
                counted = points_text(Decimal(str(values[0])) + line.points)
                return (
                    f"按{words_of(unit).full}{figures[2]}{unit}折算为{figures[1]}{unit}："
                    f"{figures[0]}{unit}折算为{counted}{unit}，{self.points(line.points)}。"
                )
        return None

    def _what(self, one: Told, *, short: bool) -> str:
        """Return what happened, without the points."""
        line, working = one.line, one.line.working.innermost
        if working.template in {"{}: {}", "{} × {}: {}"} and line.entries:
            return self._judged(line, working, short=short)
        return (
            self._owed(line.title, working)
            or item_reason(one, self._measure, self.entries, self.unit)
            or self._of_special_period(line, working)
            or self._of_entry(line, working)
            or self._of_points(line.title, working)
        )

    def _of_points(self, title: str, working: Working) -> str:
        """Return why a unit has points without an entry or an item of its own."""
        match working.template:
            case "carried forward as published: {}":
                return f"{title}按原通报结转"
            case "opening points":
                return f"{title}基础分"
            case "the clause is not for this unit":
                return f"{title}不适用于你单位，按规定计分"
            case "place {} with {}" | "place {} from the smallest, with {}":
                return f"{title}：列第{working.values[0]}名"
        return f"{title}：{chinese(working)}"

    def _of_entry(self, line: Line, working: Working) -> str | None:
        """Return what an entry was that was not reported before, or not counted again."""
        name = self.entries.name(line.entries[0]) if line.entries else ""
        match working.template:
            case "{}: {} was not told of before {:%Y-%m-%d %H:%M}{}":
                return f"{name}，事前没有报送信访信息"
            case "{} told of {} before, at {:%Y-%m-%d %H:%M}":
                return f"{name}，事前已报送信访信息"
            case "counted once in the year already" | "counted once in the period already":
                span = "本年度" if "year" in working.template else "本期"
                return f"{name}，{line.title}同类情形{span}已计一次"
        return None

    def _of_special_period(self, line: Line, working: Working) -> str | None:
        """Return whether something was in the way of a special period's reward, and to which level.

        Where a batch to it was shared with another unit, the liable unit alone is asked.
        """
        kind, _, rest = working.template.partition(":")
        if kind != "{} period {} to {}":
            return None
        given: tuple[Any, ...] = working.values
        level, first, last = given
        span = f"{chinese(level)}特护期（{first}至{last}）"
        parameters = self._measure.clauses[line.clause].parameters
        levels = parameters.levels.get(str(level), [str(level)])
        shared = any(one.level in levels and first <= one.day() <= last for one in self._split)
        what = "你单位为责任单位的" if shared else ""
        # Two levels come as 到区、镇.
        what += "、".join(_TO[one] for one in levels).replace("、到", "、") + "非正常上访"
        if parameters.entry != PetitionBatch.KIND:
            what = self.entries.title(parameters.entry)
        match rest.strip():
            case "no abnormal batch" | "nothing happened":
                return f"{span}没有发生{what}"
            case "rewarded already":
                return f"{span}没有发生{what}，但同级特护期已{words_of(self.unit).more}一次"
            case _:
                return f"{span}发生{what}"

    def _owed(self, title: str, working: Working) -> str | None:
        """Return what became of a report that was owed; None of anything else."""
        values = working.values
        match working.template:
            case "{}: late, in on {}, due {}":
                became = f"{values[2]}前报送，{values[1]}才报送，属迟报"
            case "{}: missing, due {}, not in by {}":
                became = f"{values[1]}前报送，没有报送"
            case "{}: not in yet, due {}, still owed on {}":
                became = f"{values[1]}前报送，至今未报"
            case "{}: in on {}, due {}":
                became = f"{values[2]}前报送，已按时报送"
            case _:
                return None
        # A report may be named after the day on which it is due.
        report = "" if became.startswith(f"{values[0]}前") else self._report(values[0])
        return f"{report}{title}应于{became}"

    def _report(self, what: object) -> str:
        """Return which report: that of a month or period, or for a notice."""
        if isinstance(what, Working):
            notice = self.entries.get(str(what.values[0]))
            return "" if notice is None else f"“{notice.of_field('title')}”通知要求的"
        name = str(what)
        is_span = name.isdecimal() or self._measure.calendar.named(name) is not None
        return title_of(name, self._measure) if is_span else name

    def _judged(self, line: Line, working: Working, *, short: bool) -> str:
        """Return what an entry was, and what made it cost or earn more or less."""
        formula, words = str(working.values[0]), working.values[-1]
        entry = self.entries.get(line.entries[0])
        parts = list(words) if isinstance(words, Parts) else [words]
        clause = self._measure.clauses.get(line.clause)
        name = self.entries.name(line.entries[0], clause) or chinese(parts[0])
        own = None if entry is None else self._measure.kinds().get(entry.KIND)
        if own is not None and line.title != own.TITLE:
            name = f"{line.title}：{name}"
        role = next((one for one in line.read if "role" in one.when), None)
        share = None if role is None else number_of(role.factor, self._town.readings)
        of_role = role.words.zh if role is not None and role.words else ""
        base, *factors = formula.split(" × ")
        if share is not None and share != 1 and factors:
            factors.pop()
        elif role is not None:
            share = None
        if not short:
            # A repeated collective batch is named as such.
            words = filter(None, map(chinese, parts[1:]))
            told = [one for one in words if one != of_role and one not in name]
            name += f"（{'；'.join(told)}）" if told else ""
            times = self._factors(line, factors)
            if working.template == TIMES and entry is not None:
                field = next((one.times for one in line.read if one.times is not None), "")
                title = self._measure.fields(entry.KIND)[field].title
                times.insert(0, f"乘以{title}{chinese(working.values[1])}")
            if times or share is not None:
                words_used = words_of(self.unit)
                verb = words_used.given if line.points > 0 else words_used.taken
                name += f"，标准{verb}{base}{self.unit}"
            name += f"，{'、'.join(times)}" if times else ""
        if share is not None:
            name += f"，你单位为{of_role}，承担{points_text(share * _HUNDRED)}%"
        return name


def _times(amounts: Sequence[Amount], factor: Decimal) -> str:
    """Return by how much points were multiplied, in the measure's words for what."""
    why = "、".join(f"“{one.quote}”" for one in amounts if one.quote)
    return f"{f'按{why}' if why else ''}乘以{points_text(factor)}"


def _number(factor: str) -> Decimal:
    """Return a factor of a formula, which may be a sum in brackets: (1 + 0.5 + 1)."""
    return sum(map(Decimal, factor.strip("()").split(" + ")), ZERO)
