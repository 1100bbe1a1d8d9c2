"""Validation of lines and files: JSON, UTF-8, kinds, blank and long lines."""

from io import BytesIO

import pytest

from ledger.entries import BY_KIND
from ledger.submissions import LONGEST_LINE, Submission, read_file, read_jsonl
from tests.ledger.examples import EXAMPLES, as_json, line, refusals_of


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{", "is not JSON"),
        (b"", "is not JSON"),
        (b"unit;V001", "is not JSON"),
        (b"{'kind': 'unit'}", "is not JSON"),
        (b'{"kind": "unit",}', "is not JSON"),
        (line("unit") + line("unit"), "is not JSON"),
        (line("unit") + b",", "is not JSON"),
        (line("unit").replace(b"village", b"vil\x00age"), "is not JSON"),
        (line("unit").replace(b"village", b"vil\nage"), "is not JSON"),
        (line("petition_batch", headcount={"$raw": "9" * 5000}), "is not JSON"),
        (line("petition_batch", headcount={"$raw": "012"}), "is not JSON"),
        (line("petition_batch", headcount={"$raw": "None"}), "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a":' * 50_000, "is not JSON"),
        (b"[]", "must be one JSON object"),
        (b"[" + line("unit") + b"]", "must be one JSON object"),
        (b"null", "must be one JSON object"),
        (b"true", "must be one JSON object"),
        (b"5", "must be one JSON object"),
        (b'"unit"', "must be one JSON object"),
        ("六门闸村".encode("gbk"), "is not UTF-8"),
        (as_json(EXAMPLES["unit"]).encode("utf-16"), "is not UTF-8"),
        (line("unit").replace(b"village", b"\xff"), "is not UTF-8"),
        (line("unit").replace(b"village", b"\xed\xa0\x80"), "is not UTF-8"),
        (line("unit").replace(b"village", b"\xc0\xaf"), "is not UTF-8"),
    ],
)
def test_refuses_a_line_that_is_not_one_json_object(text, message):
    found = refusals_of(text)
    assert len(found) == 1
    assert found[0].field is None
    assert message in found[0].message


@pytest.mark.parametrize("kind", [None, 5, [], {}, "", "Unit", "UNIT", "unit ", "单位", "entry"])
def test_refuses_an_unknown_kind(kind):
    found = refusals_of(line("unit", kind=kind))
    assert [refusal.field for refusal in found] == ["kind"]
    for known in BY_KIND:
        assert known in found[0].message


def test_refuses_a_missing_kind():
    assert [refusal.field for refusal in refusals_of(b"{}")] == ["kind"]


def read(content):
    """Return the ids of the entries in a file of these bytes, and the refusals."""
    outcomes = list(read_jsonl(BytesIO(content), "book.jsonl"))
    entries = [each.entry.id for each in outcomes if isinstance(each, Submission)]
    return entries, [each for each in outcomes if not isinstance(each, Submission)]


UNIT = line("unit")


@pytest.mark.parametrize(
    "content",
    [
        UNIT,
        UNIT + b"\n",
        b"\n\n \t\n" + UNIT + b"\n\n",
        b"\xef\xbb\xbf" + UNIT + b"\n",
        b"\xef\xbb\xbf\n" + UNIT,
        UNIT + b"\r\n",
        b"\xef\xbb\xbf" + UNIT + b"\r\n\r\n",
        b"  " + UNIT + b"  \n",
        UNIT + b" " * (LONGEST_LINE - len(UNIT)) + b"\n",
        UNIT + b" " * (LONGEST_LINE - len(UNIT)),
    ],
)
def test_accepts_blank_lines_a_byte_order_mark_and_any_line_ends(content):
    assert read(content) == (["V001"], [])


@pytest.mark.parametrize(
    "content", [b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"]
)
def test_refuses_an_empty_file(content):
    entries, found = read(content)
    assert entries == []
    assert [str(each) for each in found] == ["book.jsonl: is empty: there is no entry in it"]


@pytest.mark.parametrize("length", [LONGEST_LINE + 1, LONGEST_LINE + 2, 2 * LONGEST_LINE, 10**6])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n" + UNIT.replace(b"V001", b"V002") + b"\n"])
def test_refuses_a_line_that_is_too_long_and_reads_the_next(length, end):
    start = UNIT.replace(b"V001", b"V000") + b"\n"
    entries, found = read(start + UNIT + b" " * (length - len(UNIT)) + end)
    assert entries == (["V000", "V002"] if b"V002" in end else ["V000"])
    assert [str(each) for each in found] == [
        "book.jsonl:2: is longer than the 65,536 bytes that an entry may have"
    ]


def test_refuses_deeply_nested_lines_and_reads_the_next():
    entries, found = read(b"[" * 100_000 + b"\n" + b"[" * 60_000 + b"\n" + UNIT)
    assert entries == ["V001"]
    assert [each.line for each in found] == [1, 2]


def test_reports_every_bad_line_with_its_number():
    content = b"\n".join(
        [
            UNIT,
            b"",
            b"{",
            line("petition_batch", headcount=0, level="moon"),
            UNIT.replace(b"V001", b"V002"),
            b"\xff",
            b'{"kind": "unit"}',
        ]
    )
    entries, found = read(content)
    assert entries == ["V001", "V002"]
    assert [(each.line, each.field) for each in found] == [
        (3, None),
        (4, "level"),
        (4, "headcount"),
        (6, None),
        (7, "name"),
        (7, "type"),
    ]


def test_refuses_a_file_that_cannot_be_read(tmp_path):
    found = list(read_file(tmp_path / "no.jsonl"))
    assert [each.message for each in found] == ["cannot be read: No such file or directory"]
    assert next(read_file(tmp_path)).message == "cannot be read: Is a directory"


def test_refuses_what_cannot_be_read_to_its_end():
    class Failing(BytesIO):
        def readline(self, size=-1):
            line = super().readline(size)
            if not line:
                raise OSError(5, "Input/output error")
            return line

    first, last = read_jsonl(Failing(UNIT + b"\n"), "book.jsonl")
    assert first.entry.id == "V001"
    assert (last.message, last.file) == ("cannot be read: Input/output error", "book.jsonl")
