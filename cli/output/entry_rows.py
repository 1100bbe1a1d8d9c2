"""Entries as rows of a table for programs and spreadsheets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.listing import ListedEntry


def entry_rows(found: Iterable[ListedEntry]) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the rows of entries; their content is JSON."""
    header = [
        *("id", "kind", "unit", "dated", "status", "recorded_position", "recorded_at"),
        *("recorded_by", "verified_position", "verified_at", "verified_by"),
        *("returned_position", "returned_at", "returned_by", "returned_reason", "content"),
    ]
    rows = []
    for one in found:
        entry = one.as_json()
        recorded, verified = entry["recorded"], entry["verified"] or {}
        returned = entry["returned"] or {}
        rows.append(
            [
                *(entry[name] for name in ("id", "kind", "unit", "dated", "status")),
                *(recorded[name] for name in ("position", "at", "by")),
                *(verified.get(name) for name in ("position", "at", "by")),
                *(returned.get(name) for name in ("position", "at", "by", "reason")),
                json.dumps(entry["content"], ensure_ascii=False),
            ]
        )
    return header, rows
