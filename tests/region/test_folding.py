"""A chunk of towns is folded from bytes to bytes; a fault of one is no fault of another."""

import platform
from contextlib import closing
from datetime import date

import msgspec
import pytest

from ledger import message
from ledger.errors import DamagedLedgerError, TallyError
from ledger.message import message_of
from ledger.progress import progress_shown_by
from ledger.stores import open_store
from projections.region.answering import answer_to
from projections.region.code_hash import code_hash
from projections.region.faults import FoldFaultError, fault_of
from projections.region.folding import fold_chunk
from projections.region.messages import (
    Fault,
    NoQuestion,
    Nothing,
    Question,
    ScoreQuestion,
    Task,
    decode_answer,
    decode_task,
    encode,
)
from tests.region.small_towns import make_town, task

TODAY = date(2016, 12, 31)


def asked(question: Question, url: str = "sqlite:///none.db", program: str = "") -> bytes:
    """Return an encoded task for a town."""
    return encode(Task(program or code_hash(), "430681101", url, 0, question))


def test_a_ledger_that_is_not_there_is_named_and_the_next_town_is_answered(tmp_path):
    missing = asked(ScoreQuestion(TODAY), f"sqlite:///{tmp_path / 'none.db'}")
    lost, other = map(decode_answer, fold_chunk([missing, asked(NoQuestion())]))
    assert lost.value is None
    assert lost.fault.kind == "NotALedgerError"
    assert "none.db is not a ledger" in str(FoldFaultError(lost.fault))
    assert other.value == Nothing()


def test_only_towns_are_counted_and_not_the_events_of_one(tmp_path):
    url, counted = f"sqlite:///{tmp_path}/1.db", []
    position = make_town(url, 1)

    def display(items, *about):
        counted.append(about)
        return iter(items)

    with progress_shown_by(display):
        (answer,) = map(decode_answer, fold_chunk([task(url, 1, position)]))
        assert answer.value is not None
        assert counted == []
        # Without the fold's own: this town has something to count.
        with closing(open_store(url)) as store:
            answer_to(decode_task(task(url, 1, position)), store)
    assert counted != []


def test_other_code_is_refused_by_its_hash():
    (answer,) = map(decode_answer, fold_chunk([asked(NoQuestion(), program="0" * 64)]))
    assert answer.fault.kind == "OtherCodeError"
    assert "000000000000" in str(FoldFaultError(answer.fault))


def test_a_task_of_another_form_is_refused_by_the_name_of_the_worker():
    of_other_form = msgspec.msgpack.encode([code_hash(), "430681101", {"type": "of later code"}])
    lost, other = map(decode_answer, fold_chunk([of_other_form, asked(NoQuestion())]))
    assert lost.fault.kind == "OtherCodeError"
    assert f"the worker on {platform.node()} has other code" in str(FoldFaultError(lost.fault))
    assert other.value == Nothing()


def test_an_error_keeps_its_template_and_values_through_bytes():
    error = DamagedLedgerError(7, "is no event")
    sent = encode(fault_of(error))
    got = FoldFaultError(msgspec.msgpack.decode(sent, type=Fault))
    assert str(got) == str(error)
    assert message_of(got).template == message_of(error).template
    assert message_of(got).values == message_of(error).values


@pytest.mark.parametrize("kind", ["Series", "Choice", "Slashed", "Alternatives", "Parts"])
def test_lists_in_a_message_are_joined_as_before(kind):
    words = message.Message("one of {known}", known=getattr(message, kind)(["a", 2]))
    assert str(FoldFaultError(fault_of(TallyError(words)))) == str(words)
