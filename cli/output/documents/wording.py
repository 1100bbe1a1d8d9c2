"""Word the bulletin of a period or year in the office's Chinese, for a template to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.output.documents.corrected import corrections, is_own, replaces, restated_text
from cli.output.documents.facts import facts
from cli.output.documents.figures import (
    carried,
    changes,
    inspections,
    ranking,
    so_far,
    summary,
    year_so_ended,
)
from cli.output.documents.filling import Block, Blocks
from cli.output.documents.numerals import day_text, number_text, numeral
from cli.output.documents.problems import (
    beside_blocks,
    bounded,
    by_clause,
    cause,
    open_matters,
    problems,
)
from cli.output.documents.table import table_of
from cli.output.documents.terms import joined, named, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from cli.office import Office
    from cli.output.documents.corrected import Replacing
    from cli.output.documents.entry_names import EntryNames
    from cli.output.documents.filling import Value
    from cli.output.documents.terms import Terms
    from projections.bulletin_parts import Bulletin, Raised
    from projections.measure import Measure

REQUIRED = (
    "考核期",
    "版次说明",
    *("正文.标题", "正文.小标题", "正文.段落"),
    "得分表.单位",
    "台账证明",
)
"""Fields without which a bulletin would not say what it has to."""


class Proof(NamedTuple):
    """The proof of the figures: the ledger's position, its root, positions that were set aside."""

    position: int
    through: date
    root: str | None
    set_aside: Sequence[int] = ()

    def text(self) -> str:
        """Return the small line at the foot of a paper."""
        root = f"，根值{self.root}" if self.root else ""
        aside = "、".join(map(str, self.set_aside))
        note = f"台账第{aside}号记录已损坏，经核定不予计入。" if aside else ""
        return f"台账序号{self.position}（截至{day_text(self.through)}）{root}。{note}"


def bulletin_values(
    bulletin: Bulletin,
    measure: Measure,
    office: Office,
    proof: Proof,
    made_on: date,
    *,
    names_of: EntryNames,
    collective_from: int,
    replacing: Replacing | None = None,
    notes_of_law: bool = False,
) -> dict[str, Value]:
    """Return the values of the fields of a bulletin's template.

    Args:
        bulletin: the figures of a period or a year.
        measure: the measure in force.
        office: the office's own words.
        proof: of the figures.
        made_on: the day on which it is made.
        names_of: the names of entries.
        collective_from: the headcount from which a batch is collective.
        replacing: the edition that it replaces, if it does.
        notes_of_law: whether the measure's notes of law are shown.
    """
    terms = terms_of(measure, of_year=bulletin.period is None)
    source = measure.source
    period = named(bulletin.year, bulletin.period, measure)
    what = f"{terms.subject}{_what(bulletin, replacing)}"
    corrects = "更正" if replacing is not None and replacing.reason else ""
    types = "、".join(one.title.zh for one in measure.units.type)
    sections = _sections(
        bulletin, measure, terms, names_of, collective_from, replacing, notes_of_law=notes_of_law
    )
    return {
        **letterhead(office, made_on),
        "标题": [f"关于{corrects}{period}", what],
        "考核期": period,
        "年度": str(bulletin.year),
        "工作": terms.subject,
        "主送机关": office.addressees or f"各{types}",
        "办法": source.name,
        "办法文号": f"（{number_text(source.number)}）" if source.number else "",
        "制定机关": source.issuer,
        "起始日": day_text(bulletin.starts),
        "截止日": day_text(bulletin.ends),
        "统计日": day_text(bulletin.through),
        "计分单位": terms.points,
        "通报名称": what,
        "版次说明": list(_notes(bulletin, measure, terms, replacing)),
        "正文": Blocks(_numbered(sections)),
        "得分表": table_of(bulletin, measure),
        "台账证明": proof.text(),
    }


def letterhead(office: Office, made_on: date) -> dict[str, Value]:
    """Return the fields of the office itself; what it did not set is left open."""
    return {
        "发文机关标志": office.head or "（发文机关标志）",
        "文号": f"　　　〔{made_on.year}〕　　号",
        "签发人": office.signer or "　　　　",
        "署名": office.signed or "（署名、印章）",
        "成文日期": f"{made_on.year}年　　月　　日",
        "抄送": f"{office.copies_to}。" if office.copies_to else "　　　　",
        "印发机关": office.printer or "（印发机关）",
        "印发日期": f"{made_on.year}年　　月　　日",
    }


def _what(bulletin: Bulletin, replacing: Replacing | None) -> str:
    """Return what the paper is, as the end of its title."""
    what = "考核结果" if bulletin.period is None else "考核情况"
    if replacing is not None and replacing.reason:
        return f"{what}通报有关数据的通报"
    return f"{what}的{'阶段性' if bulletin.is_running else ''}通报"


def _notes(
    bulletin: Bulletin, measure: Measure, terms: Terms, replacing: Replacing | None
) -> Iterator[str]:
    """Yield what has to be known before the figures are read."""
    if bulletin.is_running:
        through, ends = day_text(bulletin.through), day_text(bulletin.ends)
        yield (
            f"截至{through}，{terms.this}尚未结束（{ends}止），本通报为阶段性通报，"
            f"所列数据不是{terms.this}最终结果。"
        )
    if replacing is not None:
        yield replaces(replacing, bulletin, measure)


def _numbered(sections: Iterator[tuple[str, list[Block]]]) -> list[Block]:
    found: list[Block] = []
    for number, (title, blocks) in enumerate(sections, 1):
        found += [Block("标题", f"{numeral(number)}、{title}"), *blocks]
    return found


def _paragraphs(texts: Iterable[str]) -> list[Block]:
    return [Block("段落", text) for text in texts]


def _sections(
    bulletin: Bulletin,
    measure: Measure,
    terms: Terms,
    names_of: EntryNames,
    collective_from: int,
    replacing: Replacing | None,
    *,
    notes_of_law: bool,
) -> Iterator[tuple[str, list[Block]]]:
    """Yield the title and the blocks of each section; facts come first, or what is corrected."""
    of_year = bulletin.period is None
    restated = bulletin.restated
    if replacing is not None and replacing.reason:
        yield "数据更正情况", _paragraphs(corrections(replacing, measure))
        restated = tuple(one for one in restated if not is_own(one, bulletin))
    told = facts(bulletin, measure, collective_from, terms)
    if told:
        yield "基本情况", _paragraphs(told)
    own = measure.of_a_period if bulletin.period else (*measure.of_a_period, *measure.of_the_year)
    scoring = tuple(one.slug for one in own if one.of != "beside")
    scored = [summary(bulletin, measure, terms), *so_far(bulletin, measure)]
    scored.append(ranking(bulletin, measure, terms))
    scored += inspections(bulletin, measure, terms) if of_year else changes(bulletin, terms)
    scored += [*year_so_ended(bulletin, measure), *carried(bulletin, measure, terms)]
    of_score = bulletin.of_sections(scoring)
    names = [row.name for row in bulletin.rows]
    scored += bounded(of_score, names, terms)
    yield f"{terms.figure}情况", _paragraphs(scored)
    beside = list(beside_blocks(bulletin, measure, terms, names_of))
    if beside:
        titles = [one.title.zh for one in measure.beside_a_period]
        yield f"{joined(titles)}情况", beside
    # Carried figures and bounds are told with the scores: what they are made of is not known.
    counted = [one for one in of_score if one.manner not in {"carried", "floor", "cap"}]
    gained = [one for one in counted if one.manner == "points" and one.points > 0]
    if gained:
        yield f"{terms.words.more}事项", list(by_clause(gained, names, terms))
    lost = [one for one in counted if one not in gained]
    yield "存在的问题", list(problems(lost, names, measure, terms))
    if measure.flags and (bulletin.flags or of_year):
        titles = [one.title.zh for one in measure.flags.values()]
        raised = [_flag(one, measure, names_of) for one in bulletin.flags]
        yield f"{joined(titles)}情况", _paragraphs(raised or [f"{terms.this}无。"])
    if of_year and any(not one.eligible for one in measure.flags.values()):
        yield "评先评优资格", _paragraphs([_eligible(bulletin, measure)])
    if bulletin.open:
        yield "尚未确定的事项", list(open_matters(bulletin.open, measure, terms, names_of))
    if restated:
        texts = [restated_text(one, measure) for one in restated]
        yield "前期通报更正情况", _paragraphs(texts)
    next_one = "下一步" if bulletin.is_running else f"下{terms.noun}"
    yield f"{next_one}工作要求", _paragraphs([""])
    if notes_of_law and measure.law:
        texts = [f"{one.subject.zh}：{one.note.zh}" for one in measure.law]
        yield "有关法律政策", _paragraphs(texts)


def _flag(flag: Raised, measure: Measure, names_of: EntryNames) -> str:
    since = "" if flag.period is None else f"，{flag.period.title.zh}起"
    title = measure.flags[flag.flag].title.zh
    return f"{flag.name}因{cause(flag, names_of)}，{title}（{flag.citation}{since}）。"


def _eligible(bulletin: Bulletin, measure: Measure) -> str:
    """Return how many units may receive awards, of which it is not determined, and which not."""
    lost = [row.name for row in bulletin.rows if any(not measure.flags[one].eligible
                                                     for one in row.flags)]  # fmt: skip
    open_ones = bulletin.undecided
    number = len(bulletin.rows) - len(lost) - len(open_ones)
    without = f"不具备资格的单位{len(lost)}个：{'、'.join(lost)}。" if lost else ""
    also = ""
    if open_ones:
        names = "、".join(open_ones)
        also = f"另有{len(open_ones)}个单位有待定事项，资格尚未确定：{names}。"
    by_now = f"截至{day_text(bulletin.through)}，" if bulletin.is_running else ""
    return f"{by_now}具备年度评先评优资格的单位{number}个。{also}{without}"
