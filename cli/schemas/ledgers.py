"""Schemas of what tells whole ledgers: init, check, checkpoint, prove, backup and the like."""

from __future__ import annotations

from typing import get_args

from cli.schemas.parts import (
    BASE64,
    COUNT,
    FLAG,
    ID,
    INSTANT,
    POSITION,
    REF,
    SET_ASIDE,
    SHA256,
    TEXT,
    WHOLE,
    YEAR,
    array,
    either,
    of,
    one_of,
    or_null,
    record,
)
from ledger.events import Role
from ledger.integrity.findings import KINDS

_POSITIONS = {"type": "array", "items": WHOLE, "minItems": 2, "maxItems": 2}

_ACCOUNT = {
    "account": of(TEXT, "its name"),
    "position": POSITION,
}
_KEY = {
    "key": of(TEXT, "the id of its public key"),
    "file": of(TEXT, "where its private key is"),
}

ACCOUNT_KEY = record(_ACCOUNT | _KEY)
ACCOUNT_PASSPHRASE = record({"account": _ACCOUNT["account"]} | _KEY)
ACCOUNT_CLOSE = record(_ACCOUNT)

_ENDED = record({"position": POSITION, "at": INSTANT, "by": TEXT, "reason": TEXT})

ACCOUNT_LIST = record(
    {
        "accounts": array(
            record(
                {
                    "account": of(TEXT, "its name"),
                    "role": one_of(*get_args(Role)),
                    "unit": or_null(TEXT),
                    "login": of(or_null(TEXT), "the PostgreSQL role that it appends by"),
                    "key": of(TEXT, "the id of its public key"),
                    "opened": REF,
                    "resets": of(array(_ENDED), "when it was given another key"),
                    "closed": or_null(_ENDED),
                }
            )
        ),
        "position": POSITION,
    }
)

INIT = either(
    record(
        {
            "ledger": TEXT,
            "position": POSITION,
            "measure": record({"id": TEXT, "sha256": SHA256, "year": YEAR}),
        }
    ),
    of(record({"ledger": TEXT, "granted": TEXT}), "with --grant: the role"),
    of(record({"ledger": TEXT, "upgraded": {"const": True}}), "with --upgrade"),
)

_ROOT = of(BASE64, "the root of the Merkle tree (RFC 6962)")

_EVENT = {"position": WHOLE, "id": TEXT, "version": WHOLE, "topic": TEXT, "state": TEXT}

CHECK = either(
    record(
        {
            "position": COUNT,
            "size": of(COUNT, "events read"),
            "root": _ROOT,
            "checkpoints": of(COUNT, "signed heads that the ledger was compared with"),
            "uncovered": of(
                or_null(_POSITIONS),
                "the first and the last position that no checkpoint covers",
            ),
            "keys": of(array(TEXT), "the public keys that were trusted: name+id, the newest first"),
            "accepted": of(
                array(
                    record(
                        {
                            "position": WHOLE,
                            "lost": of(WHOLE, "the last position that had been acknowledged"),
                            "at": TEXT,
                            "by": TEXT,
                            "reason": TEXT,
                        }
                    )
                ),
                "earlier copies of the ledger that were accepted on the record (`accept-copy`)",
            ),
            "verified": of(
                record(
                    {
                        "two_keys": of(
                            COUNT, "verified entries by two accounts with two keys, as signed"
                        ),
                        "names_as_typed": of(COUNT, "verified entries that are not so proved"),
                        "accounts": of(COUNT, "accounts, closed ones too; 0: names as typed"),
                        "unproved": of(
                            array(_POSITIONS),
                            "first and last position of the events of which nothing is proved, "
                            "since one of them or the signature of their append was set aside",
                        ),
                    }
                ),
                "what proves who recorded and who verified",
            ),
            "evidence": of(
                record(
                    {
                        "whole": of(COUNT, "papers that are here and have the SHA-256 named"),
                        "missing": of(COUNT, "papers that entries name and that are not here"),
                        "unnamed": of(COUNT, "papers that are here and that no entry names"),
                    }
                ),
                "the papers beside the ledger",
            ),
            "counts": of(
                {
                    "type": "object",
                    "propertyNames": {"enum": list(map(str, KINDS))},
                    "additionalProperties": COUNT,
                },
                "number of findings of each kind, listed or not",
            ),
            "findings": array(
                record(
                    {
                        "kind": TEXT,
                        "position": or_null(WHOLE),
                        "id": or_null(TEXT),
                        "message": TEXT,
                    }
                )
            ),
            "set_aside": SET_ASIDE,
            "passed_over": of(COUNT, "findings that are not listed"),
        }
    ),
    of(
        record(
            {
                "origin": TEXT,
                "size": COUNT,
                "extends": of(array(COUNT), "sizes of the older checkpoints that it extends"),
                "events": array(record(_EVENT)),
            }
        ),
        "with --proof",
    ),
)

_PAPER = {"name": TEXT, "sha256": SHA256}

OFFICE = record(
    {
        "office": record(
            {
                **dict.fromkeys(
                    ("name", "mark", "signature", "signer", "addressees", "copies_to"), TEXT
                ),
                **dict.fromkeys(("printed_by", "contact"), TEXT),
                "objection_days": or_null(COUNT),
                "notes_of_law": FLAG,
            }
        ),
        "file": of(TEXT, "the file beside the ledger that keeps it"),
    }
)

EVIDENCE_ADD = record(
    {"evidence": of(array(record(_PAPER)), "as entries name them"), "folder": TEXT}
)

EVIDENCE_LIST = record(
    {
        "position": POSITION,
        "folder": TEXT,
        "papers": of(
            array(record({**_PAPER, "entries": array(ID), "here": FLAG})), "those that entries name"
        ),
        "unnamed": of(array(SHA256), "papers that are here and that no entry names"),
        "without": of(array(ID), "entries without papers that nobody has taken back"),
    }
)

EVIDENCE_GET = record({"sha256": SHA256, "file": TEXT})

CHECKPOINT = record(
    {"origin": TEXT, "size": COUNT, "root": _ROOT, "note": of(TEXT, "the signed note")}
)

_PATH = array(BASE64)

PROVE = record(
    {
        "format": {"const": "tally.proof/1"},
        "checkpoint": TEXT,
        "events": array(record({**_EVENT, "path": of(_PATH, "from the leaf up")})),
    },
    {"consistency": record({"size": COUNT, "root": _ROOT, "path": _PATH})},
)

BACKUP = record({"file": TEXT, "position": COUNT, "root": _ROOT})

RESTORE = record({"ledger": TEXT, "position": COUNT, "root": _ROOT})

COPY = record({"from": TEXT, "to": TEXT, "position": COUNT, "root": _ROOT})

ACCEPT_COPY = record({"position": COUNT})

REBUILD = record({"view": of(TEXT, "the file"), "position": COUNT, "year": YEAR})
