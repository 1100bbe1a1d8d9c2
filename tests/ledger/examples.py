"""A valid example of each kind of entry, the types of its fields, and JSON lines made of them.

The data are in `wrong_values.json`: for each kind an example and the type of each field, and for
each type the values that validation must refuse.
"""

import json
from pathlib import Path

from ledger.submissions import Submission, parse

TABLE = json.loads((Path(__file__).parent / "wrong_values.json").read_text(encoding="utf-8"))
EXAMPLES = {kind: data["example"] for kind, data in TABLE["kinds"].items()}
FIELDS = {kind: data["fields"] for kind, data in TABLE["kinds"].items()}
EACH_FIELD = [(kind, field) for kind, fields in FIELDS.items() for field in fields]

MOBILE = "13800138000"
CARD = "11010519491231002X"  # the example of GB 11643 itself


def as_json(value):
    """Return the JSON of a value; the tables' `$…` objects are what JSON cannot write shortly.

    `$raw` is JSON text, `$repeat` a character repeated, `$repeat_list` a list of one item repeated.
    """
    if isinstance(value, dict) and value.keys() == {"$raw"}:
        return value["$raw"]
    if isinstance(value, dict) and value.keys() == {"$repeat"}:
        return json.dumps("".join(value["$repeat"][:1]) * value["$repeat"][1])
    if isinstance(value, dict) and value.keys() == {"$repeat_list"}:
        return json.dumps(value["$repeat_list"][:1] * value["$repeat_list"][1])
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)}: {as_json(each)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_json, value)) + "]"
    return json.dumps(value)


def line(of, /, **changed):
    """Return the line of a kind's example with some fields changed."""
    return as_json({**EXAMPLES[of], **changed}).encode()


def refusals_of(raw_line):
    """Return the refusals of a line, of which there must be some, none in pydantic's words."""
    outcome = parse(raw_line, "book.jsonl", 7)
    assert not isinstance(outcome, Submission), f"not refused: {outcome}"
    assert outcome
    for refusal in outcome:
        assert (refusal.file, refusal.line) == ("book.jsonl", 7)
        assert refusal.message
        assert "pydantic" not in str(refusal)
        assert "Decimal(" not in str(refusal)
        assert "Input should" not in str(refusal)
    return outcome


def unit(entry_id="V001", **more):
    """Return a unit with some fields changed."""
    return {**EXAMPLES["unit"], "id": entry_id, **more}


def batch(entry_id="B-1", **more):
    """Return a petition batch of unit V001 with some fields changed."""
    return {**EXAMPLES["petition_batch"], "id": entry_id, **more}


def response(entry_id="R-1", batch_id="B-1", **more):
    """Return an on-site response to a batch with some fields changed."""
    return {**EXAMPLES["on_site_response"], "id": entry_id, "batch": batch_id, **more}


def finding(entry_id="F-1", **more):
    """Return a finding of an inspection with some fields changed."""
    return {**EXAMPLES["inspection_finding"], "id": entry_id, **more}


def ruling(entry_id="RU-1", **more):
    """Return a ruling with some fields changed."""
    return {**EXAMPLES["ruling"], "id": entry_id, **more}


def carried(entry_id="CQ-1", **more):
    """Return figures carried forward with some fields changed."""
    return {**EXAMPLES["carried_quarter"], "id": entry_id, **more}


def reversal(entry_id, of):
    """Return the reversal of an entry."""
    return {"kind": "reversal", "id": entry_id, "of": of, "reason": "有误"}


TOWN = [
    unit("V001"),
    unit("V002"),
    {**EXAMPLES["notice"], "units": ["V001"]},
    batch("B-7"),
    EXAMPLES["supervised_case"],
    EXAMPLES["commendation"],
]
"""An entry of each kind that others refer to, and one of a kind that none refers to."""

BOOK = [unit(), unit("V002"), batch(), response(), finding(), ruling()]
"""An entry of each kind of which one alone may count, and those that it refers to."""

CORRECTION = [reversal("X-1", "B-1"), batch("B-1.2", headcount=13, replaces="B-1")]
"""The correction of the batch of `BOOK`."""
