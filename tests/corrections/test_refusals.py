"""What `correct` and `reverse` refuse, word for word; nothing is written then."""

from __future__ import annotations

import pytest

from tests.cli.entries import batch
from tests.corrections.office import correct_words, minute, reverse_words

ONE_REFUSED = "tally: 1 refused; nothing was written\n"
FIELDS = (
    "id, note, replaces, evidence, unit, host_unit, matter, level, headcount, occurred_at, "
    "abnormal, repeated, key_person, basis, stay_minutes, group"
)


def test_refusals_word_for_word(town):
    town.reverse("B-1")
    done = town("history", "B-1", "--json").ok().json["events"][-1]
    at = minute(done["at"])
    taken_back = f"B-1 was taken back already, by B-1.R (clerk, {at}, position {done['position']})"
    town.take_in(batch("B-2"))
    stored = town.stored()
    reversal = "B-1.R is a reversal; a reversal is not taken back: record the entry anew"
    fixed = "cannot be changed with --set; record another entry"
    for words, refusal in (
        (reverse_words("B-1", by="late"), f"tally: B-1.R2: of: {taken_back}\n"),
        (correct_words("B-1", "headcount=4"), f"tally: B-1.R2: of: {taken_back}\n"),
        (reverse_words("B-9", by="late"), "tally: B-9: is not in this ledger\n"),
        (correct_words("B-9", "headcount=4"), "tally: B-9: is not in this ledger\n"),
        (reverse_words("B-1.R", by="late"), f"tally: B-1.R.R: of: {reversal}\n"),
        (
            correct_words("B-2", "headcount=3"),
            "tally: B-2: would not change; there is nothing to correct\n",
        ),
        (
            correct_words("B-2", "headcount=3", "host_unit=", "repeated=no"),
            "tally: B-2: would not change; there is nothing to correct\n",
        ),
        (
            correct_words("B-2", "people=3"),
            f"tally: B-2.2: people: is not a field of petition_batch; its fields are {FIELDS}\n",
        ),
        (correct_words("B-2", "kind=unit"), f"tally: B-2: kind: {fixed}\n"),
        (correct_words("B-2", "id=B-3"), f"tally: B-2: id: {fixed}\n"),
        (correct_words("B-2", "replaces=B-1"), f"tally: B-2: replaces: {fixed}\n"),
        (
            correct_words("B-2", "unit=V009"),
            "tally: B-2.2: unit: there is no unit V009; record it first\n",
        ),
        (
            correct_words("B-2", "matter="),
            "tally: B-2.2: matter: is missing: petition_batch needs it\n",
        ),
    ):
        run = town(*words)
        assert (run.status, run.out, run.err) == (1, "", refusal + ONE_REFUSED), words
    run = town(*correct_words("B-2", "headcount=4", "headcount=5"))
    assert (run.status, run.out) == (1, "")
    assert run.err == "tally: --set: headcount is given twice\n"
    assert town.stored() == stored


def test_a_malformed_setting_is_wrong_usage(town):
    stored = town.stored()
    for setting, message in (
        ("headcount", "'--set': 'headcount' is not FIELD=VALUE; write headcount=6 or 人数=6\n"),
        ("headcount=six", "--set headcount: 'six' is not a whole number; write digits, as 5\n"),
    ):
        run = town(*correct_words("B-1", setting)).misused()
        assert run.err.endswith(f"Error: Invalid value for {message}")
    assert town.stored() == stored


def test_a_reversal_is_not_corrected(town):
    town.reverse("B-1")
    stored = town.stored()
    run = town(*correct_words("B-1.R", "reason=别的")).refused()
    message = "B-1.R is a reversal; a reversal is not taken back: record the entry anew"
    assert run.err.startswith(f"tally: B-1.R.R: of: {message}\n")
    assert town.stored() == stored


def test_a_refusal_as_json_names_entry_field_and_message(town):
    run = town(*correct_words("B-1", "headcount=0"), "--json").refused()
    (error,) = run.json["errors"]
    assert (error["id"], error["field"]) == ("B-1.2", "headcount")
    assert error["message"] == "must be at least 1"


@pytest.mark.parametrize("option", ["--reason", "--by"])
def test_reason_and_name_are_required_and_not_blank(town, option):
    words = reverse_words("B-1")
    place = words.index(option)
    assert option in town(*words[:place], *words[place + 2 :]).misused().err
    for blank in ("", " ", "\u200b"):
        words[place + 1] = blank
        assert town(*words, "--yes").refused()


def test_an_identifier_in_the_reason_is_refused_and_not_repeated(town):
    stored = town.stored()
    words = ["reverse", "B-1", "--by", "clerk", "--yes", "--reason", "电话13812345678"]
    run = town(*words).refused()
    assert "13812345678" not in run.err + run.out
    assert town.stored() == stored
