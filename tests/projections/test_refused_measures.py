"""What a measure's folder is refused for; cases in `refused_measures.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from projections.measure import UnsoundMeasureError, load_measure, read_measure, shipped
from projections.measure.checking import checked, problems, sentence
from tests.projections.folders import amount, clause, kind_of_entry, small_measure

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


def test_a_key_without_its_form_hides_no_other_fault():
    """Neither in its own table, nor elsewhere in its file, nor in other files."""
    changes = {
        "measure.toml": ['opening = "8"', 'opening = "acht"\ncolour = "red"'],
        "clauses/01-screening.toml": ['default = "arrived"', 'default = 3\nbasis = "x"'],
        "clauses/08-commendation.toml": ['level = ["district"]', 'level = ["county"]'],
    }
    found = [(one.file, one.place) for one in problems(changed({"change": changes}))]
    assert sorted(found) == [
        ("clauses/01-screening.toml", "screening.reading[0]"),
        ("clauses/01-screening.toml", "screening.reading[0].default"),
        ("clauses/08-commendation.toml", "commendation.amount[2].when.level"),
        ("measure.toml", "section[0]"),
        ("measure.toml", "section[0].opening"),
    ]


def test_what_a_wrong_value_leads_to_is_not_told_beside_it():
    """An amount whose points are not a number is not said to state nothing, too."""
    changes = {"clauses/13-yellow-card.toml": ['points = "-2"', 'points = "two"']}
    (one,) = problems(changed({"change": changes}))
    assert (one.place, "is not a number" in one.what) == ("yellow-card.amount[0].points", True)


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
                "clauses/01-screening.toml": ['kind = "due"', 'kind = "deu"'],
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


def test_a_file_of_gbk_is_told_beside_other_problems(tmp_path):
    """As an editor of Windows saves it; the folder is read, and its other problems are told too."""
    for name, text in CONTENT.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        coding = "gbk" if name == "clauses/13-yellow-card.toml" else "utf-8"
        path.write_bytes(text.replace('level = ["district"]', 'level = ["county"]').encode(coding))
    (tmp_path / "claus").mkdir()
    (tmp_path / "notes.docx").write_bytes(b"PK")
    (tmp_path / "README.md").write_text("# notes", encoding="utf-8")
    (tmp_path / "old.bak").mkdir()
    content = read_measure(tmp_path)
    found = {one.file: str(one.what) for one in problems(content)}
    words = "is not UTF-8, perhaps GBK (ANSI): save it as UTF-8"
    assert found["clauses/13-yellow-card.toml"] == words
    assert "is not a file of a measure" in found["claus/"]
    assert "is not a file of a measure" in found["notes.docx"]
    assert "'county'" in found["clauses/08-commendation.toml"]
    assert not {"README.md", "old.bak/"} & found.keys()
    with pytest.raises(UnsoundMeasureError, match="save it as UTF-8"):
        load_measure(content)


def test_an_item_that_findings_cannot_name_is_refused():
    of = clause("one", "graded", entry="grade", item="roads", amount=[amount("full", points="3")])
    grade = kind_of_entry("grade", {"on": "date", "item": "choice", "points": "decimal"})
    grade["field"][1]["choices"] = [{"value": "road", "zh": "路", "en": "road"}]
    found = problems(small_measure(of, entries=[grade]).content)
    assert [(one.place, str(one.what)) for one in found] == [
        ("one.item", "'roads' is not a value of it; there are road")
    ]
