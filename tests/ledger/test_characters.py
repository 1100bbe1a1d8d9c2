"""Which characters an entry may have does not depend on the version of Python."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from ledger import lookalikes
from ledger.accounts import account, same_person
from ledger.characters import code_point, invisible, is_id_text, private, visible
from ledger.errors import EntriesRefusedError
from ledger.identifiers import holds_identifier
from ledger.integrity.check import Check
from ledger.stores import create_store
from ledger.submissions import Submission, parse
from tests.stores.stored import Clock, ledger
from tests.support import submissions

IDEOGRAPHS = {
    "Extension I, of Unicode 15.1": "\U0002ebf0",
    "Extension H, of Unicode 15": "\U00031350",
    "not assigned in Unicode 16": "\U000323b0",
    "Extension E, of Unicode 8": "\U0002c1d5",
}


def outcome(**fields):
    """Return what becomes of a unit with these fields."""
    unit = {"kind": "unit", "id": "V1", "name": "甲村", "type": "village", **fields}
    return parse(json.dumps(unit).encode())


def refused(**fields):
    """Return the messages by which a unit with these fields is refused."""
    found = outcome(**fields)
    assert not isinstance(found, Submission), found
    return [refusal.message for refusal in found]


@pytest.mark.parametrize("kind", IDEOGRAPHS)
def test_a_rare_or_unassigned_ideograph_is_allowed(kind):
    ideograph = IDEOGRAPHS[kind]
    assert isinstance(outcome(name=f"{ideograph}家村", note=ideograph), Submission)
    assert visible(f"{ideograph}家村") == f"{ideograph}家村"


def test_a_note_may_have_a_variation_selector_and_a_name_may_not():
    assert isinstance(outcome(note="葛\U000e0100家"), Submission)
    assert refused(name="葛\U000e0100家村")


HIDDEN = "\u034f\u115f\u1160\u17b4\u180b\u2800\u3164\ufe0f\uffa0\U000e0100"


@pytest.mark.parametrize("character", HIDDEN)
def test_a_character_that_shows_nothing_is_refused_in_ids_names_and_case_numbers(character):
    message = f"has a control or invisible character in it (U+{ord(character):04X}); take it out"
    found = refused(name=f"甲{character}村")
    assert found == [message]
    assert refused(id=f"V{character}1"), "also where an id may not have it as a mark"
    with pytest.raises(EntriesRefusedError) as error:
        account(f"clerk{character}", "by")
    assert error.value.refusals[0].message == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("В-2016-1", "has a character in it (U+0412) that looks like B; write B"),
        ("B-2016-О1", "has a character in it (U+041E) that looks like O; write O"),
        ("Α-1", "has a character in it (U+0391) that looks like A; write A"),
        ("ロ-1", "has a character in it (U+30ED) that looks like 口; write 口"),
    ],
)
def test_an_id_that_looks_like_another_one_is_refused(text, message):
    assert refused(id=text) == [message]


@pytest.mark.parametrize(
    "text", ["钱信访〔2016〕11号", "镇政办发（2017）3号", "士-1", "土-1", "д-1"]
)
def test_an_id_may_have_any_letters_that_look_like_no_plainer_ones(text):
    assert isinstance(outcome(id=text), Submission)


LOOK_THE_SAME = [
    ("clerk", "clеrk"),
    ("clerk", "CLERK"),
    ("clerk", "c1erk"),
    ("clerk", "ｃｌｅｒｋ"),
    ("clerk", "clerk\u3164"),
    ("clerk", "cle\u2800rk"),
    ("张三", "张　三"),
    ("张三", "张三\ufe0f"),
    ("王工", "王エ"),
    ("staff-I", "staff‐l"),
]


@pytest.mark.parametrize(("one", "other"), LOOK_THE_SAME)
def test_accounts_that_look_the_same_are_one_persons(one, other):
    assert same_person(one, other)
    assert same_person(other, one)


def test_every_character_of_the_table_looks_like_its_prototype():
    lines = Path(lookalikes.__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition(" ") for line in lines if not line.startswith("#")]
    assert len(pairs) > 300
    for prototype, _, characters in pairs:
        for character in characters:
            assert same_person(f"甲{character}", f"甲{prototype}"), code_point(character)


@pytest.mark.parametrize(
    ("one", "other"), [("clerk1", "clerk2"), ("clerk", "head"), ("王士", "王土"), ("张三", "张二")]
)
def test_other_accounts_are_other_persons(one, other):
    assert not same_person(one, other)


@pytest.mark.parametrize("ideograph", ["\U0002ebf0", "\U00031350", "\U0002c1d5"])
def test_an_id_may_have_a_rare_ideograph(ideograph):
    assert isinstance(outcome(id=f"{ideograph}家-1"), Submission)


@pytest.mark.parametrize(
    "character", ["\u200b", "\u2028", "\ufeff", "\x07", "\U000e0041", "\ufdd0"]
)
def test_an_invisible_character_is_refused_by_its_number(character):
    assert refused(name=f"甲{character}村") == [
        f"has a control or invisible character in it (U+{ord(character):04X}); take it out"
    ]


@pytest.mark.parametrize(
    ("character", "code"), [("\ue000", "U+E000"), ("\uf8ff", "U+F8FF"), ("\U000f0000", "U+F0000")]
)
def test_a_private_use_character_is_named_as_that(character, code):
    (message,) = refused(name=f"{character}家村")
    assert message.startswith(f"has a private-use character in it ({code}), which other computers")


def test_the_rules_agree_with_the_categories_of_every_assigned_character():
    """Nothing that Unicode knew when it was stored is refused now, nor the reverse."""
    kept_out = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        category = unicodedata.category(character)
        if category != "Cn":
            found = invisible(character) is not None or private(character) is not None
            assert found is (category in kept_out), code_point(character)
        if category[0] == "L" or category == "Nd":
            assert is_id_text(character) or unicodedata.normalize("NFKC", character) != character


def test_the_version_of_unicodedata_is_not_asked():
    """With a database that knows no character at all, the same texts pass."""
    code = (
        "import unicodedata; unicodedata.category = lambda ch: 'Cn'\n"
        "unicodedata.normalize = lambda form, text: ''\n"
        "from ledger.submissions import Submission, parse\n"
        "import json\n"
        "def ok(**f): return isinstance(parse(json.dumps({'kind': 'unit', 'id': 'V1', "
        "'name': '甲', 'type': 'village', **f}).encode()), Submission)\n"
        "print(ok(name='\\U0002ebf0家村'), ok(id='甲-1'), ok(name='甲\\u200b村'), "
        "ok(note='１３８１２３４５６７８'), ok(id='Ａ1'))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "True", "False", "False", "False"], run.stderr


@pytest.mark.parametrize("zero", ["0", "０", "٠", "\U0001fbf0", "\U0001d7ce", "\u1090"])
def test_digits_of_every_script_are_searched_for_numbers(zero):
    assert holds_identifier("".join(chr(ord(zero) + int(digit)) for digit in "13812345678"))


def test_an_entry_stored_with_a_character_of_a_later_unicode_is_whole(tmp_path):
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    unit = {"kind": "unit", "id": "\U0002ebf0-1", "name": "\U0002ebf0家村", "type": "village"}
    ledger(store, Clock()).record(submissions([unit]), "\U0002ebf0", "head")
    report = Check(store, []).run()
    assert report.findings == []
    with pytest.raises(EntriesRefusedError, match="invisible character"):
        ledger(store, Clock()).record(submissions([{**unit, "id": "V2"}]), "a\u200bb")
    store.close()
