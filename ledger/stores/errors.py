"""Errors that only stores raise."""

from __future__ import annotations

from ledger.errors import StoreError, TallyError
from ledger.message import Message


class UnknownStoreError(TallyError):
    """A URL names no kind of store."""

    def __init__(self, url: str) -> None:
        super().__init__(
            Message(
                "{url} does not name a store; write sqlite:///path/tally.db or "
                "postgresql://host/database",
                url=url,
            )
        )


class MissingExtraError(StoreError):
    """The libraries of a store are not installed."""

    def __init__(self, url: str, error: ImportError) -> None:
        super().__init__(
            Message(
                "{url} needs PostgreSQL's libraries ({error}); run `pip install '.[postgres]'` "
                "in tally's source folder",
                url=url,
                error=error,
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
