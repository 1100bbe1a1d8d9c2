"""A message is its English text, and keeps the template and values for its translation."""

from __future__ import annotations

import json
from copy import copy, deepcopy
from decimal import Decimal
from unittest import mock

from cli.language.chinese import chinese, word
from ledger.errors import EntriesRefusedError, NotALedgerError, Refusal
from ledger.message import (
    Alternatives,
    Bilingual,
    Choice,
    Message,
    Parts,
    Series,
    Slashed,
    message_of,
)
from projections.postings import Working, people


def test_a_message_is_its_english_text():
    message = Message("{name} is not a {kind!r} ({n:>3})", name="B-7", kind="unit", n=7)
    assert message == "B-7 is not a 'unit' (  7)"
    assert (message.template, message.values["n"]) == ("{name} is not a {kind!r} ({n:>3})", 7)
    assert json.dumps({"message": message}) == '{"message": "B-7 is not a \'unit\' (  7)"}'
    assert copy(message) == deepcopy(message) == message


def test_takes_braces_literally_without_values():
    assert Message('must be {"id": …}') == 'must be {"id": …}'
    assert chinese(Message('no such {"id": …}')) == 'no such {"id": …}'


def test_never_reads_a_value_as_a_template():
    message = Message("{entry_id} is not in this ledger", entry_id="{0.__class__}")
    assert message == "{0.__class__} is not in this ledger"
    assert chinese(message) == "{0.__class__} 不在本台账中"


def test_series_are_joined_by_their_separator():
    assert str(Series("abc")) == "a, b, c"
    assert f"{Parts('ab')}|{Choice('ab')}|{Slashed('ab')}" == "a; b|a or b|a/b"
    assert [str(Alternatives(one)) for one in ("a", "ab", "abc")] == ["a", "a or b", "a, b or c"]
    assert chinese(Series(["unit", Message("unit")])) == "unit、单位"


def test_the_message_of_an_error_stays_translatable():
    inner = NotALedgerError("x", Message("it is not a file"))
    assert isinstance(message_of(inner), Message)
    outer = Message("{source} {error}", source="y", error=inner)
    assert outer == f"y {inner}"
    assert "不是文件" in chinese(outer)
    assert message_of(ValueError("plain")) == "plain"


def test_refusals_are_listed_one_by_one_with_their_place():
    first = Refusal(Message("is given twice"), "headcount", "B-7", "a.jsonl", 3)
    cell = Refusal(Message("must be text"), None, None, "b.xlsx", 2, "上访批次", "C", "人数")
    error = EntriesRefusedError([first, cell])
    assert str(error).splitlines() == [str(first), str(cell)] == list(error.sentences())
    assert chinese(first.sentence()) == "a.jsonl:3：B-7：人数 headcount：重复"
    assert chinese(cell.sentence()) == "b.xlsx，表 上访批次、第 2 行、C 列（人数）：应为文本"


def test_workings_are_translated_with_their_parts():
    working = Working("{} to {}", (people(1), Bilingual("city", "到市")))
    assert (str(working), chinese(working)) == ("1 person to city", "1人，到市上访")
    stay = Working("stay {} minutes", (61,))
    points = Working("{}: {}", (Decimal("-1.50"), Parts([stay, people(3)])))
    assert (str(points), chinese(points)) == (
        "-1.5: stay 61 minutes; 3 people",
        "-1.5：滞留61分钟；3人",
    )


def test_words_of_terms_are_those_of_the_office():
    words = ["petition_batch", "city", "headcount", "vetoed", "B-7", ""]
    assert [word(one) for one in words] == ["上访批次", "市", "人数", "一票否决", "B-7", ""]


def test_a_message_without_translation_stays_english():
    message = Message("{x} is not translated", x=1)
    assert chinese(message) == "1 is not translated"


def test_messages_are_english_without_the_catalogue():
    from cli.language import chinese as module  # noqa: PLC0415

    module.catalogue.cache_clear()
    with mock.patch.object(module, "LOCALE", module.LOCALE / "nowhere"):
        assert chinese(Message("must be text")) == "must be text"
    module.catalogue.cache_clear()
    assert chinese(Message("must be text")) == "应为文本"
