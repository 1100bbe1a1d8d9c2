"""The towns of a region: what `region.toml` and its list of towns say."""

from __future__ import annotations

from msgspec import Struct


class Town(Struct, frozen=True):
    """A town and where its ledger is."""

    code: str
    """The division code (行政区划代码): 6 to 12 digits; its first 2, 4, 6 and 9 are divisions."""
    name: str
    server: str
    """The name of its server in `region.toml`; empty for a file."""
    url: str
    """Of its ledger, without a password."""
    schema: str = ""


class Region(Struct, frozen=True):
    """A region: its name, the URLs of its servers by name, and its towns by code."""

    name: str
    servers: dict[str, str]
    towns: tuple[Town, ...]
