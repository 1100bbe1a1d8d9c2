"""Validation of imports, one after the other, without a store."""

from itertools import count

from ledger.batch import Appending, row_of
from ledger.import_buffer import ImportBuffer
from ledger.state import LedgerState
from ledger.validation import Terms, Validation
from projections.measure import built_in
from tests.support import WHEN, submissions

TERMS = Terms(built_in(), WHEN.date())


def validate(*imports, terms=TERMS):
    """Return the validation of the last import after the others were validated and appended.

    The terms are those of the last import; nothing is doubted of the others.
    """
    known = LedgerState()
    for number, entries in enumerate(imports, 1):
        buffer = ImportBuffer(submissions(entries))
        last = number == len(imports)
        admission = Validation(known, buffer, terms if last else TERMS).run()
        if last:
            return admission
        assert not admission.refusals, [str(refusal) for refusal in admission.refusals]
        rows = Appending(admission.fresh, known, WHEN, "clerk", "head")
        known.fold(map(row_of, count(known.position + 1), rows))
    raise AssertionError("there must be an import")


def admitted(*imports):
    """Return the ids of the entries that the last import adds; nothing of it may be refused."""
    admission = validate(*imports)
    assert not admission.refusals, [str(refusal) for refusal in admission.refusals]
    return list(admission.fresh.ids())


def refused(*imports):
    """Return id and field of each refusal of the last import, of which there must be some."""
    admission = validate(*imports)
    assert admission.refusals
    return [(refusal.id, refusal.field) for refusal in admission.refusals]
