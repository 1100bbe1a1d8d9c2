"""What a measure's folder is refused for; cases in `refused_measures.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from projections.measure import UnsoundMeasureError, load_measure, read_measure, shipped
from projections.measure.checking import checked, problems, sentence

CASES = tomllib.loads(
    Path(__file__).with_name("refused_measures.toml").read_text(encoding="utf-8")
)["case"]
CONTENT = read_measure("qianlianghu-2016")


def changed(case):
    """Return the content of the first measure with the changes of a case."""
    content = dict(CONTENT)
    for changes in (case.get("change", {}), case.get("also", {})):
        for name, (old, new) in changes.items():
            assert old in content[name], old
            content[name] = content[name].replace(old, new, 1)
    content |= case.get("put", {})
    for name in case.get("without", []):
        del content[name]
    return content


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_folder_is_refused(case):
    """A problem names the file, the place and what to write."""
    found = problems(changed(case))
    here = [one for one in found if (one.file, one.place) == (case["file"], case.get("place"))]
    assert here, [sentence(one) for one in found]
    assert any(case["words"] in one.what for one in here), [sentence(one) for one in here]


def test_names_of_cases_are_unique():
    names = [case["name"] for case in CASES]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", shipped())
def test_shipped_measure_has_no_problem(name):
    assert [sentence(one) for one in problems(read_measure(name))] == []
    assert checked(read_measure(name)).id == name


def test_all_problems_are_told_at_once():
    """A clause without its form, a quote and a level in three files."""
    content = changed(
        {
            "change": {
                "clauses/01-screening.toml": ['each = "month"', 'eech = "month"'],
                "clauses/08-commendation.toml": ['level = ["district"]', 'level = ["county"]'],
                "clauses/13-yellow-card.toml": ["每次扣2分", "每回扣2分"],
            }
        }
    )
    content["clauses/13-yellow-card.toml"] = content["clauses/13-yellow-card.toml"].replace(
        'quote = "被黄牌警告的每次扣2分"', 'quote = "每回扣2分"'
    )
    with pytest.raises(UnsoundMeasureError) as raised:
        checked(content)
    assert [(one.file, one.place) for one in raised.value.problems] == [
        ("clauses/01-screening.toml", "screening"),
        ("clauses/08-commendation.toml", "commendation.amount[2].when.level"),
        ("clauses/13-yellow-card.toml", "yellow-card.amount[0].quote"),
    ]
    assert len(raised.value.sentences()) == 3
    assert raised.value.file == "clauses/01-screening.toml"


def test_readings_of_a_clause_without_its_form_are_known():
    """A fault in a clause is told once, and not again where another one names its reading."""
    content = changed(
        {
            "change": {
                "clauses/01-screening.toml": ['each = "month"', 'eech = "month"'],
                "clauses/02-case-reports.toml": ['"case_report_until" }', '"late_until" }'],
            }
        }
    )
    assert [one.place for one in problems(content)] == ["screening"]


def test_adopted_content_is_loaded_without_the_checks():
    """What is on the ledger is scored as it was adopted."""
    content = changed({"change": {"clauses/13-yellow-card.toml": ["每次扣2分", "每次扣3分"]}})
    assert load_measure(content).clauses["yellow-card"].sentence.zh == "被黄牌警告的每次扣3分。"


def test_fault_of_own_kinds_names_the_file():
    with pytest.raises(UnsoundMeasureError) as raised:
        load_measure({**CONTENT, "entries.toml": "[[entry]]\nkind = 'fire'\n"})
    assert raised.value.file == "entries.toml"
