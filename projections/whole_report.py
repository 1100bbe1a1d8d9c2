"""Check a whole ledger: what is stored, the papers and read model kept beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.application import Ledger
from ledger.evidence import Papers
from ledger.integrity.check import Check
from ledger.integrity.keys import KeyPaths
from projections.adopted import Measures
from projections.read_model_check import read_model_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.integrity.findings import Report
    from ledger.integrity.note import Verifier
    from ledger.stores import Store


def whole_report(
    store: Store,
    url: str,
    verifiers: Sequence[Verifier],
    against: Iterable[tuple[str, bytes]] = (),
) -> Report:
    """Return what a check of a ledger and of all that is kept beside it finds.

    Args:
        store: the ledger, open.
        url: its URL as it was given.
        verifiers: the public keys that are trusted.
        against: checkpoints that it must agree with, each with the name of its file.
    """
    report = Check(store, verifiers, Measures, KeyPaths(store.url), Papers(store.url)).run(against)
    if not report.findings:
        # A damaged ledger cannot be replayed to compare a read model with.
        for finding in read_model_findings(url, Ledger(store, Measures)):
            report.add(finding)
    return report
