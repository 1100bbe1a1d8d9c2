"""The life of an entry or an objection as a page shows it: content, status, events, links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.pages.views.page import Desk, Link, office_minute, office_time
from ledger.entries import Reversal
from ledger.message import Message
from projections.history import history

if TYPE_CHECKING:
    from collections.abc import Iterator

_APART = {"position", "event", "at", "by", "content", "figures"}
_ENTRIES = {"replaces", "of", "by_entry", "replaced_by", "objection", "entry", "batch", "case"}
_UNITS = {"unit", "host_unit"}
_WORDS = {"level", "type", "arrival", "issuer", "urgency", "outcome"}


class Told(NamedTuple):
    """A field: what it is called, and its values, each perhaps a link."""

    name: str
    label: str
    values: list[Link]


class Event(NamedTuple):
    """One thing that was done."""

    position: int
    event: str
    at: str
    utc: str
    by: str
    details: list[Told]


class Life(NamedTuple):
    """An entry or an objection with all that happened to it."""

    id: str
    kind: str
    kind_told: str
    link: Link
    status: str
    status_told: str
    content: list[Told]
    events: list[Event]
    replaces: Link | None
    replaced_by: list[Link]
    followed_by: list[Link]


def life(subject: str, desk: Desk) -> Life | None:
    """The life of an entry or an objection; None for no such thing in what is known."""
    found = history(subject, desk.view.state)
    if found is None or found["kind"] == "publication":
        return None
    kind = found["kind"]
    content = found["events"][0].get("content", {})
    status, told = _status(subject, desk)
    return Life(
        subject,
        kind,
        desk.say.term(kind),
        desk.entry(subject),
        status,
        told,
        [
            _told(kind, name, value, desk)
            for name, value in content.items()
            if name not in {"kind", "id", "replaces"}
        ],
        [_event(event, desk) for event in found["events"]],
        desk.entry(found["replaces"]) if found.get("replaces") else None,
        [desk.entry(other) for other in found.get("replaced_by", [])],
        [desk.entry(other) for other in found.get("followed_by", [])],
    )


def _status(subject: str, desk: Desk) -> tuple[str, str]:
    """Whether a thing counts, as a word for the style and as a sentence."""
    state, say = desk.view.state, desk.say
    known = state.get(subject)
    if known is None:
        decided = state.objections[subject].decided is not None
        return ("decided", say.term("decided")) if decided else ("open", say("awaits a decision"))
    if desk.view.effective.taken_back(known):
        return "reversed", say("taken back: does not count")
    if known.verified is None:
        counts = desk.view.provisional
        provisional = Message("not verified yet: counted provisionally")
        return "unverified", say(provisional if counts else Message("not verified yet"))
    if known.reversed is not None:
        return "open", say("counts until its reversal is verified")
    if isinstance(known.entry, Reversal):
        return "counts", say.term("in_effect")
    return "counts", say("verified: counts")


def _event(event: dict[str, Any], desk: Desk) -> Event:
    details = [
        _told("", name, value, desk)
        for name, value in event.items()
        if name not in _APART and value is not None and value != []
    ]
    return Event(
        event["position"],
        desk.say.term(event["event"]),
        office_time(event["at"]),
        event["at"],
        event["by"],
        details,
    )


def _told(kind: str, name: str, value: Any, desk: Desk) -> Told:
    label = desk.say.field(kind, name)
    return Told(name, label, list(_values(name, value, desk)))


def _values(name: str, value: Any, desk: Desk) -> Iterator[Link]:
    if isinstance(value, list):
        for one in value:
            yield desk.unit(one) if name == "units" else next(_values(name, one, desk))
    elif name in _UNITS:
        score = desk.view.by_unit.get(desk.view.standing_unit(value) or "")
        yield desk.unit(value)
        if score is not None:
            yield Link(score.name, None, chinese=True)
    elif name in _ENTRIES or (name == "notice" and value in desk.view.state.entries):
        yield desk.entry(value)
    elif name == "to":
        yield desk.entry(value) if value in desk.view.state.entries else Link(value, None)
    elif name == "occurred_at" or name.endswith("_at"):
        yield Link(office_minute(value), None)
    elif name in _WORDS or isinstance(value, bool):
        yield Link(desk.say.term(value), None)
    else:
        yield Link(str(value), None, chinese=name in {"name", "title"})
