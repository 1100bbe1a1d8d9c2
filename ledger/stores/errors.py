"""Errors that only stores raise."""

from __future__ import annotations

from ledger.errors import StoreError, TallyError
from ledger.message import Message


class UnknownStoreError(TallyError):
    """A URL names no kind of store."""

    def __init__(self, url: str) -> None:
        from ledger.stores.masking import mask_password  # noqa: PLC0415 - only to refuse

        super().__init__(
            Message(
                "{url} does not name a store; write sqlite:///path/tally.db or "
                "postgresql://host/database",
                url=mask_password(url),
            )
        )


class MalformedUrlError(TallyError):
    """A URL names a kind of store, but no place for it."""

    def __init__(self, url: str, why: str) -> None:
        from ledger.stores.masking import mask_password  # noqa: PLC0415 - only to refuse

        super().__init__(
            Message("{url!r} is not the URL of a ledger: {why}", url=mask_password(url), why=why)
        )


class MissingExtraError(StoreError):
    """The libraries of a store are not installed."""

    def __init__(self, url: str, error: ImportError) -> None:
        from ledger.stores.masking import mask_password  # noqa: PLC0415 - only to refuse

        super().__init__(
            Message(
                "{url} needs PostgreSQL's libraries ({error}); run `pip install '.[postgres]'` "
                "in tally's source folder",
                url=mask_password(url),
                error=error,
            )
        )


class SeveralNamesError(StoreError):
    """A SQLite file has hard links: the log with its newest events is beside one name only."""

    def __init__(self, url: str, names: int) -> None:
        super().__init__(
            Message(
                "{url} is one of {names} names of the same file (hard links), and SQLite keeps the "
                "newest events beside one name only; keep the name by which the office writes and "
                "remove the others (copy a ledger with `tally backup`)",
                url=url,
                names=names,
            )
        )


class BeingMadeError(StoreError):
    """Another process is making a ledger at the same place."""

    def __init__(self, url: str, part: object) -> None:
        super().__init__(
            Message(
                "{url}: another process is making a ledger there; nothing was changed. Wait for "
                "it; if no tally runs any more, remove {part}, which it left, and try again.",
                url=url,
                part=part,
            )
        )


class NewerSchemaError(StoreError):
    """A newer version of the program wrote the ledger."""

    def __init__(self, url: str, version: int, known: int) -> None:
        super().__init__(
            Message(
                "{url} was written by a newer tally (schema {version}; this one knows "
                "{known}); update tally to read it.",
                url=url,
                version=version,
                known=known,
            )
        )


class StoreFaultError(StoreError):
    """The file, the server or the way to it failed; nothing was written."""

    def __init__(self, url: str, fault: object, advice: str) -> None:
        super().__init__(
            Message(
                "{url}: {fault}; {advice}. Nothing was written.",
                url=url,
                fault=fault,
                advice=advice,
            )
        )


class EventsRejectedError(StoreError):
    """A key or trigger of the store rejected events although the ledger had not moved."""

    def __init__(self, url: str, error: Exception) -> None:
        super().__init__(
            Message(
                "{url} rejected the events: {error}; run `tally check`. Nothing was written.",
                url=url,
                error=" ".join(str(error).split()),
            )
        )
