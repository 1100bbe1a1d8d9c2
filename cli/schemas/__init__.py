"""JSON Schemas (2020-12) of the JSON that commands print, by name of the command."""

from __future__ import annotations

from cli.schemas import audits, ledgers, measures, records, regions, scores
from cli.schemas.parts import TEXT, Schema, array, record

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCHEMAS: dict[str, Schema] = {
    "init": ledgers.INIT,
    "demo": scores.SCORE,
    "record": records.RECEIPT,
    "import": records.RECEIPT,
    "errors": records.ERRORS,
    "verify": records.RECEIPT_OR_PREVIEW,
    "return": records.RETURN,
    "score": scores.SCORE,
    "explain": scores.EXPLAIN,
    "reverse": records.RECEIPT_OR_PREVIEW,
    "correct": records.RECEIPT_OR_PREVIEW,
    "list": records.LIST,
    "missing": scores.MISSING,
    "reform": scores.REFORM,
    "sensitivity": scores.SENSITIVITY,
    "margins": scores.MARGINS,
    "diff": scores.DIFF,
    "audit": audits.AUDIT,
    "corrections": audits.CORRECTIONS,
    "costs": audits.COSTS,
    "publish": records.PUBLISH,
    "withdraw": records.WITHDRAW,
    "object": records.OBJECT,
    "decide": records.DECIDE,
    "history": records.HISTORY,
    "rules": records.RULES,
    "measure list": measures.LIST,
    "measure show": measures.SHOW,
    "measure check": measures.CHECK,
    "measure new": measures.NEW,
    "measure diff": measures.DIFF,
    "measure adopt": measures.ADOPT,
    "region check": regions.CHECK,
    "region score": regions.SCORE,
    "region reform": regions.REFORM,
    "region missing": regions.MISSING,
    "region diff": regions.DIFF,
    "region publish": regions.PUBLISH,
    "region explain": scores.EXPLAIN,
    "account add": ledgers.ACCOUNT_KEY,
    "account close": ledgers.ACCOUNT_CLOSE,
    "account reset": ledgers.ACCOUNT_KEY,
    "account passphrase": ledgers.ACCOUNT_PASSPHRASE,
    "account list": ledgers.ACCOUNT_LIST,
    "office set": ledgers.OFFICE,
    "office show": ledgers.OFFICE,
    "evidence add": ledgers.EVIDENCE_ADD,
    "evidence list": ledgers.EVIDENCE_LIST,
    "evidence get": ledgers.EVIDENCE_GET,
    "check": ledgers.CHECK,
    "set-aside": records.ASIDE,
    "accept-copy": ledgers.ACCEPT_COPY,
    "rebuild": ledgers.REBUILD,
    "checkpoint": ledgers.CHECKPOINT,
    "prove": ledgers.PROVE,
    "backup": ledgers.BACKUP,
    "restore": ledgers.RESTORE,
    "copy": ledgers.COPY,
    "schema": record({"schemas": array(TEXT)}),
}

NAMES = tuple(_SCHEMAS)
"""The commands that print JSON, and `errors`: what any of them prints when it refuses entries."""


def schema(name: str) -> Schema:
    """Return the JSON Schema of a name."""
    return {"$schema": _DIALECT, "title": f"tally {name}", **_SCHEMAS[name]}
