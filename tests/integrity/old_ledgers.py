"""Small ledgers of earlier versions, as lines of JSON; run this to write that of today."""

import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from ledger.integrity.leaves import leaf_hash
from ledger.integrity.merkle import root_of
from ledger.integrity.note import to_base64
from ledger.stores import StoredRow
from tests.integrity.towns import Town

FOLDER = Path(__file__).parent / "ledgers"


def load(path):
    """Return the rows of a kept ledger, and the root that was written with them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [StoredRow(*parts[:-1], parts[-1].encode()) for parts in map(json.loads, lines)]
    return rows, path.with_suffix(".root").read_text().strip()


def main():
    path = FOLDER / f"{version('tally-ledger')}.jsonl"
    if path.exists():
        sys.exit(f"{path} exists and is never rewritten; a new version of tally writes a new file")
    with tempfile.TemporaryDirectory() as folder:
        rows = Town.build(Path(folder) / "town.db").rows()
    lines = [json.dumps([*row[:-1], row.state.decode()], ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    root = root_of([leaf_hash(row) for row in rows])
    path.with_suffix(".root").write_text(f"{to_base64(root)}\n")


if __name__ == "__main__":
    main()
