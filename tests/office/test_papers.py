"""Bulletin, result and slips tell the hand-made quarter of `eight_villages`, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn

from cli.output.documents.numerals import day_text
from ledger.vocabulary import OFFICE_TIME
from tests.cli.entries import batch
from tests.cli.running import Tally
from tests.golden import assert_golden
from tests.office import eight_villages
from tests.office.documents import proof_of, rows_of, text_of, under

GOLDEN = Path(__file__).parent / "golden" / "papers"
DAY = ("--through", "2016-06-10")
YEAR = datetime.now(OFFICE_TIME).year
OFFICE = ("--name", "某镇信访办", "--copies-to", "镇党委", "--objection-days", 5)


@pytest.fixture(scope="module")
def tally(tmp_path_factory):
    """Return `tally` on eight villages, with the office's words; tests only read it."""
    made = Tally(tmp_path_factory.mktemp("eight"))
    made("init").ok()
    eight_villages.fill(made)
    made("office", "set", *OFFICE).ok()
    return made


def written(tally, *arguments):
    path = tally.folder / f"{arguments[0]}.docx"
    path.unlink(missing_ok=True)
    tally(*arguments, "-o", path).ok()
    return Document(str(path))


@pytest.fixture(scope="module")
def quarter(tally):
    """Return the bulletin of the second quarter, in which everything happened."""
    return written(tally, "bulletin", "2016Q2", *DAY)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("bulletin", ("bulletin", "2016Q2")),
        ("bulletin-of-nothing", ("bulletin", "2016Q1")),
        ("result", ("bulletin", "2016")),
        ("slip", ("slip", "V001", "2016Q2")),
        ("slip-of-a-year", ("slip", "V001", "2016")),
    ],
)
def test_the_whole_text_is_that_of_the_golden_file(tally, name, command):
    text = re.sub(r"根值[\w+/]{43}=", "根值略", text_of(written(tally, *command, *DAY)))
    # A slip bears the day on which it is made, and counts from it.
    today = datetime.now(OFFICE_TIME).date()
    text = text.replace(f"{day_text(today)}\n", "（当日）\n")
    text = text.replace(f"〔{today.year}〕　　号", "〔当年〕　　号")
    text = text.replace(f"{today.year}年　　月　　日", "当年　　月　　日")
    text = text.replace(day_text(today + timedelta(days=5)), "（五日后）")
    assert_golden(GOLDEN / f"{name}.txt", f"{text}\n")


def test_what_happened_comes_first(quarter):
    headings = [one.text for one in quarter.paragraphs if re.match("[一二三四五六]、", one.text)]
    assert headings[0] == "一、基本情况"
    assert under(quarter, "基本情况") == [
        (
            "本季度共发生上访2批38人次，其中非正常上访2批38人次。"
            "按去向分：到省1批34人次，到区1批4人次。"
        ),
        "非正常上访：5月12日，甲村4人到区上访；5月18日，甲村34人到省集体上访。",
    ]


def test_rewards_of_most_units_are_told_by_the_exceptions(quarter):
    """1.5 of the city's special period for all, 1 of the district's for all but 甲村."""
    told = under(quarter, "奖分和罚分情况")
    assert told[1] == (
        "特护期非访控制（三（三）1（1））：除甲村加1.5分外，其余各单位各加2.5分。"
        "甲村在全区特护期（2016年5月10日至2016年5月20日）发生非正常上访。"
    )
    assert told[3] == "黄牌警告（三（三）2）共1次，扣2分，涉及1个单位：戊村扣2分。"


def test_problems_come_by_clause_with_their_numbers(quarter):
    assert under(quarter, "存在的问题") == [
        "（一）非正常上访工作（三（一）2）",
        "共2次，扣12分，涉及1个单位：甲村扣12分（2次）。",
        "（二）信访信息报送（三（一）1（3））",
        "未上报1次，扣3分，涉及1个单位：甲村扣3分。",
        "（三）矛盾纠纷排查（三（一）1（1））",
        (
            "共2次（迟报1次、未上报1次），扣1.5分，涉及2个单位：乙村扣1分（未上报1次）；"
            "丙村扣0.5分（迟报1次）。"
        ),
        "（四）信访事项办理情况月报（三（一）1（2））",
        "不达标1次，扣1.5分，涉及1个单位：丁村扣1.5分。",
    ]


def test_demands_number_and_day_are_left_to_be_written(quarter):
    assert under(quarter, "下季度工作要求")[0] == ""
    texts = [one.text for one in quarter.paragraphs]
    assert texts[0] == "某镇信访办文件"
    assert f"　　　〔{YEAR}〕　　号\t签发人：　　　　" in texts
    assert f"{YEAR}年　　月　　日" in texts


def test_the_imprint_stands_in_a_box_at_the_foot_of_the_last_page(quarter):
    (box,) = quarter.element.body.iter(qn("w:txbxContent"))
    lines = ["".join(text.text for text in one.iter(qn("w:t"))) for one in box]
    assert lines == ["　抄送：镇党委。", f"　某镇信访办{YEAR}年　　月　　日印发"]


def test_fonts_have_fallbacks(quarter):
    (part,) = [one.target_part for one in quarter.part.rels.values() if "fontTable" in one.reltype]
    named = re.findall(r'w:name="([^"]+)"><w:altName w:val="([^",]+)', part.blob.decode())
    assert dict(named) == {
        "仿宋_GB2312": "仿宋",
        "黑体": "SimHei",
        "楷体_GB2312": "楷体",
        "方正小标宋简体": "华文中宋",
        "宋体": "SimSun",
    }
    used = set(re.findall(r'w:eastAsia="([^"]+)"', quarter.element.xml))
    assert used <= {name for name, _ in named}


def test_without_ranks_units_come_by_id(tally):
    document = written(tally, "bulletin", "2016Q2", "--unranked", *DAY)
    header, rows = rows_of(document)
    assert "名次" not in header
    assert [*rows] == eight_villages.NAMES
    assert "各单位按编号排列，不排名次，得分见附件。" in text_of(document)
    assert "第1名" not in text_of(document)


def test_an_edition_that_replaces_another_says_so_first(tmp_path):
    """What has the figures of the edition in force replaces nothing."""
    tally = Tally(tmp_path)
    tally("init").ok()
    eight_villages.fill(tally)
    tally.publish("2016Q2")
    first = written(tally, "bulletin", "2016Q2")
    assert "替代" not in text_of(first)
    tally("reverse", "YC-1", "--reason", "误录", "--by", "clerk", "--yes").ok()
    tally("verify", "--all", "--by", "head").ok()
    texts = [one.text for one in written(tally, "bulletin", "2016Q2").paragraphs]
    told = texts[texts.index("各村、场、社区：") + 1]
    assert re.fullmatch(
        r"本通报为2016年度第二季度通报第2版，替代\d{4}年\d+月\d+日发布的第1版，"
        "此前数据与本版不一致的，以本版为准。",
        told,
    )


def test_a_correction_says_so_in_its_title_and_what_it_corrects_of_each_unit(tmp_path):
    """Without the yellow card 2 points of penalties less; a batch of one at the town costs 1.

    Then 戊村 is the first with 庚村 and 辛村 (22.5); 己村 (21.5) is the fifth with 乙村.
    """
    tally = Tally(tmp_path)
    tally("init").ok()
    eight_villages.fill(tally)
    out, why = tmp_path / "c.docx", ("--reason", "黄牌警告误录，漏录一批次")
    message = tally("bulletin", "2016Q2", "-o", out, *why).refused().err.replace("\n", " ")
    assert "no edition of 2016Q2 is in force with other figures" in message
    assert not out.exists()
    tally.publish("2016Q2")
    tally("reverse", "YC-1", "--reason", "误录", "--by", "clerk", "--yes").ok()
    tally("verify", "--all", "--by", "head").ok()
    tally.take_in(batch("B-3", unit="V006", headcount=1, occurred_at="2016-04-05T09:00"))

    def check():
        document = written(tally, "bulletin", "2016Q2", *why)
        texts = [one.text for one in document.paragraphs]
        at = texts.index("关于更正2016年度第二季度")
        assert texts[at + 1] == "信访工作考核情况通报有关数据的通报"
        assert any("第2版，替代" in one and one.endswith(
            "更正原因：黄牌警告误录，漏录一批次。") for one in texts)  # fmt: skip
        assert "一、数据更正情况" in texts
        # 戊村's own score stays; 己村 had 20 with 12 for abnormal petitions.
        assert under(document, "数据更正情况") == [
            (
                "戊村：罚分由2分更正为0分，名次由第7名更正为第1名。"
                "更正原因：2016年4月20日黄牌警告：误录。"
            ),
            (
                "己村：季度得分由20分更正为19分（非正常上访工作由12分更正为11分），"
                "名次由第1名更正为第5名。更正原因：2016年4月5日1人到镇上访在原通报后补录。"
            ),
            "其他单位的名次相应调整，见附件。",
        ]
        assert "二、基本情况" in texts
        assert "前期通报更正情况" not in "".join(texts)
        told = "你单位得19分。原通报20分，现更正为19分。"
        assert told in text_of(written(tally, "slip", "V006", "2016Q2"))
        assert "原通报" not in text_of(written(tally, "slip", "V001", "2016Q2"))

    check()
    # Published, it is the second edition and corrects the first still.
    tally.publish("2016Q2", *why)
    check()
    book = tmp_path / "c.xlsx"
    assert "go with a .docx" in tally("bulletin", "2016Q2", "-o", book, *why).misused().err


def test_a_slip_says_why_in_plain_sentences(tally):
    """3 for the report that was missing, 10 and 2 for the visits."""
    texts = [one.text for one in written(tally, "slip", "V001", "2016Q2", *DAY).paragraphs]
    assert (
        "2016年度第二季度信访工作考核，你单位得5分。另有奖分1.5分、罚分0分，计入年度得分。" in texts
    )
    first = texts.index("一、扣分和原因")
    assert sorted(text.partition("．")[2] for text in texts[first + 1 : first + 4]) == [
        "2016年5月12日，4人到区上访（无现场处置记录），扣2分（三（一）2）。",
        "2016年5月18日，34人到省集体上访（无现场处置记录），扣10分（三（一）2）。",
        "2016年5月18日，34人到省集体上访，事前没有报送信访信息，扣3分（三（一）1（3））。",
    ]


def test_the_slip_of_a_year_leaves_reasons_to_those_of_its_quarters(tally):
    """甲村 lost 15 of 20 points in the second quarter by two clauses, nothing in the others."""
    text = text_of(written(tally, "slip", "V001", "2016", *DAY))
    told = "二季度扣15分（非正常上访工作12分、信访信息报送3分）。"
    assert f"一、扣分和原因\n{told}\n以上各期的扣分原因，见该期告知单。\n二、" in text


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        (
            "V002",
            "2016年4月矛盾纠纷排查应于2016年4月30日前报送，没有报送，扣1分（三（一）1（1））。",
        ),
        (
            "V003",
            "2016年5月矛盾纠纷排查应于2016年5月31日前报送，2016年6月3日才报送，属迟报，扣0.5分（三（一）1（1））。",
        ),
        ("V004", "2016年3月信访事项办理情况月报应报2件，实报1件，扣1.5分（三（一）1（2））。"),
        ("V005", "2016年4月20日黄牌警告，扣2分（三（三）2）。"),
    ],
)
def test_each_reason_is_a_sentence(tally, unit, sentence):
    assert f"1．{sentence}" in text_of(written(tally, "slip", unit, "2016Q2", *DAY))


def test_no_slip_names_another_unit_and_all_of_them_follow_each_other(tally):
    document = written(tally, "slip", "--all", "2016Q2", *DAY)
    whole = [one.text for one in document.paragraphs]
    starts = [at for at, text in enumerate(whole) if text.endswith("得分告知单")]
    assert len(starts) == 8
    for at, name in enumerate(eight_villages.NAMES):
        own = "\n".join(whole[starts[at] : [*starts, None][at + 1]])
        assert f"{name}（V00{at + 1}）：" in own
        assert not [one for one in eight_villages.NAMES if one != name and one in own]
    assert len(document.tables) == 8


def test_an_objection_that_is_not_answered_is_open(tmp_path):
    """三（三）2: 戊村 objects to its yellow card."""
    tally = Tally(tmp_path)
    tally("init").ok()
    eight_villages.fill(tally)
    tally("object", "YC-1", "--unit", "V005", "--reason", "当日已整改", "--by", "clerk").ok()
    text = text_of(written(tally, "slip", "V005", "2016Q2", *DAY))
    assert "\n你单位对“黄牌警告”提出的异议尚未答复。\n" in text
    assert "当日已整改" not in text


def test_a_slip_is_a_page_to_print_with_the_same_words(tally):
    path = tally.folder / "slip.html"
    tally("slip", "V001", "2016Q2", "-o", path, *DAY).ok()
    page = re.sub(r"<[^>]+>", "\n", path.read_text(encoding="utf-8"))
    document = written(tally, "slip", "V001", "2016Q2", *DAY)
    lines = {line.strip() for line in page.splitlines()}
    assert {one.text for one in document.paragraphs if one.text} <= lines
    assert "@page { size: A4" in page


def test_wrong_usage_of_slips_is_refused(tally):
    out = tally.folder / "x.docx"
    assert "PERIOD and --all" in tally("slip", "V001", "-o", out).misused().err
    assert "PERIOD and --all" in tally("slip", "V001", "2016Q2", "--all", "-o", out).misused().err
    assert "V999" in tally("slip", "V999", "2016Q2", "-o", out).refused().err
    assert not out.exists()


def test_the_workbook_of_a_year_has_awards_and_every_period(tally):
    path = tally.folder / "result.xlsx"
    tally("bulletin", "2016", "-o", path, *DAY).ok()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["考核结果", "评先评优", "各期得分"]
    header, first = list(book["考核结果"].iter_rows(min_row=2, max_row=3))
    row = {title.value: cell for title, cell in zip(header, first, strict=True)}
    assert (row["单位"].value, row["年度得分"].value, row["年度得分"].data_type) == (
        "己村",
        62.5,
        "n",
    )
    assert row["年度得分"].border.left.style == "thin"
    (last,) = [one for one in book["各期得分"].values if one[:2] == ("甲村", "二季度")]
    assert last == ("甲村", "二季度", 5, 0, 5, 1.5, 0, None)
    sheet = book["考核结果"]
    assert sheet.print_title_rows == "$1:$2"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)


def test_settings_of_the_office_are_checked_and_kept_beside_the_ledger(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    number = "110101199003070" + "03X"
    assert "identity" in tally("office", "set", "--contact", number).refused().err
    assert not (tmp_path / "tally.db.office.json").exists()
    assert tally("office", "set", "--objection-days", 0).misused()
    tally("office", "set", "--name", "某镇信访办", "--signer", "某人").ok()
    found = tally("office", "set", "--signer", "", "--json").ok().json
    assert found["office"]["name"] == "某镇信访办"
    assert found["office"]["signer"] == ""
    path = tmp_path / "tally.db.office.json"
    assert found["file"] == str(path)
    path.write_text('{"nam": "x"}', encoding="utf-8")
    message = tally("office", "show").refused().err.replace("\n", " ")
    assert "tally.db.office.json" in message
    assert "`tally office set`" in message


def test_the_offices_telephone_may_stand_in_its_contact_and_nowhere_else(tmp_path):
    """A village has to know where to call; in an entry a number is a petitioner's."""
    tally = Tally(tmp_path)
    tally("init").ok()
    landline, mobile = "0730" + "-5555555", "138" + "0013" + "8000"
    for number in (landline, f"（0730）{landline[5:]}", mobile):
        contact = f"镇政府一楼，电话{number}"
        found = tally("office", "set", "--contact", contact, "--json").ok().json
        assert found["office"]["contact"] == contact
        assert number in tally("office", "show").ok().out
        assert "telephone" in tally("office", "set", "--name", f"某镇{number}").refused().err
    assert "identity" in tally("office", "set", "--contact", "a" + "@example.org").refused().err
    tally.take_in({"kind": "unit", "id": "V001", "name": "甲村", "type": "village"})
    for number in (landline, mobile):
        line = json.dumps(batch(note=f"电话{number}")).encode()
        run = tally("import", "-", "--by", "clerk", stdin=line).refused()
        assert "telephone" in run.err


def test_the_signature_stands_on_no_page_without_text(quarter):
    """GB/T 9704-2012, 7.3.5.5: the last paragraph of the text is kept with what follows it."""
    paragraphs = quarter.paragraphs
    (last,) = [at for at, one in enumerate(paragraphs) if one.text.endswith("工作要求")]
    (signed,) = [at for at, one in enumerate(paragraphs) if one.text == "某镇信访办"]
    assert last < signed
    assert all(one.paragraph_format.keep_with_next for one in paragraphs[last : signed + 1])


def test_the_proof_is_one_line(quarter, tally):
    assert proof_of(quarter).startswith(f"台账序号{tally.position}（截至2016年6月10日），根值")


@pytest.mark.parametrize("command", [("bulletin", "2016Q2"), ("slip", "V001", "2016Q2")])
def test_no_paper_is_of_a_day_that_has_not_come(tally, command):
    out = tally.folder / "future.docx"
    run = tally(*command, "--through", "2999-01-01", "-o", out).refused()
    assert "2999-01-01 has not come" in run.err
    assert not out.exists()


def test_each_unit_of_a_correction_has_its_own_cause(tmp_path):
    """A report that came late after the edition, and a batch that is corrected: each its own."""
    tally = Tally(tmp_path)
    tally("init").ok()
    eight_villages.fill(tally)
    tally.publish("2016Q2")
    tally.take_in({"kind": "screening_report", "id": "SR-9", "unit": "V002", "month": "2016-04",
                   "submitted_on": "2016-07-08"})  # fmt: skip
    change = ("correct", "B-2", "--set", "abnormal=false", "--reason", "经核实属正常上访")
    tally(*change, "--by", "clerk", "--yes").ok()
    tally("verify", "--all", "--by", "head").ok()
    document = written(tally, "bulletin", "2016Q2", "--reason", "核实后更正")
    first, second, *_ = under(document, "数据更正情况")
    assert first.startswith("甲村：")
    assert first.endswith("更正原因：2016年5月12日4人到区上访：经核实属正常上访。")
    assert second == (
        "乙村：季度得分由19分更正为19.5分（基础工作由7分更正为7.5分），名次由第5名更正为第4名。"
        "更正原因：2016年4月矛盾纠纷排查报告于2016年7月8日报送，在原通报后补录。"
    )
    assert text_of(document).count("核实后更正") == 1
