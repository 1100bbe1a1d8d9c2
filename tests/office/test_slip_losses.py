"""What a unit has not of its full points is told on its slip, in words, under every measure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cli.language.chinese import learn
from cli.office import Office
from cli.output.documents.figures import full_of
from cli.output.documents.losses import losses_of
from cli.output.documents.slip import slip_values
from cli.output.documents.wording import Proof
from ledger.kinds import Kinds
from projections.bulletin_clauses import clause_points
from projections.full_points import full_points_of
from projections.measure import load_measure, read_measure, shipped
from projections.measure.case_entries import entries_of, state_of
from projections.measure.cases import cases_of
from projections.scores import score_year
from tests.office.slips import RIVERS, slip
from tests.projections.folders import HALVES, amount, clause, kind_of_entry, section, small_measure

STRAW = Path(__file__).parents[1] / "projections" / "measures" / "straw-2021-villages"
MEASURES = {name: load_measure(read_measure(name)) for name in shipped()}
MEASURES["straw-2021-villages"] = load_measure(
    {str(one.relative_to(STRAW)): one.read_text(encoding="utf-8") for one in STRAW.rglob("*.toml")}
)


def slips_of_cases(name, every):
    """Yield the worked case, scores, unit, period and values of each slip of some cases."""
    measure = MEASURES[name]
    learn(Kinds.of(measure).words())
    for placed in cases_of(measure.content)[::every]:
        case = placed.case
        year = case.year or measure.source.year
        state = state_of(entries_of(case, measure, year), measure, unverified=case.unverified)
        through = case.through or measure.calendar.last_day(year)
        scores = score_year(state, measure, year, through, provisional=case.provisional)
        for score in scores.units:
            for number in (None, *(one.number for one in score.periods)):
                proof = Proof(1, through, None)
                values = slip_values(score, scores, number, state, Office(), proof, through)
                yield case, scores, score, number, values


def assert_tells_all_that_is_missing(scores, score, number):
    """Full points, what was lost and got, and what is not counted yet make the score."""
    measure, full = scores.town.measure, full_points_of(scores.town)
    if measure.scales and scores.town.readings.get("lakes_elsewhere") == "scaled":
        return
    losses = losses_of(score, scores, number)
    waiting = [full.of_clause(one) or Decimal(0) for one in losses.absent]
    assert all(one > 0 for one in waiting)
    wanted = "year" if number is None else "period"
    shown = score.sections if number is None else score.period(number).sections
    for part in measure.sections.values():
        most = full_of(part, measure)
        if part.of != wanted or most is None:
            continue
        slug = part.slug
        told = [*losses.lost, *losses.got]
        points = sum(
            (one.points for one in told if measure.section_under(one.line.clause) == slug), most
        )
        points -= sum(
            full.of_clause(one) or Decimal(0) for one in losses.absent if one.section == slug
        )
        points -= sum(
            full.of_clause(measure.clauses[one.clause]) or Decimal(0)
            for one in losses.open
            if one.kind == "not_inspected" and measure.clauses[one.clause].section == slug
        )
        points -= sum(
            one.stated - one.of_items for one in losses.remarks if one.title == part.title.zh
        )
        assert points == shown[slug], (score.unit, number, slug)


def assert_bulletin_agrees(scores, score, number):
    """The bulletin tells of each clause what the slip does, but for rates of nothing."""
    town, measure = scores.town, scores.town.measure
    period = None if number is None else town.calendar.period(town.year, number)
    own = {"year"} if number is None else {"period", "beside"}
    losses, of_slip = losses_of(score, scores, number), dict[str, Decimal]()
    for one in (*losses.lost, *losses.got):
        clause = measure.clauses.get(one.line.clause)
        is_told = clause is not None and one.line.working.template != "no cases"
        if is_told and measure.sections[clause.section].of in own:
            of_slip[clause.slug] = of_slip.get(clause.slug, Decimal(0)) + one.points
    of_bulletin = {
        one.clause: share.points
        for one in clause_points(scores, period)
        for share in one.shares
        if share.name == score.name and measure.clauses.get(one.clause) is not None
        and measure.sections[measure.section_under(one.clause)].of in own
    }  # fmt: skip
    assert of_bulletin == {slug: one for slug, one in of_slip.items() if one}, (score.unit, number)


def assert_plain(values, ids):
    """No sentence has a Latin letter, but for the number of a case that is named by it."""
    for field in ("得分说明", "扣分", "加分", "待定"):
        for text in [values[field]] if isinstance(values[field], str) else values[field]:
            plain = re.sub(r"(编号|信访事项)[\w-]+", "", text, flags=re.ASCII)
            assert not re.search("[A-Za-z_]", plain), text
            assert not [one for one in ids if one in plain and not one.isdecimal()], text
            assert not re.search("None|not |：：|，，|。。|（）|-", plain), text


@pytest.mark.parametrize(
    ("name", "every"),
    [
        ("qianlianghu-2016", 8),
        ("shengzhou-2010-62", 1),
        ("shicheng-2018-rivers", 1),
        ("straw-2021-villages", 1),
        pytest.param("qianlianghu-2016", 1, marks=pytest.mark.slow),
    ],
)
def test_slips_of_worked_cases_are_plain_and_tell_all_that_is_missing(name, every):
    for case, scores, score, number, values in slips_of_cases(name, every):
        assert_tells_all_that_is_missing(scores, score, number)
        assert_bulletin_agrees(scores, score, number)
        assert_plain(values, [str(one["id"]) for one in case.entry if "id" in one])


def scored(item, points, office="river_office"):
    return {"kind": "score", "year": 2018, "item": item, "points": points, "office": office}


def test_what_an_item_has_not_of_its_full_points_is_lost():
    """A rate of 3 in 4 of 4 points, one article of two at the city, half of 3 points graded."""
    rate = {
        "kind": "measurement", "year": 2018, "indicator": "reservoirs",
        "numerator": 3, "denominator": 4,
    }  # fmt: skip
    article = {"kind": "publication", "level": "city", "published_on": "2018-05-01"}
    both = [scored("6.3", "3", "publicity"), scored("6.3", "1.5", "education")]
    found = slip([rate, article, *both], None, measure=RIVERS)
    told = [one.partition("．")[2] for one in found["扣分"]]
    assert "水库人放天养满分4分，总数4，完成数3，计3分，扣1分。" in told
    assert "2018年度市级用稿满分2分，应有2，实有1，计1分，扣1分。" in told
    assert "河库保护知识进校园满分3分，2次评定取低为1.5分，扣1.5分。" in told
    assert found["加分"] == ["本年度没有加分。"]


def test_what_is_done_late_or_in_time_is_told_by_its_day():
    """Item 3 gives 2 points for a plan by the end of July, and none for a later one."""
    late, timely = ({"kind": "plan", "revised_on": f"2018-{day}"} for day in ("08-01", "07-31"))
    told = "七月底前修订考核方案应于2018年7月31日前完成，2018年8月1日才完成，扣2分。"
    assert told in "".join(slip([late], None, measure=RIVERS)["扣分"])
    assert "考核方案" not in "".join(
        "".join(slip([timely], None, measure=RIVERS)[field]) for field in ("扣分", "加分")
    )


def test_points_beyond_the_full_ones_are_added():
    """Each article at the county beyond the second earns 0.5."""
    articles = [
        {"kind": "publication", "level": "county", "published_on": f"2018-05-0{day}"}
        for day in (1, 2, 3)
    ]
    assert slip(articles, None, measure=RIVERS)["加分"] == [
        "1．2018年度县级用稿满分2分，应有2，实有3，计2.5分，加0.5分。"
    ]


def test_an_entry_of_the_measure_s_own_kind_comes_under_its_clause_with_what_this_asks():
    incident = {"kind": "incident", "what": "侵占岸线", "found_on": "2018-03-01"}
    assert (
        "侵占不上报、不制止：2018年3月1日侵占水域岸线（情形：侵占岸线，已上报：否，已制止：否），"
        "扣2分。"
    ) in "".join(slip([incident], None, measure=RIVERS)["扣分"])


def test_an_item_for_which_nothing_fell_due_does_not_wait_once_the_period_is_over():
    """A point for a report of 14 March; none is owed in the second half of the year."""
    report = kind_of_entry("report", {"on": "date", "of_day": "date"})
    amounts = [amount("report", when={"state": ["in"]}, points="1"),
               amount("report", when={"state": ["late", "missing"]}, points="0")]  # fmt: skip
    owed = clause("reports", "due", entry="report", owed_for="of_day", dates=["03-14"],
                  amount=amounts)  # fmt: skip
    item = section(of="period", points="1", title={"zh": "专报", "en": "A"})
    measure = small_measure(owed, entries=[report], section=[item], period=HALVES)
    assert slip([], 2, measure=measure)["待定"] == ["专报没有计分事项，计0分。"]
    early = slip([], 2, measure=measure, through=date(2021, 12, 30))["待定"]
    assert early == ["专报尚未到计分时间，暂计0分。"]


def test_what_is_not_counted_yet_is_told_as_such():
    """The inspection comes once the year is over; the parts of section 四 make 44 of 45 points."""
    assert "年度考核尚未到计分时间，暂计0分。" in slip([], None, through=date(2016, 6, 10))["待定"]
    pending = slip([], None, measure=RIVERS, through=date(2018, 6, 1))["待定"]
    assert pending[-1] == (
        "办法写明“四、行动升级，推进突出问题专项整治”满分45分，所列各项合计44分。"
    )
