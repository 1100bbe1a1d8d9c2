"""Say in a sentence why a unit lost or got points, so that a village cadre understands it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.language.chinese import chinese, word
from cli.output.documents.facts import batch_text
from cli.output.documents.numerals import dated, day_text
from cli.output.documents.terms import words_of
from ledger.message import Parts
from projections.facts import BATCH
from projections.postings import TIMES, ZERO, Working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from ledger.state import LedgerState
    from projections.explanation import Line
    from projections.measure import Measure
    from projections.postings import OpenPoint

_MOST_TITLES = 6
"""Items without an inspection that are named."""

_OPEN = {
    "undetermined": "如何适用尚待明确，暂未计入",
    "incomplete": "材料不全，暂按现有材料计分，请补报",
    "unverified": "已登记，尚未核定，暂未计入",
    "objection": "已提出异议，尚未答复",
}


class Reasons:
    """Sentences on the postings and open points of a year."""

    def __init__(self, state: LedgerState, measure: Measure, collective_from: int) -> None:
        """Take the ledger, which says what entries are, and the measure that counts them."""
        self._state, self._measure = state, measure
        self._collective_from = collective_from
        self._unit = measure.source.counted_in.zh

    def sentence(self, line: Line) -> str:
        """Return why points were taken or given, and how many."""
        return dated(f"{self._what(line)}，{self.points(line.points)}。")

    def points(self, points: Decimal) -> str:
        """Return points in words: 扣3分."""
        if not points:
            return f"不{words_of(self._unit).more}"
        return words_of(self._unit).moved(points)

    def entry(self, entry_id: str | None) -> str:
        """Return what an entry is, with its day; empty for one that is not known."""
        known = None if entry_id is None else self._state.get(entry_id)
        if known is None:
            return ""
        entry, day = known.entry, known.entry.day()
        title = word(entry.KIND)
        if entry.KIND == BATCH:
            title = batch_text(entry, self._collective_from)
        elif entry.KIND in self._measure.kinds():
            title = self._measure.kinds()[entry.KIND].TITLE
        if day is None:
            return title
        return f"{day_text(day)}{'，' if entry.KIND == BATCH else ''}{title}"

    def together(self, lines: Sequence[Line]) -> str:
        """Return how many postings a clause has, and their points."""
        points = sum((one.points for one in lines), ZERO)
        return f"{lines[0].title}共{len(lines)}项，合计{self.points(points)}。"

    def pending(self, points: Sequence[OpenPoint]) -> list[str]:
        """Return what is not settled yet, and what that means for now."""
        found, uninspected = [], []
        for one in points:
            clause = None if one.clause is None else self._measure.clauses.get(one.clause)
            title = "" if clause is None else clause.title.zh
            if one.kind == "not_inspected":
                uninspected.append(title)
                continue
            what = "：".join(filter(None, [self.entry(one.entry), title]))
            found.append(dated(f"{what}{_OPEN[one.kind]}。"))
        if uninspected:
            more = f"等{len(uninspected)}项" if len(uninspected) > _MOST_TITLES else ""
            titles = "、".join(uninspected[:_MOST_TITLES])
            found.append(f"{titles}{more}尚未检查，暂计0{self._unit}。")
        return found

    def _what(self, line: Line) -> str:
        working = line.working.innermost
        values, title = working.values, line.title
        match working.template:
            case "{}: {} had {} of {} cases" | "{}: {} had {} of {}":
                _, name, total, owed = values
                return f"{name}{title}应报{owed}件，实报{total}件"
            case "{}: {} was not told of before {:%Y-%m-%d %H:%M}{}":
                return f"{self.entry(line.entries[0])}，事前没有报送信访信息"
            case "{} period {} to {}: no abnormal batch":
                return f"{chinese(values[0])}特护期（{values[1]}至{values[2]}）没有发生非正常上访"
            case "{} period {} to {}: an abnormal batch":
                return f"{chinese(values[0])}特护期（{values[1]}至{values[2]}）发生非正常上访"
            case "{}: {}" | "{} × {}: {}" if line.entries:
                return self._judged(line, working)
        of_report = self._owed(title, working)
        return of_report or self._inspected(title, working) or f"{title}：{chinese(working)}"

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
            case _:
                return None
        # A report may be named after the day on which it is due.
        report = "" if became.startswith(f"{values[0]}前") else self._report(values[0])
        return f"{report}{title}应于{became}"

    def _inspected(self, title: str, working: Working) -> str | None:
        """Return what an inspection found on an item; None of anything else."""
        values = [chinese(one) for one in working.values]
        match working.template:
            case "item {}: graded {} of {}":
                item, points, most = values
                found = f"检查评定{points}{self._unit}"
            case "{} - {} × {}: item {}, {} missing":
                most, _, _, item, missing = values
                found = f"缺{missing}项"
            case _:
                return None
        return f"{title}（项目{item}）{words_of(self._unit).full}{most}{self._unit}，{found}"

    def _report(self, what: object) -> str:
        """Return which report: that of a month, or for a notice."""
        if not isinstance(what, Working):
            return str(what)
        known = self._state.get(str(what.values[0]))
        return "" if known is None else f"“{known.entry.of_field('title')}”通知要求的"

    def _judged(self, line: Line, working: Working) -> str:
        """Return what an entry was, and of a batch what made it cost more or less."""
        formula, words = str(working.values[0]), working.values[-1]
        known = self._state.get(line.entries[0])
        parts = list(words) if isinstance(words, Parts) else [words]
        if known is None or known.entry.KIND != BATCH:
            times = f"，{formula} × {working.values[1]}" if working.template == TIMES else ""
            return f"{chinese(words)}{times}"
        base, *factors = formula.split(" × ")
        rest = "；".join(filter(None, map(chinese, parts[1:])))
        told = f"{self.entry(known.entry.id)}（{rest}）" if rest else self.entry(known.entry.id)
        if not factors:
            return told
        return (
            f"{told}，标准{words_of(self._unit).taken}{base}{self._unit}，乘以{'、'.join(factors)}"
        )
