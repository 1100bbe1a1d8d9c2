"""Reading workbooks and CSV files: rows into the same submissions and refusals as JSONL lines."""

from __future__ import annotations

from ledger.workbooks.reading import read_workbook

__all__ = ["read_workbook"]
