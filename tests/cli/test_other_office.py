"""Every command speaks of what the measure of another office has, in both languages.

The measure is of a county's forest stations: twelve months, yuan, ranks within two groups. It has
no petitions, villages, quarters or points.
"""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import openpyxl
import pytest

from tests.cli.running import Tally
from tests.office.documents import text_of, write_bulletin

FOREST = Path(__file__).parent / "measures" / "forest-2023"
STATIONS = [("S1", "松岭站", "mountain"), ("S2", "云台站", "mountain"), ("S3", "平湖站", "plain")]
LOG = {"kind": "patrol_log", "planned": 100}
FIRE = {"kind": "fire", "unit": "S1", "level": "small"}
GRADE = {"kind": "grade", "unit": "S1", "item": "1", "graded_on": "2023-12-10"}
ENTRIES = [
    *(
        {"kind": "unit", "id": unit, "name": name, "type": "station", "group": group}
        for unit, name, group in STATIONS
    ),
    {**LOG, "id": "L-1", "unit": "S1", "month": "2023-01", "handed_on": "2023-01-24", "done": 80},
    {**LOG, "id": "L-2", "unit": "S2", "month": "2023-01", "handed_on": "2023-01-28", "done": 95},
    {**FIRE, "id": "F-1", "seen_at": "2023-01-10T10:00", "burnt": 3, "dead": 1},
    {**FIRE, "id": "F-2", "seen_at": "2023-02-10T10:00", "burnt": 5, "dead": 1},
    {"kind": "fire_answer", "id": "A-1", "unit": "S1", "fire": "F-1", "on": "2023-01-10"}
    | {"arrival": "prompt"},
    {**GRADE, "id": "G-1", "office": "林业局", "points": "250"},
    {**GRADE, "id": "G-2", "office": "财政局", "points": "200"},
    {"kind": "task", "id": "T-1", "unit": "S1", "due_on": "2023-03-10"},
    {"kind": "task", "id": "T-2", "unit": "S2", "due_on": "2023-03-10"},
    {"kind": "task_done", "id": "D-2", "unit": "S2", "task": "T-2", "settled_on": "2023-03-09"},
]
PETITIONS = re.compile("信访|上访|镇外|村、场|现场处置|化解|季度|完成数|[^民]分，|否决事项：是")
NAMES = re.compile(
    r"tally|measure\.toml|clauses/\S*|[A-Z0-9-]*\d[A-Z0-9#-]*|clerk|head|\([a-z0-9-]+\)|forest-2023|sqlite\S*"
)


def ledger(folder, measure=FOREST):
    """Return a ledger of three stations under the measure, or a copy of it."""
    tally = Tally(folder)
    tally("init", "--measure", measure).ok()
    tally.take_in(*ENTRIES)
    return tally


def changed(folder, *changes):
    """Return a copy of the measure in which texts of measure.toml are replaced."""
    copytree(FOREST, folder / "forest-2023")
    path = folder / "forest-2023" / "measure.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return folder / "forest-2023"


@pytest.fixture(scope="module")
def forest(tmp_path_factory):
    return ledger(tmp_path_factory.mktemp("forest"))


@pytest.fixture(params=["en", "zh"])
def language(request, monkeypatch):
    monkeypatch.setenv("TALLY_LANG", request.param)
    return request.param


# What decides on points is shown.

RULES = {
    "monthly": {
        "en": ["scored for: each period", "opens at: 1000 yuan", "not below: 0 yuan"],
        "zh": ["计入：每期", "期初：1000元", "最低：0元"],
    },
    "bonus": {"en": ["beside each period", "not above: 600 yuan"], "zh": ["最高：600元"]},
    "yearly": {"en": ["opens at: 100 yuan", "weight: 0.5"], "zh": ["期初：100元", "权重：0.5"]},
    "logs": {
        "en": ["not below: -200 yuan", "due each month on day: 25", "× days late"],
        "zh": ["最低：-200元", "每月应报日：25", "× 逾期天数"],
    },
    "kilometres": {
        "en": ["opens at: 100 yuan", "nothing to count: no points", "× percentage points below"],
        "zh": ["期初：100元", "无可计数量时：不得分", "× 低于标准的百分点"],
    },
    "fires": {
        "en": ["units that it is for: mountain stations", "until 2023-06-30", "from 2023-07-01"],
        "zh": [
            "适用单位：山区站",
            "至 2023-06-30 止",
            "自 2023-07-01 起",
            "应对记录（到场 半小时内）",
        ],
    },
    "no-fire": {
        "en": ["units that it is for: mountain stations", "points of other units: 50 yuan"],
        "zh": ["适用单位：山区站", "其他单位所得：50元"],
    },
    "fire-break": {
        "en": ["opens at: 200 yuan", "not below: 0 yuan", "due by: 04-30", "× months late"],
        "zh": ["期初：200元", "最低：0元", "完成期限：04-30", "× 逾期月数"],
    },
    "grades": {"en": ["several findings: their mean"], "zh": ["多个评分：取平均"]},
    "grades-2": {
        "en": ["not above: 500 yuan", "together with: 四（三） Grades"],
        "zh": ["最高：500元", "合并计算的条款：四（三） 年终评分"],
    },
    "tasks": {"en": ["all done in time: 40 yuan"], "zh": ["全部按期完成：40元"]},
    "deaths": {"en": ["dead in the year 2 or more"], "zh": ["全年死亡人数 2以上"]},
    "prizes": {
        "en": ["ranked by: total", "without a place: pay suspended"],
        "zh": ["排名依据：总分", "不参加排名：停发经费"],
    },
}


@pytest.mark.parametrize("command", ["rules", f"measure show {FOREST}"])
def test_rules_show_all_that_moves_a_point(forest, language, command):
    """Openings, bounds, weights, units, days and parameters, as the measure's files have them."""
    out = forest(*command.split()).ok().out
    blocks = dict(_blocks(out))
    for slug, expected in RULES.items():
        for words in expected[language]:
            assert words in blocks[slug], slug
    within = {"en": "ranked within: groups of units", "zh": "排名范围：分组"}
    assert within[language] in out


def _blocks(out):
    """Yield the slug of each section and clause with the lines about it."""
    name, lines = "", []
    for line in out.splitlines():
        found = re.search(r"\(([a-z0-9-]+)\)(?=$|  )", line)
        if found is not None and not line.startswith(" "):
            yield name, "\n".join(lines)
            name, lines = found[1], []
        lines.append(line)
    yield name, "\n".join(lines)


def test_json_of_rules_has_what_decides_as_the_files_have_it(forest):
    rules = forest("rules", "--json").ok().json
    sections = {one["section"]: one["settings"] for one in rules["sections"]}
    assert sections["yearly"]["weight"] == "0.5"
    assert (sections["monthly"]["opening"], sections["monthly"]["floor"]) == ("1000", "0")
    clauses = {one["clause"]: one["settings"] for one in rules["clauses"]}
    assert clauses["no-fire"]["applies_to"] == {"group": ["mountain"], "otherwise": "50"}
    assert clauses["prizes"]["without"] == ["suspended"]
    assert rules["rank"]["within"] == "group"


def test_the_page_of_a_clause_shows_what_decides(forest, tmp_path):
    forest("site", tmp_path / "site", "--lang", "zh").ok()
    page = (tmp_path / "site" / "2023" / "clauses" / "no-fire.html").read_text(encoding="utf-8")
    assert "其他单位所得</dt><dd>50元" in page


# Titles are accepted for the measure's groups and types.


@pytest.mark.parametrize("group", ["plain", "平原站", "plain stations", "Plain Stations"])
def test_a_command_takes_the_title_of_a_group(tmp_path, group):
    tally = Tally(tmp_path)
    tally("init", "--measure", FOREST).ok()
    words = ["--name", "河口站", "--type", "管护站", "--group", group, "--by", "clerk"]
    tally("record", "unit", "--id", "S9", *words).ok()
    (event,) = tally("history", "S9", "--json").ok().json["events"]
    assert (event["content"]["type"], event["content"]["group"]) == ("station", "plain")


@pytest.mark.usefixtures("language")
def test_an_unknown_group_is_refused_with_those_there_are(forest):
    words = ["--name", "河口站", "--type", "station", "--group", "海岛站", "--by", "clerk"]
    run = forest("record", "unit", *words)
    assert run.status == 2
    assert "mountain" in run.err
    assert "山区站" in run.err


def test_a_workbook_and_a_csv_take_the_title_of_a_group(tmp_path):
    tally = Tally(tmp_path)
    tally("init", "--measure", FOREST).ok()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "单位"
    for row in (
        ["编号", "名称", "类型", "分组"],
        ["S1", "松岭站", "管护站", "山区站"],
        ["S2", "云台站", "station", "mountain stations"],
    ):
        sheet.append(row)
    book.save(tmp_path / "units.xlsx")
    (tmp_path / "单位.csv").write_text(
        "编号,名称,类型,分组\nS3,平湖站,管护站,平原站\n", encoding="utf-8"
    )
    files = tmp_path / "units.xlsx", tmp_path / "单位.csv"
    tally("import", *files, "--by", "clerk", "--verify-by", "head").ok()
    units = tally("score", "--json").ok().json["units"]
    assert {one["unit"]: one["group"] for one in units} == {
        "S1": "mountain",
        "S2": "mountain",
        "S3": "plain",
    }


def test_a_correction_takes_the_title_of_a_group(tmp_path):
    tally = ledger(tmp_path)
    words = ["--set", "分组=平原站", "--reason", "分组有误", "--by", "clerk", "--yes"]
    tally("correct", "S2", *words).ok()
    tally("verify", "--all", "--by", "head").ok()
    units = tally("score", "--json").ok().json["units"]
    assert next(one["group"] for one in units if one["unit"] == "S2") == "plain"


# Ranks.


def test_ranks_of_several_groups_follow_each_other(forest, monkeypatch):
    """The mountain stations come first, as the measure declares them, each group from rank 1."""
    monkeypatch.setenv("TALLY_LANG", "zh")
    rows = [line.split() for line in forest("score").ok().out.splitlines()]
    header = next(row for row in rows if row[:1] == ["名次"])
    assert header[:4] == ["名次", "单位", "名称", "分组"]
    shown = [
        (row[0], row[1], row[3]) for row in rows if len(row) > 3 and row[1] in {"S1", "S2", "S3"}
    ]
    assert [group for *_, group in shown] == ["山区站", "山区站", "平原站"]
    assert [rank for rank, *_ in shown] == ["1", "2", "1"]
    units = forest("score", "--json").ok().json["units"]
    assert [(one["group"], one["rank"]) for one in units] == [
        ("mountain", 1),
        ("mountain", 2),
        ("plain", 1),
    ]


def test_the_annex_of_a_bulletin_shows_the_group(forest):
    (table,) = write_bulletin(forest, 2023).tables
    header, *rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert header[:3] == ["名次", "单位", "分组"]
    assert [row[2] for row in rows] == ["山区站", "山区站", "平原站"]


def test_a_measure_that_ranks_nobody_ranks_no_period_either(tmp_path):
    measure = changed(tmp_path, ('[rank]\nwithin = "group"\n', "[rank]\nnone = true\n"))
    tally = ledger(tmp_path, measure)
    for period in ("2023M01", "2023"):
        document = write_bulletin(tally, period)
        assert "本办法不排名，各单位按编号排列" in text_of(document)
        assert "名次" not in document.tables[0].rows[0].cells[0].text
    assert {one["rank"] for one in tally("score", "--json").ok().json["units"]} == {None}


def test_an_order_of_periods_that_the_measure_states_is_not_called_unstated(tmp_path):
    measure = changed(
        tmp_path, ('[rank]\nwithin = "group"\n', '[rank]\nnone = true\nperiod_order = "score"\n')
    )
    text = text_of(write_bulletin(ledger(tmp_path, measure), "2023M01"))
    assert "按月度金额从高到低排列，并列第1名：" in text
    assert "未规定月排名" not in text


# Full points.


def test_full_points_are_told_where_every_section_states_them(forest):
    """二: 1,000 yuan a month, only deducted from. 四: halved, so the year has none."""
    assert "月度满额1000元，" in text_of(write_bulletin(forest, "2023M01"))
    assert "年度满额" not in text_of(write_bulletin(forest, 2023))


def test_full_points_are_not_told_where_a_section_does_not_state_them(tmp_path):
    """A second part of each month, of tasks at 40 yuan each, has no bound that the text states."""
    bonus = 'slug = "bonus"\nof = "beside"'
    measure = changed(tmp_path, (bonus, bonus.replace("beside", "period")))
    assert "满" not in text_of(write_bulletin(ledger(tmp_path, measure), "2023M01"))


# Words.


@pytest.mark.parametrize(
    ("period", "english", "chinese"),
    [
        ("2023M02", "no fire fighting recorded", "无扑救情况记录"),
        ("2023M02", "when it was seen: 2023-02-10 10:00,", "发现时间：2023-02-10 10:00、"),
        ("2023", "item 1: the mean of 2 findings", "项目1：2个评分取平均"),
        ("2023", "2023 had 1 of 10", "2023应有10，实有1"),
        ("2023", "not done by 2023-03-10", "2023-03-10前未完成"),
        ("2023M02", "dead: 2 in the year", "死亡人数：年内合计2"),
        ("2023M01", "80 of 100, 90 % owed", "共100，其中80，应达90%"),
    ],
)
def test_workings_are_in_the_words_of_the_measure(forest, monkeypatch, period, english, chinese):
    for language, words in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("TALLY_LANG", language)
        assert words in forest("explain", "S1", period).ok().out


def test_tasks_of_ones_own_are_done_and_not_resolved(forest, monkeypatch):
    monkeypatch.setenv("TALLY_LANG", "zh")
    out = forest("explain", "S2", "2023M03").ok().out
    assert "2023-03-10 到期，2023-03-09 完成，同期到期的1件全部完成" in out


COMMANDS = [
    *("rules", "score", "missing", "list", "history F-1", "history S1", "diff --from 20 --to 27"),
    *("explain S1 2023", "explain S1 2023M01", "explain S2 2023M03", "explain S3 2023M01"),
    *(f"reform {FOREST}", f"measure show {FOREST}", f"measure check {FOREST}"),
    *("record --help", "record unit --help", "record fire --help", "record patrol_log --help"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_said_of_petitions_or_in_english(forest, monkeypatch, command):
    monkeypatch.setenv("TALLY_LANG", "zh")
    out = forest(*command.split()).ok().out
    assert not PETITIONS.findall(out)
    if "--help" not in command:
        assert not re.findall(r"(?<![\w/.])[a-z_]{3,}(?![\w/.])", NAMES.sub("", out))


def test_the_help_of_a_kind_is_in_one_language(forest, monkeypatch):
    monkeypatch.setenv("TALLY_LANG", "zh")
    out = forest("record", "patrol_log", "--help").ok().out
    assert "所属月份  [必填]" in out
    assert not {"month of the log", "at most", "comma"} & {*re.findall("[a-z ]{5,}", out)}
    monkeypatch.setenv("TALLY_LANG", "en")
    (line,) = [
        one for one in forest("record", "--help").ok().out.splitlines() if "patrol_log  " in one
    ]
    assert line.split(maxsplit=1) == ["patrol_log", "patrol log"]


def test_the_help_of_a_unit_lists_the_groups_of_the_measure(forest, monkeypatch):
    monkeypatch.setenv("TALLY_LANG", "zh")
    out = "".join(line.strip() for line in forest("record", "unit", "--help").out.splitlines())
    assert "山区站 mountain、平原站 plain" in out


def test_notes_of_a_template_hold_no_english_of_the_measure(forest, tmp_path):
    forest("template", tmp_path / "t.xlsx").ok()
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    notes = {cell.value: cell.comment.text for cell in book["巡护日志"][1] if cell.comment}
    assert notes["所属月份"] == "所属月份（必填） month"
    assert notes["单位"].splitlines()[1] == "单位的编号或名称"


def test_a_field_has_the_title_of_its_own_kind(forest, monkeypatch):
    """Two kinds have a field `done`: 巡护里程 and 全部办结."""
    monkeypatch.setenv("TALLY_LANG", "zh")
    log = {**LOG, "id": "L-9", "unit": "S1", "month": "2023-02", "handed_on": "2023-02-24"}
    done = {"kind": "task_done", "id": "D-9", "unit": "S1", "task": "T-1"}
    path = forest.file(
        "bad.jsonl", {**log, "done": "x"}, {**done, "settled_on": "2023-03-09", "done": "x"}
    )
    run = forest("import", path, "--by", "clerk").refused()
    assert "L-9：巡护里程 done：" in run.err
    assert "D-9：全部办结 done：" in run.err


def test_one_of_a_thing_is_told_in_the_singular(forest, monkeypatch):
    monkeypatch.setenv("TALLY_LANG", "en")
    assert "1 case run, 0 failed" in forest("measure", "check", FOREST).ok().out
    assert forest("list", "fire_answer").ok().out.endswith("1 entry\n")


def test_a_posting_without_an_entry_is_not_called_missing(forest, tmp_path):
    """What a clause opens at has no entry, and nothing is missing."""
    forest("site", tmp_path / "site", "--lang", "en").ok()
    page = (tmp_path / "site" / "2023" / "units" / "S1.html").read_text(encoding="utf-8")
    assert "No entry." in page
    assert "it is for a missing one" not in page
