"""Answer whether a town's ledger is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.region.faults import as_data
from projections.region.messages import TownCheck

if TYPE_CHECKING:
    from ledger.stores import Store


def check(store: Store) -> TownCheck:
    """Return what a check of the whole ledger finds, with the keys beside it."""
    from ledger.integrity.keys import load_verifiers  # noqa: PLC0415 - not to score
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from projections.whole_report import whole_report  # noqa: PLC0415

    verifiers = load_verifiers(store.url)
    report = whole_report(store, store.url, verifiers)
    findings = [as_data(finding.sentence()) for finding in report.findings]
    lacks_key = not verifiers and {one.kind for one in report.findings} == {"checkpoint"}
    return TownCheck(to_base64(report.root), tuple(findings), report.size, lacks_key=lacks_key)
