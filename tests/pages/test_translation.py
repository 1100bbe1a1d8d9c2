"""Chinese pages contain no English text; terms are those of tables and workbooks."""

from __future__ import annotations

import gettext
import re
from unittest import mock

import pytest

from cli.language import default_language
from cli.language.translating import Translator
from cli.pages.formatting import true_minuses
from ledger.kinds import BUILT_IN


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"TALLY_LANG": "zh"}, "zh"),
        ({"TALLY_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_environment_decides_the_default_language(variables, language):
    with mock.patch.dict("os.environ", variables, clear=True):
        assert default_language() == language


def test_translator_has_terms_headings_and_fields_in_both_languages():
    zh, en = Translator("zh"), Translator("en")
    terms = "village", "early_warning", True, "petition_batch", "objection", "V001"
    assert [*map(zh.term, terms)] == ["村", "预警", "是", "上访批次", "异议", "V001"]
    assert [*map(en.term, terms)] == [
        *("village", "early warning", "yes", "petition batch", "objection", "V001"),
    ]
    assert (zh.heading("rank"), en.heading("basic_work")) == ("名次", "Basic work")
    assert zh.field(BUILT_IN, "petition_batch", "headcount") == "人数"
    assert zh.field(BUILT_IN, "inspection_finding", "points") == "得分"
    assert en.field(BUILT_IN, "petition_batch", "occurred_at") == "occurred at"


def test_every_message_of_a_chinese_page_is_in_the_catalogue(client):
    missing = set()
    real = gettext.GNUTranslations.gettext

    def looked_up(self, message):
        found = real(self, message)
        if found == message and re.search("[a-z]{2}.* ", message):
            missing.add(message)
        return found

    with mock.patch.object(gettext.GNUTranslations, "gettext", looked_up):
        for path, parameters in [
            ("/", {}),
            ("/unit", {"id": "V001"}),
            ("/unit", {"id": "C/1"}),
            ("/period", {"unit": "V001", "period": "2016Q2"}),
            ("/entry", {"id": "B-1"}),
            ("/entry", {"id": "B-1.2.O"}),
            ("/open", {}),
            ("/margins", {}),
            ("/sensitivity", {}),
            ("/clauses", {}),
            ("/clause", {"id": "abnormal-petitions"}),
            ("/measure", {}),
            ("/differences", {"from": "2016Q2"}),
            ("/bulletin", {"period": "2016Q2"}),
            ("/corrections", {}),
            ("/costs", {}),
            ("/audit", {}),
            ("/audit", {"list": "late"}),
        ]:
            client.page(path, lang="zh", **parameters)
    assert missing == set()


def test_chinese_pages_have_workings_amounts_and_readings_in_chinese(client):
    period = client.page("/period", unit="V001", period="2016Q2", lang="zh")
    assert "−2 三（一）2 非正常上访工作 3人，到区" in period.text
    assert "abnormal batch (level" not in period.text
    (amount,) = [row for row in period.cells() if row[:1] == ["−2分"]]
    assert amount[1] == "非正常上访批次 (级别 到区、人数 1-5)"
    clause = client.page("/clause", id="abnormal-petitions", lang="zh")
    assert "只适用于非正常上访：以标题为准" in clause.text
    assert "the heading governs" not in clause.text
    entry = client.page("/entry", id="B-1.2", lang="zh")
    assert "3人，到区" in entry.text


def test_chinese_error_pages_are_in_chinese(client):
    text = client.error(400, "/", lang="zh", as_of="soon")
    assert "'soon' 既不是序号也不是时间" in text
    text = client.error(404, "/unit", lang="zh", id="V404")
    assert "单位：V404 不在本台账中" in text
    assert "从：" in client.error(400, "/differences", lang="zh", **{"from": "x"})
    assert "查找内容：" in client.error(400, "/search", lang="zh", q="长" * 101)


def test_chinese_pages_have_chinese_punctuation(client):
    text = client.page("/unit", id="V001", lang="zh").text
    assert "每期期初为 20 分。随期通报、只计入年度一次的：奖分、罚分。" in text
    rows = client.page("/corrections", lang="zh", more="1").cells()
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.endswith((";", "；", ".")) or "; " in cell]
    assert any(cell.startswith("head 于 2") and cell.endswith(" 核定") for cell in cells)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2 × -1.5", "2 × −1.5"),
        ("1 - 0 × 0.5：项目1.2", "1 − 0 × 0.5：项目1.2"),
        ("-1: 3 people", "−1: 3 people"),
        ("2016-03-05 B-1 11-30 V017-3", "2016-03-05 B-1 11-30 V017-3"),
    ],
)
def test_workings_have_true_minuses(said, shown):
    assert true_minuses(said) == shown
