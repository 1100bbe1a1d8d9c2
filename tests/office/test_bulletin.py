"""The bulletin states a period's scores, and corrects earlier bulletins."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from cli.output.documents.numerals import number_text, numeral
from cli.session import session
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.integrity.note import to_base64
from ledger.stores import open_store
from ledger.vocabulary import OFFICE_TIME
from projections.explanation import explain_period
from projections.query import ScoreQuery
from tests.cli.entries import batch, reports
from tests.office.documents import proof_of, rows_of, text_of, under, write_bulletin


def today():
    """Return the office's day, as of which a bulletin is made."""
    return datetime.now(OFFICE_TIME).date()


def beside(period):
    """Return what the period's rewards and penalties add to its score."""
    points = period["beside"]
    return Decimal(points["rewards"]) - Decimal(points["penalties"])


def test_table_equals_the_scores_as_of_today(town, notice):
    """Ordered by quarter score + rewards − penalties, of that quarter alone."""
    scored = town("score", "--year", 2016, "--through", today(), "--json").ok().json
    units, now = scored["units"], scored["through"]
    by_name = {unit["name"]: unit for unit in units}
    assert now == str(today())
    (table,) = notice.tables
    rows = [[cell.text.replace("−", "-") for cell in row.cells] for row in table.rows[1:]]
    assert len(rows) == len(units) == 46
    ranked = {
        unit["name"]: Decimal(unit["periods"][1]["score"]) + beside(unit["periods"][1])
        for unit in units
    }
    ordered = sorted(ranked.values(), reverse=True)
    for row in rows:
        unit = by_name[row[1]]
        first, quarter, *_ = unit["periods"]
        assert row[0] == str(ordered.index(ranked[row[1]]) + 1)
        assert row[2:4] == [
            quarter["sections"][key] for key in ("basic_work", "abnormal_petitions")
        ]
        assert row[4:6] == [quarter["score"], first["score"]]
        assert Decimal(row[6]) == Decimal(quarter["score"]) - Decimal(first["score"])
        assert row[7:9] == [quarter["beside"][key] for key in ("rewards", "penalties")]
        so_far = [Decimal(one["score"]) + beside(one) for one in (first, quarter)]
        assert Decimal(row[9]) == sum(so_far)
    assert [int(row[0]) for row in rows] == sorted(int(row[0]) for row in rows)


def test_deductions_equal_the_postings_of_all_units(town, notice):
    """By clause: the sum of the points, and how many there are."""
    sums: dict[str, list[Decimal]] = {}
    with session(town.url) as opened:
        scores = opened.loader.scores(ScoreQuery(2016, today()), postings=True).scores
        for score in scores.units:
            for line in explain_period(score, scores, 2).postings:
                if line.points:
                    sums.setdefault(line.citation, []).append(line.points)
    assert len(sums) == 4
    text = text_of(notice)
    for citation, points in sums.items():
        told = r"(?:共|未上报|不达标)(\d+)次(?:（.*?）)?，扣([\d.]+)分"
        found = re.search(rf"（{re.escape(citation)}）\n{told}", text)
        assert found is not None, citation
        assert (int(found[1]), Decimal(found[2])) == (len(points), -sum(points))


def test_names_no_entry_and_no_case_number(town, notice):
    text = text_of(notice)
    with session(town.url) as opened:
        entries = [state.entry for state in opened.ledger.state().entries.values()]
    numbers = {entry.id for entry in entries if entry.KIND != "unit"}
    numbers |= {entry.matter for entry in entries if hasattr(entry, "matter")}
    assert len(numbers) > 5000
    assert not [number for number in numbers if number in text]


def test_ends_with_the_position_and_the_merkle_root(town, notice):
    store = open_store(town.url)
    hashes = leaf_hashes(store)
    store.close()
    foot = proof_of(notice)
    day = today()
    assert f"台账序号{len(hashes)}（截至{day.year}年{day.month}月{day.day}日）" in foot
    assert to_base64(root_of(hashes)) in foot


def test_compares_the_first_quarter_with_none(town):
    document = write_bulletin(town, "2016Q1")
    assert "首季度，不作比较" in text_of(document)
    header, _ = rows_of(document)
    assert not {"上季度得分", "增减"} & {*header}


def test_a_quarter_that_runs_is_not_compared_and_says_so(tally):
    """On 15 April nothing of the second quarter is final; the first was compared before."""
    tally.take_in(*reports("V001", "2015-12", "2016-01", "2016-02"))
    document = write_bulletin(tally, "2016Q2", "--through", "2016-04-15")
    texts = [one.text for one in document.paragraphs]
    assert "信访工作考核情况的阶段性通报" in texts
    assert (
        "截至2016年4月15日，本季度尚未结束（2016年5月31日止），本通报为阶段性通报，"
        "所列数据不是本季度最终结果。"
    ) in texts
    assert "本季度尚未结束，不作比较。" in texts
    assert not [one for one in texts if "上季度" in one or "上升" in one]
    assert not {"上季度得分", "增减"} & {*rows_of(document)[0]}
    assert under(document, "下一步工作要求")[0] == ""
    over = [one.text for one in write_bulletin(tally, "2016Q2").paragraphs]
    assert "信访工作考核情况的通报" in over
    assert not [one for one in over if "尚未结束" in one]


def test_a_bulletin_of_an_earlier_day_neither_replaces_nor_restates_an_edition(tally):
    """The edition counts through today; in January 甲村 had lost less."""
    tally.take_in(*reports("V001", "2015-12", "2016-01", "2016-02"))
    tally.take_in(batch("B-1", occurred_at="2016-02-05T09:00"))
    tally.publish("2016Q1")
    tally.take_in(batch("B-2", occurred_at="2016-01-05T09:00"))
    early = text_of(write_bulletin(tally, "2016Q1", "--through", "2016-01-31"))
    assert "替代" not in early
    assert "更正" not in early
    now = text_of(write_bulletin(tally, "2016Q1"))
    assert "替代" in now
    assert "现更正为18分" in now


def test_the_totals_of_the_last_quarter_are_those_of_the_year(town):
    scored = town("score", "--year", 2016, "--through", today(), "--json").ok().json
    units = scored["units"]
    header, rows = rows_of(write_bulletin(town, "2016Q4"))
    year = [
        header.index(one) for one in ("年度考核", "全年奖分", "全年罚分", "年度得分", "年度名次")
    ]
    for unit in units:
        row = [text.replace("−", "-") for text in rows[unit["name"]]]
        sections = [unit["sections"][one] for one in ("inspection", "rewards", "penalties")]
        assert [row[at] for at in year] == [*sections, unit["total"], str(unit["rank"])]


def test_restates_figures_and_names_flags_and_open_points(tally):
    """After the publication come a batch of its quarter, and one that disqualifies."""
    tally.take_in(*reports("V001", "2015-12", "2016-01", "2016-02"), verify_by="head")
    tally.publish("2016Q1")
    late = batch("B-1", occurred_at="2016-01-05T09:00", matter="XF-2016-秘密")
    grave = batch("B-2", level="national", headcount=8)
    tally.take_in(late, grave)
    tally.take_in(batch("B-3", occurred_at="2016-04-05T09:00"), verify_by=None)
    document = write_bulletin(tally, "2016Q2")
    text = text_of(document)
    assert "2016年度第一季度通报的甲村季度得分20分，现更正为19分。" in text
    assert "2016年度第一季度通报的甲村非正常上访工作12分，现更正为11分。" in text
    assert "8人进京集体上访，取消评先评优资格（三（一）2，二季度起）。" in text
    # Nobody verified B-3; of B-1 and B-2 nobody recorded who came to the site.
    assert under(document, "尚未确定的事项") == [
        "（一）非正常上访工作（三（一）2）",
        (
            "材料不全1项，暂按现有材料计分，涉及1个单位："
            "甲村（3月5日8人进京集体上访，缺现场处置记录）；"
            "未核定1项，暂未计入，涉及1个单位：甲村（4月5日3人到镇上访）。"
            "前期遗留：材料不全1项，暂按现有材料计分，涉及1个单位："
            "甲村（1月5日3人到镇上访，缺现场处置记录）。"
        ),
    ]
    assert "一季度通报的甲村：原通报" not in text  # the flag was raised in the second quarter
    assert "秘密" not in text
    assert "B-1" not in text


def test_restates_units_that_left_and_joined_since_the_publication(tally):
    """乙村 is reversed and 丁村 recorded after it."""
    months = ("2015-12", "2016-01", "2016-02")
    tally.take_in(*reports("V001", *months), *reports("V002", *months))
    tally.publish("2016Q1")
    tally("reverse", "V002", "--reason", "撤并", "--by", "clerk", "--yes").ok()
    tally("verify", "--all", "--by", "head").ok()
    tally.take_in({"kind": "unit", "id": "V004", "name": "丁村", "type": "village"})
    # 丁村 reported nothing in three months: 20 − 3 × (1 + 3).
    assert under(write_bulletin(tally, "2016Q2"), "前期通报更正情况") == [
        "2016年度第一季度通报的乙村（20分），现不再参加该季度考核。",
        "2016年度第一季度通报未列的丁村，现补列，季度得分8分。",
    ]


def test_the_year_restates_its_own_edition_beside_those_of_its_quarters(tally):
    """A yellow card recorded after the year was published: 2 points less."""
    tally.take_in(*reports("V001", "2015-12"))
    tally.publish("2016")
    card = {"kind": "yellow_card", "id": "HP-1", "unit": "V001", "issued_on": "2016-06-20"}

    def total():
        (unit,) = tally("score", "--unit", "V001", "--json").ok().json["units"]
        return unit["total"].replace("-", "−")

    was = total()
    tally.take_in(card)
    now = total()
    text = text_of(write_bulletin(tally, "2016"))
    assert f"2016年度通报的甲村年度得分{was}分，现更正为{now}分。" in text


def test_the_year_calls_a_corrected_quarter_score_what_it_is(tally):
    """20 in the first quarter, less the point of a batch recorded after its publication."""
    tally.take_in(*reports("V001", "2015-12", "2016-01", "2016-02"))
    tally.publish("2016Q1")
    tally.take_in(batch("B-1", occurred_at="2016-01-05T09:00"))
    told = under(write_bulletin(tally, "2016"), "前期通报更正情况")
    assert told[0] == "2016年度第一季度通报的甲村季度得分20分，现更正为19分。"


def test_batches_left_out_are_counted_by_level(tally):
    """Of 22 batches the 20 gravest are named: of three people at the town two are left out.

    The batch to the town of 30 is not named before the 20 to the district, whose level is higher.
    """
    at = {"occurred_at": "2016-01-05T09:00", "abnormal": False}
    many = [batch(f"B-{n}", level="district", headcount=2, **at) for n in range(19)]
    town = [
        batch(f"B-{19 + n}", level="town", headcount=size, **at)
        for n, size in enumerate((30, 4, 3))
    ]
    tally.take_in(*many, *town)
    lawful = under(write_bulletin(tally, "2016Q1"), "基本情况")[-1]
    assert lawful.count("到区上访") == 19
    assert "30人到镇集体上访" in lawful
    assert lawful.endswith("。其余不逐一列举：到镇2批7人次。")


def test_restates_quarters_of_the_year_before(tally):
    """甲村 reported all of 2015Q4: 20 points. A batch recorded a quarter later costs 1."""
    tally.adopt(2015)
    tally.take_in(*reports("V001", "2015-09", "2015-10", "2015-11", "2015-12"))
    tally.take_in(*reports("V002", "2015-09", "2015-10", "2015-11"))
    tally.publish("2015Q4")
    assert "前期通报更正情况" not in text_of(write_bulletin(tally, "2016Q1"))
    tally.take_in(batch(occurred_at="2015-10-05T09:00"))
    assert under(write_bulletin(tally, "2016Q1"), "前期通报更正情况") == [
        "2015年度第四季度通报的甲村季度得分20分，现更正为19分。",
        "2015年度第四季度通报的甲村非正常上访工作12分，现更正为11分。",
    ]


def test_negative_points_have_a_minus_sign_that_breaks_no_line(tally):
    """Eight people in Beijing cost 12 and 3 points, 42 in the city 6 × 1.5 and 2."""
    many = {"level": "city", "headcount": 42, "repeated": True}
    tally.take_in(
        *reports("V001", "2015-12", "2016-01", "2016-02"),
        batch("B-1", level="national", headcount=8, occurred_at="2016-01-05T09:00"),
        batch("B-2", **many, occurred_at="2016-01-06T09:00"),
    )
    # Basic work 8 − 3 − 2, abnormal petitions 12 − 12 − 9.
    rows = write_bulletin(tally, "2016Q1").tables[0].rows
    (row,) = [row for row in rows if row.cells[1].text == "甲村"]
    assert [cell.text for cell in row.cells][2:5] == ["3", "−9", "−6"]


def test_shows_the_quarter_as_known_at_an_earlier_position(tally):
    tally.take_in(*reports("V001", "2015-12", "2016-01", "2016-02"))
    position = tally.position
    tally.take_in(batch("B-1", occurred_at="2016-01-05T09:00"))
    then = write_bulletin(tally, "2016Q1", "--as-of", position)
    now = write_bulletin(tally, "2016Q1")
    assert f"台账序号{position}（" in proof_of(then)
    scores = [document.tables[0].rows[1].cells[4].text for document in (then, now)]
    assert scores == ["20", "19"]


def test_refuses_quarters_that_cannot_be_scored_and_files_that_cannot_be_used(tally):
    out = tally.folder / "b.docx"
    message = tally("bulletin", "0000Q1", "-o", out).misused().err
    assert "'0000Q1' is not a period or a year; write 2016Q2 or 2016" in message
    assert "2016Q5 is not a period" in tally("bulletin", "2016Q5", "-o", out).refused().err
    assert "b.doc must end in .docx" in tally("bulletin", "2016Q1", "-o", "b.doc").misused().err
    early = ("--through", "2016-01-31")
    assert "has not begun" in tally("bulletin", "2016Q2", "-o", out, *early).refused().err
    assert "no unit counts" in tally("bulletin", "2016Q1", "-o", out, "--as-of", 0).refused().err
    missing = ("--template", tally.folder / "none.docx")
    assert "No such file" in tally("bulletin", "2016Q1", "-o", out, *missing).refused().err


def test_the_year_of_a_documents_number_is_in_its_brackets():
    for number in ("钱政办发（2016）11号", "钱政办发(2016)11号", "钱政办发〔2016〕11号"):
        assert number_text(number) == "钱政办发〔2016〕11号"


def test_writes_numbers_in_chinese():
    numerals = [numeral(number) for number in (1, 9, 10, 11, 20, 21, 99)]
    assert numerals == ["一", "九", "十", "十一", "二十", "二十一", "九十九"]
