"""A sentence is its English to whatever takes text, and its template to who puts it elsewhere."""

from __future__ import annotations

import json
from copy import copy, deepcopy
from decimal import Decimal
from unittest import mock

from cli.language.chinese import chinese, word
from ledger.errors import EntriesRefusedError, NotALedgerError, Refusal
from ledger.message import Alternatives, Choice, Message, Parts, Series, Slashed, message_of
from projections.postings import Working, people


def test_it_is_its_english():
    said = Message("{name} is no {kind!r} ({n:>3})", name="B-7", kind="unit", n=7)
    assert said == "B-7 is no 'unit' (  7)"
    assert (said.template, said.values["n"]) == ("{name} is no {kind!r} ({n:>3})", 7)
    assert json.dumps({"message": said}) == '{"message": "B-7 is no \'unit\' (  7)"}'
    assert copy(said) == deepcopy(said) == said


def test_without_values_braces_are_braces():
    assert Message('must be {"id": …}') == 'must be {"id": …}'
    assert chinese(Message('no such {"id": …}')) == 'no such {"id": …}'


def test_a_value_of_somebody_is_never_a_template():
    said = Message("{entry_id} is not in this ledger", entry_id="{0.__class__}")
    assert said == "{0.__class__} is not in this ledger"
    assert chinese(said) == "{0.__class__} 不在本台账中"


def test_series():
    assert str(Series("abc")) == "a, b, c"
    assert f"{Parts('ab')}|{Choice('ab')}|{Slashed('ab')}" == "a; b|a or b|a/b"
    assert [str(Alternatives(one)) for one in ("a", "ab", "abc")] == ["a", "a or b", "a, b or c"]
    assert chinese(Series(["unit", Message("unit")])) == "unit、单位"


def test_what_an_error_says_stays_a_sentence():
    inner = NotALedgerError("x", Message("it is not a file"))
    assert isinstance(message_of(inner), Message)
    outer = Message("{source} {error}", source="y", error=inner)
    assert outer == f"y {inner}"
    assert "不是文件" in chinese(outer)
    assert message_of(ValueError("plain")) == "plain"


def test_refusals_are_told_one_by_one_with_their_place():
    first = Refusal(Message("is given twice"), "headcount", "B-7", "a.jsonl", 3)
    cell = Refusal(Message("must be text"), None, None, "b.xlsx", 2, "上访批次", "C", "人数")
    error = EntriesRefusedError([first, cell])
    assert str(error).splitlines() == [str(first), str(cell)] == list(error.sentences())
    assert chinese(first.said()) == "a.jsonl:3：B-7：人数 headcount：重复"
    assert chinese(cell.said()) == "b.xlsx，表 上访批次、第 2 行、C 列（人数）：应为文本"


def test_workings():
    working = Working("{} to {}, abnormal", (people(1), "city"))
    assert (str(working), chinese(working)) == (
        "1 person to city, abnormal",
        "1人，市级，非正常上访",
    )
    points = Working("{}: {}", (Decimal("-1.50"), Parts([Working("host unit"), people(3)])))
    assert (str(points), chinese(points)) == (
        "-1.5: host unit; 3 people",
        "-1.5：人员稳控单位；3人",
    )


def test_the_offices_own_words():
    words = ["petition_batch", "city", "headcount", "vetoed", "B-7", ""]
    assert [word(one) for one in words] == ["上访批次", "市", "人数", "一票否决", "B-7", ""]


def test_what_has_no_chinese_stays_english():
    said = Message("{x} is said by no source", x=1)
    assert chinese(said) == "1 is said by no source"


def test_without_the_catalogue_it_is_english():
    from cli.language import chinese as module  # noqa: PLC0415

    module.catalogue.cache_clear()
    with mock.patch.object(module, "LOCALE", module.LOCALE / "nowhere"):
        assert chinese(Message("must be text")) == "must be text"
    module.catalogue.cache_clear()
    assert chinese(Message("must be text")) == "应为文本"
