"""JSON is written as the standard library's `json.dumps` writes it."""

import json

import pytest

from cli.output import write_json
from ledger.message import Message, Series

VALUES = [
    None,
    {},
    {"units": [], "open": {}, "nested": [[], [{}], [1, [2]]]},
    {"points": "-1.5", "count": 12, "share": 0.7, "large": 10**18, "flag": True, "none": None},
    {"name": "钱粮湖镇", "quote": '"\\/', "control": "\x00\x1f\t\n\r\b\f\x7f", "line": "\u2028"},
    [("a", 1), {"1": 2}],
]


@pytest.mark.parametrize("value", VALUES)
def test_writes_what_the_standard_library_writes(value, capsys):
    write_json(value)
    expected = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    # A terminal obeys these two, which the standard library writes as they are.
    for character in ("\x7f", "\u2028"):
        expected = expected.replace(character, f"\\u{ord(character):04x}")
    assert capsys.readouterr().out == expected


def test_writes_a_message_as_text(capsys):
    write_json({Message("why"): Message("{name} is missing", name="unit")})
    assert json.loads(capsys.readouterr().out) == {"why": "unit is missing"}


@pytest.mark.parametrize("value", [object(), print, Series])
def test_refuses_what_json_cannot_hold(value):
    with pytest.raises(TypeError):
        write_json({"value": value})
