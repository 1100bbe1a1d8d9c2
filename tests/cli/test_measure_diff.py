"""`tally measure diff`: in what two measures differ."""

from __future__ import annotations

import pytest

from projections.measure import load_measure, read_measure
from tests.support import change

FIRST = "qianlianghu-2016"


def test_diff_tells_amounts_readings_clauses_and_sections(nothing, draft):
    change(draft, "clauses/13-yellow-card.toml", 'points = "-2"', 'points = "-3"')
    change(draft, "clauses/01-screening.toml", 'default = "arrived"', 'default = "month_end"')
    change(draft, "clauses/01-screening.toml", 'each = "month"', 'each = "week"')
    change(draft, "measure.toml", 'opening = "8"', 'opening = "9"')
    (draft / "clauses" / "11-no-collective.toml").unlink()
    found = nothing("measure", "diff", FIRST, draft, "--json").ok().json
    text = load_measure(read_measure(FIRST)).clauses["no-collective"].sentence.zh
    assert found == {
        "from": FIRST,
        "to": FIRST,
        "differences": [
            {
                "of": "section",
                "clause": None,
                "name": "basic_work: opening",
                "from": "8",
                "to": "9",
            },
            {"of": "clause", "clause": "screening", "name": "each", "from": "month", "to": "week"},
            {
                "of": "reading",
                "clause": "screening",
                "name": "late_until: default",
                "from": "arrived",
                "to": "month_end",
            },
            {"of": "clause", "clause": "no-collective", "name": None, "from": text, "to": None},
            {
                "of": "amount",
                "clause": "yellow-card",
                "name": "yellow card: points",
                "from": "-2",
                "to": "-3",
            },
        ],
    }
    out = nothing("measure", "diff", FIRST, draft).ok().out
    assert f"{FIRST} → {draft} ({FIRST})" in out
    assert "amount yellow-card yellow card points stated: -2 → -3" in out


def test_diff_in_chinese_shows_no_json_and_no_english_key(nothing, draft, monkeypatch):
    monkeypatch.setenv("TALLY_LANG", "zh")
    change(draft, "measure.toml", 'zh = "基础工作"', 'zh = "日常工作"')
    change(draft, "clauses/01-screening.toml", 'default = "arrived"', 'default = "month_end"')
    out = nothing("measure", "diff", FIRST, draft).ok().out
    assert "部分 basic_work 标题：基础工作 → 日常工作" in out
    assert "解释（◆） screening late_until 默认值：arrived → month_end" in out
    other = nothing("measure", "diff", FIRST, "shengzhou-2010-62").ok().out
    assert not set('{}"') & set(other)
    assert "考核办法 考核单位 单位类型" in other


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "measure name of the document: 钱粮湖镇2016年信访工作、群众工作目标管理考核办法 → ",
                "measure field of work: petition work → letters and visits",
                "measure petition batches collective from: (by the reading collective_from) → 6",
                "measure period Q1 title: Q1 → Winter",
                "range of values: (kind of number whole number, least 1, most 1000) → none",
                "watched: none → (flag watched, title under watch, eligible for awards false)",
                "; (value of it last, meaning behind all units that are not vetoed) → ",
            ],
        ),
        (
            "zh",
            [
                "考核办法 办法名称：钱粮湖镇2016年信访工作、群众工作目标管理考核办法 → ",
                "考核办法 工作名称：信访工作 → 来信来访工作",
                "考核办法 上访批次 集体访起算人数：（由解释确定 collective_from） → 6",
                "考核办法 考核期 Q1 标题：一季度 → 冬季",
                "解释（◆） collective_from 取值范围：（数的种类 整数、最小 1、最大 1000） → 无",
                "否决事项 watched：无 → （否决事项 watched、标题 重点关注、可评先评优 否）",
                "；（值 last、含义 排在未被否决的单位之后） → ",
            ],
        ),
    ],
)
def test_diff_names_each_key_by_what_it_is_in_its_table(
    nothing, draft, monkeypatch, language, expected
):
    """A name in one language is not translated again, and False is a value too."""
    monkeypatch.setenv("TALLY_LANG", language)
    bulletin = 'zh = "来信来访工作", en = "letters and visits"'
    change(draft, "measure.toml", 'zh = "信访工作", en = "petition work"', bulletin)
    change(draft, "measure.toml", 'name = "钱粮湖镇', 'name = "某镇')
    change(draft, "measure.toml", 'zh = "一季度", en = "Q1"', 'zh = "冬季", en = "Winter"')
    of_batches = 'collective_from = { reading = "collective_from" }'
    change(draft, "measure.toml", of_batches, "collective_from = 6")
    number = 'number = { kind = "integer", least = "1", most = "1000" }\n'
    change(draft, "measure.toml", number, "")
    title = 'title = { zh = "重点关注", en = "under watch" }'
    flag = f'[[flag]]\nflag = "watched"\n{title}\neligible = false\n\n'
    change(
        draft,
        "measure.toml",
        '[[reading]]\nname = "veto_rank"',
        f'{flag}[[reading]]\nname = "veto_rank"',
    )
    change(draft, "measure.toml", 'meaning = "by its score; it', 'meaning = "by score; it')
    out = nothing("measure", "diff", FIRST, draft).ok().out
    for words in expected:
        assert words in out


def test_diff_of_a_measure_with_itself_is_empty(tally):
    """A year names what the ledger adopted for it."""
    assert tally("measure", "diff", 2016, FIRST, "--json").ok().json["differences"] == []
    assert "do not differ" in tally("measure", "diff", FIRST, FIRST).ok().out
