"""How `correct` and `reverse` ask before they append."""

from __future__ import annotations

import pytest

from cli.commands import correct
from tests.cli.entries import batch
from tests.corrections.entries import CRITICISM, LATE
from tests.corrections.office import correct_words, minute, reverse_words

CORRECT = correct_words("B-1", "headcount=12")
REVERSE = reverse_words("B-1")
BOTH = pytest.mark.parametrize("words", [CORRECT, REVERSE], ids=["correct", "reverse"])

NOT_CONFIRMED = "tally: not confirmed; nothing was written. Answer y when asked, or give --yes\n"
MOVED = "tally: the ledger moved, and what would change is no longer the same\n"


@pytest.mark.parametrize("answer", ["n\n", "\n", "no\n", "nay\n", "Yep\n", "否\n"])
def test_any_answer_but_yes_writes_nothing(town, answer):
    stored = town.stored()
    run = town(*CORRECT, stdin=answer.encode())
    assert (run.status, run.err) == (1, f"\nAppend this? [y/N] {NOT_CONFIRMED}")
    assert run.out.startswith("What would change in 2016, once verified:\n")
    assert town.stored() == stored


@pytest.mark.parametrize("answer", ["y\n", "Y\n", "yes\n", " YES \n", "是\n", "y"])
def test_the_answer_yes_appends(town, answer):
    before = town.position
    run = town(*CORRECT, stdin=answer.encode()).ok()
    assert run.err == "\nAppend this? [y/N] "
    assert town.position == before + 3


def test_correct_writes_nothing_if_standard_input_is_empty(town):
    stored = town.stored()
    run = town(*CORRECT)
    assert (run.status, run.err) == (1, f"\nAppend this? [y/N] \n{NOT_CONFIRMED}")
    assert town.stored() == stored


def test_reverse_does_not_ask_a_script(town):
    """A loop over ids feeds them on standard input: they are not read as answers."""
    before = town.position
    assert town(*REVERSE, stdin=b"B-2\n").ok().err == ""
    assert town.position == before + 2


def test_reverse_appends_if_standard_input_is_empty(town):
    before = town.position
    assert town(*REVERSE, "--json").ok().json == {
        "recorded": 1,
        "verified": 0,
        "skipped": 0,
        "import": before + 1,
        "position": before + 2,
    }


@BOTH
def test_the_option_yes_shows_the_preview_without_asking(town, words):
    run = town(*words, "--yes").ok()
    assert run.err == ""
    assert run.out.startswith("What would change in 2016, once verified:\n")


@BOTH
@pytest.mark.parametrize("form", [[], ["--yes"], ["--json"], ["--format", "csv"]])
def test_a_dry_run_neither_asks_nor_writes(town, words, form):
    stored = town.stored()
    run = town(*words, "--dry-run", *form).ok()
    assert "Append" not in run.err
    assert town.stored() == stored


def test_with_json_the_preview_and_question_go_to_standard_error(town):
    run = town(*CORRECT, "--json", stdin=b"y\n").ok()
    assert run.json["recorded"] == 2
    assert run.err.startswith("What would change in 2016, once verified:\n")
    assert run.err.endswith("Append this? [y/N] ")


def test_a_correction_counts_only_once_somebody_else_verified_it(town):
    town.correct("B-1", "headcount=12", verify=False)
    assert town.quarter("V001", "2016Q2") == "7"
    assert town.quarter("V001", "2016Q2", "--provisional") == "4"
    refused = town("verify", "B-1.R", "B-1.2", "--by", "clerk").refused()
    assert "was recorded by clerk; somebody else must verify it" in refused.err
    town.verify("B-1.R", "B-1.2")
    assert town.quarter("V001", "2016Q2") == "4"


# ---- somebody appends between the preview and the answer
@pytest.fixture
def answering(monkeypatch, town):
    """Answer the questions of `correct`; before each answer, another clerk appends.

    Calling it returns a list that gets the ledger's position at each question.
    """

    def arrange(*appends, answers):
        left, asked = list(appends), []

        def agreed(*, unasked):
            del unasked
            if left:
                left.pop(0)()
            asked.append(town.position)
            return answers[len(asked) - 1]

        monkeypatch.setattr(correct, "_agreed", agreed)
        return asked

    return arrange


def test_a_changed_preview_is_shown_and_asked_again(town, answering):
    """A late response comes in: 3 × 1.5 instead of 3; no information report 1."""
    asked = answering(lambda: town.take_in(LATE), answers=[True, True])
    before = town.position
    run = town(*CORRECT).ok()
    assert asked == [before + 2, before + 2]
    assert run.err == MOVED
    assert run.out.count("What would change in 2016, once verified:") == 2
    first, _, second = run.out.partition("2016Q2 score: 7 → 4")
    assert "Q2 score" not in first
    assert "2016Q2 score: 6.5 → 2.5" in second
    assert town.position == before + 2 + 3
    town.verify()
    assert town.quarter("V001", "2016Q2") == "2.5"


def test_no_to_the_second_question_writes_nothing(town, answering):
    answering(lambda: town.take_in(LATE), answers=[True, False])
    before = town.position
    run = town(*CORRECT)
    assert (run.status, run.err) == (1, MOVED + NOT_CONFIRMED)
    assert town.position == before + 2


def test_every_changed_preview_is_asked_again(town, answering):
    asked = answering(
        lambda: town.take_in(LATE),
        lambda: town.take_in(batch("B-2", headcount=5)),
        lambda: town.take_in(CRITICISM),
        answers=[True] * 4,
    )
    # The criticism vetoes V001, which this correction does not change: it is not asked again.
    run = town(*CORRECT).ok()
    assert run.err.count(MOVED) == len(asked) - 1
    assert len(asked) == 3


def test_an_unchanged_preview_is_not_asked_again(town, answering):
    """Meanwhile another unit gets a yellow card in another year."""
    town.adopt(2015)
    card = {"kind": "yellow_card", "id": "YC-1", "unit": "V002", "issued_on": "2015-04-01"}
    asked = answering(lambda: town.take_in(card), answers=[True])
    before = town.position
    run = town(*CORRECT).ok()
    assert asked == [before + 2]
    assert run.err == ""
    assert town.position == before + 2 + 3


def test_an_entry_taken_back_while_asking_is_refused(town, answering):
    """The refusal says who took it back, and when; nothing is written."""
    answering(lambda: town.reverse("B-1", by="deputy", verify=False), answers=[True])
    run = town(*CORRECT)
    assert run.status == 1
    done = town("history", "B-1", "--json").ok().json["events"][-1]
    at = minute(done["at"])
    by = f"by B-1.R (deputy, {at}, position {done['position']})"
    assert f"of: B-1 was taken back already, {by}" in run.err
    assert run.err.endswith("1 refused; nothing was written\n")
    assert town.position == done["position"]


def test_the_option_yes_shows_a_changed_preview_too(town, monkeypatch):
    """A script is not asked, but its output says what was appended."""
    left = [lambda: town.take_in(LATE)]
    print_preview = correct.print_preview

    def print_and_append(*arguments, **options):
        print_preview(*arguments, **options)
        if left:
            left.pop()()

    monkeypatch.setattr(correct, "print_preview", print_and_append)
    run = town(*CORRECT, "--yes").ok()
    assert run.err == MOVED
    assert run.out.count("What would change in 2016") == 2
