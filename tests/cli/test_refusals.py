"""What is refused: bad input, no ledger, options that mean nothing; and that nothing is written."""

from __future__ import annotations

import json
import sqlite3
import unicodedata

import pytest

from cli.main import COMMANDS
from tests.cli.entries import UNITS, batch
from tests.cli.running import examples, helped, process

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_card(body):
    """The 18 digits of an identity card (GB 11643): 17 and their check digit."""
    checked = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[checked % 11]


CARD = identity_card("43060219800229001")
CARD_WITH_X = identity_card("11010519491231002")
OLD_CARD = "110105491231002"
OLD_CARD_OF_A_NEWER_DISTRICT = "430602800228001"
"""Of 1980, in a district whose code is of 1996: cards bear the code of the day of issue."""
MOBILE = "13812345678"


def full_width(text):
    return "".join(chr(ord(ch) + 0xFEE0) for ch in text)


def test_the_numbers_are_what_they_should_be():
    assert CARD_WITH_X == "11010519491231002X"
    assert unicodedata.normalize("NFKC", full_width(CARD)) == CARD


@pytest.fixture
def town(tally):
    """Two villages and a batch, verified."""
    tally.take_in(*UNITS, batch())
    return tally


@pytest.fixture
def refused(town):
    """Imports files in vain: status 1, every error as JSON and in words, nothing written."""

    def run(*files, by="clerk", more=()):
        before = town.stored()
        words = ["import", *files, "--by", by, *more]
        told = town(*words, "--json").refused()
        plain = town(*words).refused()
        assert plain.out == ""
        assert plain.err == told.err
        assert told.err.endswith(
            f"tally: {len(told.json['errors'])} refused; nothing was written\n"
        )
        assert town.stored() == before
        assert town.position == 6
        return told

    return run


BAD_LINES = {
    "not JSON": ("kind: unit", None, None, "is not JSON: "),
    "cut off": ('{"kind": "unit", "id": "V003", "name": "丙', "V003", None, "is not JSON: "),
    "a list": ("[1, 2]", None, None, "must be one JSON object"),
    "a number": ("7", None, None, "must be one JSON object"),
    "null": ("null", None, None, "must be one JSON object"),
    "two objects": ("{} {}", None, None, "is not JSON: "),
    "NUL": ('{"kind": "unit\0"}', None, None, "is not JSON: "),
    "GBK": ('{"kind": "unit", "id": "丙村"}'.encode("gbk"), None, None, "is not UTF-8 (byte "),
    "UTF-16": ('{"kind": "unit"}'.encode("utf-16"), None, None, "is not UTF-8 (byte 1 of"),
    "deep": ("[" * 60_000, None, None, "is not JSON: "),
    "deep and long": ("[" * 100_000, None, None, "is longer than the 65,536 bytes"),
    "deep field": ('{"a":' * 10_000 + "1" + "}" * 10_000, None, None, "is not JSON: "),
    "no kind": ({"id": "B-2"}, "B-2", "kind", "is missing; write one of unit, special_period,"),
    "unknown kind": (
        {"kind": "petition", "id": "B-2"},
        "B-2",
        "kind",
        "is not a kind of entry; write one",
    ),
    "kind of a wrong type": (
        {"kind": 7, "id": "B-2"},
        "B-2",
        "kind",
        "is not a kind of entry; write one",
    ),
    "no id": ({"kind": "yellow_card", "unit": "V001", "issued_on": "2016-03-01"}, None, "id", "is"),
    "10^12 people": (batch("B-2", headcount=10**12), "B-2", "headcount", "must be at most 1000000"),
    "10^400 people": (
        batch("B-2", headcount=10**400),
        "B-2",
        "headcount",
        "must be at most 1000000",
    ),
    "no people": (batch("B-2", headcount=0), "B-2", "headcount", "must be at least 1"),
    "minus one": (batch("B-2", headcount=-1), "B-2", "headcount", "must be at least 1"),
    "half a person": (batch("B-2", headcount=1.5), "B-2", "headcount", "must be a whole number"),
    "six in words": (batch("B-2", headcount="6"), "B-2", "headcount", "must be a whole number"),
    "true people": (batch("B-2", headcount=True), "B-2", "headcount", "must be a whole number"),
    "flag in words": (batch("B-2", abnormal="yes"), "B-2", "abnormal", "must be true or false"),
    "unknown level": (batch("B-2", level="beijing"), "B-2", "level", "must be one of 'national', "),
    "unknown field": (batch("B-2", people=6), "B-2", "people", "is not a field of petition_batch"),
    "30 February": (
        batch("B-2", occurred_at="2016-02-30T10:00"),
        "B-2",
        "occurred_at",
        "is not a valid time; check date",
    ),
    "year 9999": (batch("B-2", occurred_at="9999-12-31T23:59"), "B-2", "occurred_at", "must lie"),
    "id with a blank": (batch("B 2"), "B 2", "id", "must be 1 to 64 letters"),
    "id too long": (batch("B" * 65, matter="X"), "B" * 64, "id", "must be 1 to 64 letters"),
    "empty id": (batch(""), "", "id", "must be 1 to 64 letters"),
    "unknown unit": (batch("B-2", unit="V009"), "B-2", "unit", "there is no unit V009; record it"),
    "batch for a unit": (batch("B-2", unit="B-1"), "B-2", "unit", "B-1 is a petition_batch, not a"),
    "conflict": (batch(headcount=4), "B-1", "id", "was recorded before with other content, at"),
    "conflict of kinds": (
        {"kind": "yellow_card", "id": "B-1", "unit": "V001", "issued_on": "2016-03-01"},
        "B-1",
        "id",
        "is the number of a petition_batch, recorded at position",
    ),
    "key given twice": (
        '{"kind": "unit", "id": "V3", "id": "V3", "name": "x", "type": "farm"}',
        "V3",
        "id",
        "is given twice",
    ),
    "control character": (batch("B-2", note="a\x1b[31mb"), "B-2", "note", "has a control"),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line(town, refused, case):
    """Behind a good one, which is not taken in either."""
    line, entry, field, message = BAD_LINES[case]
    path = town.file("bad.jsonl", {**UNITS[0], "id": "V003"}, line)
    run = refused(path)
    (error, *others) = run.json["errors"]
    assert others == []
    assert (error["file"], error["line"]) == (str(path), 2)
    assert (error["id"], error["field"]) == (entry, field)
    assert error["message"].startswith(message), error["message"]
    named = repr(entry) if entry == "" else entry
    place = ": ".join(part for part in (f"{path}:2", named, field) if part)
    assert run.err.startswith(f"tally: {place}: {message}"), run.err


def test_nothing_the_terminal_obeys_is_printed_back(town, refused):
    path = town.file("bad.jsonl", r'{"kind": "unit", "id": "\u001b[31m", "\u001b]0;x": 1}')
    assert "\x1b" not in refused(path).err


def test_an_empty_file(town, refused):
    run = refused(town.file("empty.jsonl"))
    assert run.err.startswith(f"tally: {town.folder}/empty.jsonl: is empty: there is no entry in")


def test_a_file_of_blank_lines(town, refused):
    refused(town.file("blank.jsonl", "", "  ", ""))


def test_a_missing_file(town, refused):
    run = refused(town.folder / "missing.jsonl")
    assert run.json["errors"][0]["file"] == f"{town.folder}/missing.jsonl"
    assert "missing.jsonl: cannot be read: No such file or directory" in run.err


def test_a_directory(town, refused):
    assert "cannot be read: Is a directory" in refused(town.folder).err


def test_bad_lines_of_two_files_are_told_at_once(town, refused):
    one = town.file("one.jsonl", batch("B-2", headcount=0), batch("B-3"), batch("B-4", level="x"))
    two = town.file("two.jsonl", batch("B-5"), "{")
    run = refused(one, town.folder / "three.jsonl", two)
    assert [(error["file"], error["line"]) for error in run.json["errors"]] == [
        (str(one), 1),
        (str(one), 3),
        (f"{town.folder}/three.jsonl", None),
        (str(two), 2),
    ]


def test_bad_fields_of_one_line_are_told_at_once(town, refused):
    line = batch("B-2", headcount=0, level="x", occurred_at="yesterday", abnormal=None, more=1)
    run = refused(town.file("bad.jsonl", line))
    assert {error["field"] for error in run.json["errors"]} == {
        *("headcount", "level", "occurred_at", "abnormal", "more"),
    }


def test_bad_lines_beside_bad_references(town, refused):
    """What the door has against the good lines is told along with the bad ones."""
    run = refused(town.file("bad.jsonl", "{", batch("B-2", unit="V009"), batch(headcount=9)))
    assert [error["line"] for error in run.json["errors"]] == [1, 2, 3]


def test_two_contents_under_one_id(town, refused):
    path = town.file("twice.jsonl", batch("B-2"), batch("B-2", headcount=4))
    error = refused(path).json["errors"][0]
    assert (error["line"], error["id"]) == (2, "B-2")
    assert "on line 1 of this import (differs in headcount)" in error["message"]


def test_all_or_nothing(town, refused):
    """One bad line among a hundred good ones."""
    good = [batch(f"B-{number}") for number in range(100, 200)]
    refused(town.file("hundred.jsonl", *good, batch("B-200", unit="V009")))
    receipt = town("import", town.file("good.jsonl", *good), "--by", "clerk", "--json").ok().json
    assert receipt == {"recorded": 100, "verified": 0, "skipped": 0, "position": 106}


def test_dry_run_writes_nothing(town):
    before = town.stored()
    path = town.file("more.jsonl", batch("B-2"), batch())
    words = ["import", path, "--by", "clerk", "--verify-by", "head", "--dry-run"]
    run = town(*words, "--json").ok()
    receipt = {"recorded": 1, "verified": 1, "skipped": 1, "position": 6}
    assert {name: run.json[name] for name in receipt} == receipt
    assert town(*words).ok().out.startswith("dry run, nothing written: recorded 1, verified 1,")
    assert town.stored() == before


def test_dry_run_refuses_as_the_import_does(town, refused):
    refused(town.file("bad.jsonl", batch("B-2"), "{"), more=["--dry-run"])


def test_what_was_recorded_before_is_counted_and_skipped(town):
    before = town.stored()
    path = town.file("again.jsonl", *UNITS, batch(), batch())
    run = town("import", path, "--by", "deputy", "--verify-by", "head", "--json").ok()
    assert run.json == {"recorded": 0, "verified": 0, "skipped": 4, "position": 6}
    assert town.stored() == before
    path = town.file("more.jsonl", batch(), batch("B-2"), batch("B-2"))
    run = town("import", path, "--by", "deputy", "--json").ok()
    assert run.json == {"recorded": 1, "verified": 0, "skipped": 2, "position": 7}


def test_the_same_content_spelled_otherwise_is_skipped(town):
    """Another order of keys, another offset, blanks, escapes, a byte-order mark."""
    line = dict(reversed(batch(occurred_at="2016-03-05T01:30Z").items()))
    text = "\ufeff  " + json.dumps(line, indent=None, separators=(" , ", " : ")) + "  \r"
    run = town("import", town.file("again.jsonl", text), "--by", "clerk", "--json").ok()
    assert (run.json["skipped"], run.json["position"]) == (1, 6)


# Identifiers of persons.

HIDING_PLACES = {
    "matter": lambda number: batch("B-2", matter=number),
    "note": lambda number: batch("B-2", note=f"张某{number}，本村人"),
    "id": batch,
    "unit": lambda number: batch("B-2", unit=number),
    "level": lambda number: batch("B-2", level=number),
    "headcount": lambda number: batch("B-2", headcount=number),
    "occurred_at": lambda number: batch("B-2", occurred_at=number),
    "name of a field": lambda number: batch("B-2", **{number: 1}),
    "name of a field, in words": lambda number: batch("B-2", **{f"身份证{number}": 1}),
    "kind": lambda number: {**batch("B-2"), "kind": number},
    "nested": lambda number: batch("B-2", matter={number: [number]}),
    "item": lambda number: {
        "kind": "information_report",
        "id": "IR-1",
        "unit": "V001",
        "urgency": "urgent",
        "submitted_at": "2016-03-01T10:00",
        "matters": ["XF-1", number],
    },
    "reference": lambda number: {"kind": "reversal", "id": "B-1.R", "of": number, "reason": "x"},
    "reading": lambda number: {
        "kind": "ruling",
        "id": "RU-1",
        "year": 2016,
        "basis": "x",
        "reading": number,
        "value": number,
    },
    "key twice": lambda number: f'{{"kind": "unit", "id": "V3", "{number}": 1, "{number}": 2}}',
    "not JSON": lambda number: f'{{"kind": "unit", "id": "{number}", "name": {number}abc',
    "before the JSON": lambda number: number,
}

SPELLINGS = {
    "18 digits": CARD,
    "18 digits, X": CARD_WITH_X,
    "full width": full_width(CARD),
    "spaced": f"{CARD[:6]} {CARD[6:14]} {CARD[14:]}",
    "15 digits": OLD_CARD,
    "15 digits, newer district": OLD_CARD_OF_A_NEWER_DISTRICT,
    "mobile": MOBILE,
    "mobile, full width": full_width(MOBILE),
    "mobile, spaced": f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}",
}


def silent_on(run, number):
    """Neither stream has the number, however it is written."""
    for stream in (run.out, run.err):
        folded = unicodedata.normalize("NFKC", stream)
        digits = "".join(ch for ch in folded if ch.isalnum())
        assert unicodedata.normalize("NFKC", number).replace(" ", "") not in digits


@pytest.mark.parametrize("number", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("note", ["note", "matter"])
def test_a_number_in_a_text_is_refused(town, refused, note, number):
    run = refused(town.file("bad.jsonl", HIDING_PLACES[note](number)))
    silent_on(run, number)
    (error,) = run.json["errors"]
    assert (error["id"], error["field"]) == ("B-2", note)
    assert "identity-card or mobile number (not repeated here)" in error["message"]


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(CARD, id="card"),
        pytest.param(full_width(CARD), id="card, full width"),
        pytest.param(OLD_CARD, id="old card"),
        pytest.param(full_width(MOBILE), id="mobile, full width"),
    ],
)
def test_a_number_is_never_repeated_wherever_it_hides(town, refused, number):
    for place, line in HIDING_PLACES.items():
        run = refused(town.file("bad.jsonl", line(number)))
        silent_on(run, number)
        assert run.json["errors"], place


@pytest.mark.parametrize("number", [CARD, MOBILE])
def test_nor_by_record_or_as_the_name_of_who_acts(town, number):
    before = town.stored()
    words = ["record", "yellow_card", "--unit", "V001", "--issued-on", "2016-03-01"]
    lines = [
        [*words, "--id", number, "--by", "clerk"],
        [*words, "--id", "Y-1", "--by", number],
        [*words, "--id", "Y-1", "--by", "clerk", "--note", number],
        ["verify", number, "--by", "head"],
        ["verify", "--all", "--by", number],
        ["import", town.file("units.jsonl", *UNITS), "--by", number],
        ["import", town.file("units.jsonl", *UNITS), "--by", "clerk", "--verify-by", number],
    ]
    for line in lines:
        for more in ([], ["--json"]):
            run = town(*line, *more).refused()
            silent_on(run, number)
    assert town.stored() == before


@pytest.mark.parametrize(
    "words",
    [
        ["history", MOBILE],
        ["explain", MOBILE],
        ["score", "--unit", MOBILE],
        ["rules", MOBILE],
    ],
    ids=lambda words: " ".join(words[:-1]),
)
def test_nor_by_commands_that_read(town, words):
    run = town(*words).refused()
    silent_on(run, MOBILE)


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "V001", MOBILE],
        ["score", "--through", MOBILE],
        ["score", "--year", MOBILE],
        ["score", "--as-of", f"{MOBILE}x"],
        ["publish", MOBILE, "--by", "office"],
        ["correct", "B-1", "--set", f"人数={MOBILE}x", "--reason", "x", "--by", "clerk"],
        ["correct", "B-1", "--set", f"级别={MOBILE}", "--reason", "x", "--by", "clerk"],
        ["record", "petition_batch", "--abnormal", MOBILE],
        ["decide", "B-1.O", MOBILE, "--reason", "x", "--by", "head"],
    ],
    ids=lambda words: " ".join(words[:3]),
)
def test_nor_by_wrong_usage(town, words):
    silent_on(town(*words).misused(), MOBILE)


# No ledger.

NEEDING_NONE = {"init", "demo", "restore", "copy", "template"}
NEEDING_A_LEDGER = [name for name in COMMANDS if name not in NEEDING_NONE]


def example(command):
    """The first sound call of a command that its help gives."""
    return next(words for words in examples(command) if "--help" not in words)


def _database(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE stored_events (position INTEGER PRIMARY KEY, id TEXT)")
    connection.commit()
    connection.close()


NOT_LEDGERS = {
    "missing": (lambda _: None, "there is no such file"),
    "empty": (lambda path: path.write_bytes(b""), "the file is something else"),
    "another database": (_database, "the file is something else"),
    "text": (lambda path: path.write_text("SQLite format 3, or not\n"), "the file is something"),
    "header alone": (lambda path: path.write_bytes(b"SQLite format 3\0"), "the file is something"),
    "folder": (lambda path: path.mkdir(), ""),
}


@pytest.mark.parametrize("command", NEEDING_A_LEDGER)
@pytest.mark.parametrize("kind", NOT_LEDGERS)
def test_a_store_that_is_none(nothing, monkeypatch, command, kind):
    """By the example of each command's own help."""
    monkeypatch.chdir(nothing.folder)
    make, why = NOT_LEDGERS[kind]
    make(nothing.path)
    before = nothing.path.read_bytes() if nothing.path.is_file() else None
    line = json.dumps(UNITS[0]).encode()
    for more in ([], ["--json"]) if "--json" in helped(command) else ([],):
        run = nothing(*example(command), *more, stdin=line).refused()
        assert run.out == ""
        assert run.err.startswith(f"tally: {nothing.url} is not a ledger: {why}"), run.err
        assert "Make one with `tally init`, or name another with --ledger." in run.err
    after = nothing.path.read_bytes() if nothing.path.is_file() else None
    assert after == before
    assert list(nothing.folder.iterdir()) == ([] if kind == "missing" else [nothing.path])


@pytest.mark.parametrize("command", NEEDING_A_LEDGER)
def test_a_url_without_a_path(nothing, monkeypatch, command):
    monkeypatch.chdir(nothing.folder)
    run = nothing(*example(command), "--ledger", "sqlite:///").refused()
    assert run.err.startswith("tally: sqlite:/// is not a ledger: "), run.err


@pytest.mark.parametrize("command", NEEDING_A_LEDGER)
@pytest.mark.parametrize("url", ["tally.db", "mysql://host/db"])
def test_a_url_that_names_no_store_is_wrong_usage(nothing, monkeypatch, command, url):
    monkeypatch.chdir(nothing.folder)
    run = nothing(*example(command), "--ledger", url).misused()
    assert f"{url} does not name a store; write sqlite:///path/tally.db" in run.err
    assert run.out == ""


def test_a_url_of_the_environment_is_checked_too(nothing, monkeypatch):
    monkeypatch.setattr(nothing, "url", "mysql://user:secret@host/db")
    run = nothing("score").misused()
    assert "mysql://user:***@host/db does not name a store" in run.err
    run = nothing("copy", "sqlite:///here.db", "there.db").misused()
    assert "'TO': there.db does not name a store" in run.err


@pytest.mark.parametrize("kind", ["another database", "text", "header alone"])
def test_init_makes_nothing_of_other_files(nothing, kind):
    NOT_LEDGERS[kind][0](nothing.path)
    before = nothing.path.read_bytes()
    assert "there is another file of that name" in nothing("init").refused().err
    assert nothing.path.read_bytes() == before


def test_init_in_a_folder_that_is_not_there(nothing):
    run = nothing("init", "--ledger", f"sqlite:///{nothing.folder}/far/off/tally.db").refused()
    assert "off does not exist; make it first" in run.err


def test_init_on_a_folder(nothing):
    nothing.path.mkdir()
    nothing("init").refused()


def test_a_newer_ledger_is_not_read(tally):
    connection = sqlite3.connect(tally.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    run = tally("score").refused()
    assert "was written by a newer tally (schema 99;" in run.err
    assert "update tally to read it" in run.err


def test_demo_in_a_folder_that_exists(nothing):
    run = nothing("demo", nothing.folder).refused()
    assert "exists already; name a new one" in run.err
    assert list(nothing.folder.iterdir()) == []


# Options and arguments.


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_wrong_usage(tally, command):
    words = ["unit"] if command == "record" else []
    run = tally(command, *words, "--nonsense").misused()
    assert "No such option" in run.err
    assert "--nonsense" in run.err
    assert run.out == ""


@pytest.mark.parametrize(
    "words",
    [
        "nonsense",
        "import",
        "import units.jsonl",
        "verify --by head",
        "verify --all B-1 --by head",
        "verify --all",
        "explain",
        "history",
        "record nonsense --by clerk",
        "record unit --id V003 --by clerk",
        "score --format xml",
        "score --year soon",
    ],
)
def test_wrong_usage(tally, words):
    run = tally(*words.split()).misused()
    assert run.out == ""
    assert run.err.startswith("Usage: ")


NO_UNIT = "is not in this ledger; `tally score` shows its units"

NONSENSE = {
    "score --as-of 7": "--as-of: the ledger ends at position 6",
    "score --as-of 99999999999999999999": "--as-of: the ledger ends at position 6",
    "explain V001 --as-of 7": "--as-of: the ledger ends at position 6",
    "history B-1 --as-of 7": "--as-of: the ledger ends at position 6",
    "rules --as-of 7": "--as-of: the ledger ends at position 6",
    "diff --from 7": "--from: the ledger ends at position 6",
    "diff --from 2 --to 7": "--to: the ledger ends at position 6",
    "diff --from 3 --to 2": "--from: position 3 is later than --to, 2",
    "score --unit V009": f"unit: V009 {NO_UNIT} (as of position 6)",
    "score --unit B-1": "unit: B-1 is a petition_batch, not a unit (as of position 6)",
    "explain V009": f"unit: V009 {NO_UNIT} (as of position 6)",
    "explain V001 --as-of 0": f"unit: V001 {NO_UNIT} (as of position 0)",
    "explain V001 2016Q4 --through 2016-03-01": "PERIOD: 2016Q4 has not begun on 2016-03-01",
    "rules nonsense": "CLAUSE: no clause or citation 'nonsense'; one of 三（一）1（1） screening,",
    "rules 三（一）3": "CLAUSE: no clause or citation '三（一）3'; one of 三（一）1（1）",
    "history B-9": "ID: 'B-9' is not an entry, an objection or a published quarter",
    "verify B-9 --by head": "B-9: is not in this ledger",
}
"""Well-formed values that this ledger has no use for."""


@pytest.mark.parametrize("words", NONSENSE)
def test_what_means_nothing_here(town, words):
    before = town.stored()
    for more in ([], ["--format", "csv"]):
        run = town(*words.split(), *more).refused()
        assert run.out == ""
        assert NONSENSE[words] in run.err, run.err
    assert town.stored() == before


NO_DATE = "is not a valid date; write YYYY-MM-DD, as 2016-03-31"
NO_MOMENT = "is neither a position nor a time; write 128 or 2016-07-01T09:00+08:00"
NO_YEAR = "is not an assessment year from 1901 to 2199; write 2016"
MALFORMED = {
    "score --through yesterday": f"'--through': 'yesterday' {NO_DATE}",
    "score --through 2016-02-30": f"'--through': '2016-02-30' {NO_DATE}",
    "score --through 20160630": f"'--through': '20160630' {NO_DATE}",
    "score --through ２０１６-06-30": f"'--through': '２０１６-06-30' {NO_DATE}",
    "explain V001 --through x": f"'--through': 'x' {NO_DATE}",
    "score --as-of -1": f"'--as-of': '-1' {NO_MOMENT}",
    "score --as-of soon": f"'--as-of': 'soon' {NO_MOMENT}",
    "score --as-of 2016-13-01": f"'--as-of': '2016-13-01' {NO_MOMENT}",
    "score --as-of 2016-02-30T10:00": f"'--as-of': '2016-02-30T10:00' {NO_MOMENT}",
    f"score --as-of {'9' * 5000}": NO_MOMENT,
    "diff --from 2016Q5": "'--from': '2016Q5' is neither a position nor a time nor a quarter;",
    "diff --from 1 --to 2016Q2": f"'--to' / '--as-of': '2016Q2' {NO_MOMENT}",
    "explain V001 2016Q5": "'[PERIOD]': '2016Q5' is not a quarter or a year; write 2016Q2 or 2016",
    "explain V001 spring": "'[PERIOD]': 'spring' is not a quarter or a year; write 2016Q2 or",
    "explain V001 0000": "'[PERIOD]': '0000' is not a quarter or a year; write 2016Q2 or 2016",
    "explain V001 0001Q1": "'[PERIOD]': '0001Q1' is not a quarter or a year; write 2016Q2 or",
    "publish 2016 --by office": "'QUARTER': '2016' is not a quarter; write 2016Q2",
    "score --year soon": f"'--year': 'soon' {NO_YEAR}",
    "score --year 0": f"'--year': '0' {NO_YEAR}",
    "score --year 0001": f"'--year': '0001' {NO_YEAR}",
    "score --year 1900": f"'--year': '1900' {NO_YEAR}",
    "score --year 10000": f"'--year': '10000' {NO_YEAR}",
    "score --year 99999999999999999999": f"'--year': '99999999999999999999' {NO_YEAR}",
    "score --year -2016": f"'--year': '-2016' {NO_YEAR}",
    "rules --year 0": f"'--year': '0' {NO_YEAR}",
}


@pytest.mark.parametrize("words", MALFORMED)
def test_a_malformed_value_is_wrong_usage(town, words):
    before = town.stored()
    for more in ([], ["--json"]):
        run = town(*words.split(), *more).misused()
        assert run.out == ""
        assert MALFORMED[words] in run.err, run.err
    assert town.stored() == before


@pytest.mark.parametrize("form", ["table", "csv"])
@pytest.mark.parametrize("command", [["score"], ["rules"], ["verify", "--all", "--by", "head"]])
def test_json_and_another_format_contradict_each_other(town, command, form):
    before = town.stored()
    for words in (["--json", "--format", form], ["--format", form, "--json"]):
        run = town(*command, *words).misused()
        assert run.out == ""
        assert f"--json means --format json; give it without --format {form}" in run.err
    assert town.stored() == before
    assert town("score", "--json", "--format", "json").ok().json["position"] == 6


def test_an_unverified_unit_says_what_to_do(tally):
    tally.take_in(*UNITS, verify_by=None)
    run = tally("explain", "V001").refused()
    assert "V001 is not verified yet; `tally verify` it, or add --provisional" in run.err
    tally("explain", "V001", "--provisional").ok()


def test_a_refusal_in_a_process_of_its_own(town):
    """No traceback, status 1, standard output empty."""
    path = town.file("bad.jsonl", "[" * 100_000, b"\xff", batch(headcount=10**12))
    run = process("import", path, "--by", "clerk", folder=town.folder, url=town.url).refused()
    assert run.out == ""
    assert len(run.err.splitlines()) == 4
    run = process("score", "--as-of", "7", "--json", folder=town.folder, url=town.url).refused()
    assert (run.out, run.err) == ("", "tally: --as-of: the ledger ends at position 6\n")


@pytest.mark.parametrize(
    ("language", "words", "meant"),
    [
        ("en", ["scroe"], "Did you mean one of: 'prove', 'score'?"),
        ("en", ["record", "petition-bach"], "Did you mean 'petition_batch'?"),
        ("zh", ["record", "petition-bach"], "您是否要用 'petition_batch'？"),
    ],
)
def test_a_misspelt_command_is_told_what_was_meant(tally, monkeypatch, language, words, meant):
    monkeypatch.setenv("TALLY_LANG", language)
    assert meant in tally(*words).misused().err


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["verify", "V001", "--by", ""], "by"),
        (["object", "2016Q2:screening", "--unit", "V001", "--reason", " ", "--by", "a"], "reason"),
    ],
)
def test_an_empty_word_is_told_as_such(tally, words, option):
    tally.take_in(*UNITS)
    assert f"{option}: must not be empty" in tally(*words).refused().err
