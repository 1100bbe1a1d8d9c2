"""The Chinese of the pages is complete, and nothing stands in it that no page says."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import mock

import pytest

from cli.language import default_language
from cli.pages import words
from cli.pages.views.bars import TITLES
from cli.pages.views.fields import NAMES
from cli.pages.views.open import MEANINGS
from cli.pages.views.ranking import FLAGS
from cli.pages.views.units import SECTIONS
from cli.pages.words import Speech, chinese

PAGES = Path(words.__file__).parent
_SAID = re.compile(r"""\bsay\(\s*(?:"([^"]*)"|'([^']*)')""")

_BY_NAME = {
    *MEANINGS,
    *MEANINGS.values(),
    *FLAGS.values(),
    *NAMES.values(),
    *TITLES.values(),
    *(title for _, title in SECTIONS),
    *("recorded", "verified", "reversed", "objected", "decided"),
    *("by entry", "reason", "in effect", "objection", "unit", "to", "outcome", "entry"),
    *("replaced by", "score", "basic_work", "abnormal_petitions", "rewards", "penalties"),
    *("disqualified", "vetoed", "eligible"),
    *("not verified yet", "not verified yet: counted provisionally"),
    *(
        "no clause {slug}; one of {known}",
        "{subject} is not in this ledger (as of position {position})",
    ),
    "{name} has not begun on {through}; choose a later day for “through”.",
    *("Bad Request", "Not Found", "Internal Server Error", "Service Unavailable"),
}
"""What is said by a name that a variable holds."""


def said():
    """Every sentence that templates and views say."""
    files = [*PAGES.rglob("*.html"), *PAGES.rglob("*.py")]
    texts = (path.read_text(encoding="utf-8") for path in files)
    return {one or other for text in texts for one, other in _SAID.findall(text)} | _BY_NAME


def test_every_word_has_its_chinese_and_no_other():
    assert said() == set(chinese())


def test_both_languages_fill_in_the_same():
    names = re.compile(r"\{\w+\}")
    for english, zh in chinese().items():
        assert sorted(names.findall(english)) == sorted(names.findall(zh)), english


@pytest.mark.parametrize(
    ("named", "language"),
    [
        ({"TALLY_LANG": "zh"}, "zh"),
        ({"TALLY_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_comes_of_the_surroundings(named, language):
    with mock.patch.dict("os.environ", named, clear=True):
        assert default_language() == language


def test_vocabulary_in_both():
    zh, en = Speech("zh"), Speech("en")
    assert (zh.term("village"), en.term("early_warning"), zh.term(value=True)) == (
        *("村", "early warning", "是"),
    )
    assert zh.field("petition_batch", "headcount") == "人数"
    assert en.field("petition_batch", "occurred_at") == "occurred at"
    assert (zh.kind("petition_batch"), zh.kind("objection")) == ("上访批次", "异议")


def test_no_chinese_page_falls_back_to_english(reader):
    told = []
    real = Speech.__call__

    def listening(self, english, **values):
        told.append(english)
        return real(self, english, **values)

    with mock.patch.object(Speech, "__call__", listening):
        for path, own in [
            ("/", {}),
            ("/unit", {"id": "V001"}),
            ("/unit", {"id": "C/1"}),
            ("/quarter", {"unit": "V001", "quarter": "2016Q2"}),
            ("/entry", {"id": "B-1"}),
            ("/entry", {"id": "B-1.2.O"}),
            ("/open", {}),
            ("/clauses", {}),
            ("/differences", {"from": "2016Q2"}),
        ]:
            reader.page(path, lang="zh", **own)
    assert set(told) <= set(chinese())


def test_workings_amounts_and_readings_are_chinese_on_chinese_pages(reader):
    quarter = reader.page("/quarter", unit="V001", quarter="2016Q2", lang="zh")
    assert "−2 三（一）2 非正常上访工作: 2：3人，区级" in quarter.text
    assert "abnormal batch (level" not in quarter.text
    (amount,) = [row for row in quarter.cells() if row[:1] == ["−2分"]]
    assert amount[1] == "非正常上访批次 (级别 区、人数 1-5)"
    clause = reader.page("/clause", id="abnormal-petitions", lang="zh")
    assert "只适用于非正常上访：以标题为准" in clause.text
    assert "the heading governs" not in clause.text
    entry = reader.page("/entry", id="B-1.2", lang="zh")
    assert "3人，区级" in entry.text


def test_what_is_wrong_with_an_address_is_chinese_on_chinese_pages(reader):
    told = reader.refused(400, "/", lang="zh", as_of="soon")
    assert "'soon' 既不是序号也不是时间" in told
    told = reader.refused(404, "/unit", lang="zh", id="V404")
    assert "V404 不在本台账中" in told
