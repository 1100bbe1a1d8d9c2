"""Record an entry: choose its kind, fill in its form, see what it moves; or keep a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.desk.doubts import check_doubts, doubt_rows, without_doubts
from cli.desk.drafts import Draft, Drafts, DraftsError
from cli.desk.entry_form import (
    PREFIX,
    content_of,
    controls,
    fields_of,
    submission_of,
    texts_of,
    typed,
)
from cli.desk.offers import Offers
from cli.desk.settling import settle
from cli.desk.work import RECORDERS, Done, Work, address
from cli.output.times import office_minute
from cli.pages.query import MissingError
from cli.pages.views.page import Page
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cli.desk.work import Desk, Given
    from ledger.receipts import Receipt
    from ledger.submissions import Submission

_BY_A_PAGE_OF_ITS_OWN = frozenset({"reversal"})

_SELDOM = frozenset(
    {"unit", "special_period", "notice", "ruling", "carried_quarter", "inspection_finding"}
)
"""Kinds that are recorded as a year begins or ends, listed after the others."""


def kinds_to_record(desk: Desk) -> list[tuple[str, str]]:
    """Return the kinds of entries that the adopted measures ask for, with their titles."""
    wanted = desk.measures.entry_kinds() - _BY_A_PAGE_OF_ITS_OWN
    return [(kind, desk.translate.kind(desk.kinds, kind)) for kind in desk.kinds if kind in wanted]


def message_lines(desk: Desk, given: Given, shown: Sequence[str]) -> list[str]:
    """Return what stands above a form that was refused.

    Args:
        desk: the desk.
        given: the form.
        shown: the fields that show their refusals themselves.
    """
    if not given.refusals:
        return [desk.translate(one) for one in given.message]
    wrong = without_doubts(given.refusals)
    lines = [desk.translate(one.sentence()) for one in wrong if str(one.field) not in shown]
    if len(lines) < len(wrong):
        lines.insert(0, desk.translate("Nothing was written yet; see the fields marked below."))
    return lines


def _show(desk: Desk, given: Given) -> Page:
    kinds = kinds_to_record(desk)
    kind = given.text("kind")
    values: dict[str, Any] = {"kinds": kinds, "kind": "", "drafts": [], "message": []}
    try:
        drafts = Drafts(desk).all()
    except DraftsError as error:
        drafts, values["message"] = [], [desk.translate(one) for one in error.sentences()]
    titles = dict(kinds)
    values["drafts"] = [_draft_row(one, titles) for one in drafts]
    if not kind:
        often = [one for one in kinds if one[0] not in _SELDOM]
        values["groups"] = [
            (desk.translate("Recorded often"), often),
            (
                desk.translate("As a year begins or ends"),
                [one for one in kinds if one not in often],
            ),
        ]
        values["message"] += [desk.translate(one) for one in given.message]
        return Page("desk/record.html", desk.translate("Record"), values=values, current="record")
    if kind not in titles:
        words = Message("{kind} is not a kind of entry that the measure asks for", kind=kind)
        raise MissingError(words)
    draft = given.text("draft")
    kept = next((one for one in drafts if one.id == draft and not given.fields), None)
    after = given.parameters.get("after", "").strip()
    texts: Mapping[str, Sequence[str]] = {}
    if kept is not None:
        texts = kept.fields
    else:
        texts = {**_like(desk, kind, after), **typed(given, fields_of(desk, kind, {}))}
    offers = Offers(desk)
    shown = controls(desk, kind, texts, offers, without_doubts(given.refusals))
    values |= {
        "kind": kind,
        "controls": shown,
        "prefix": PREFIX,
        "draft": draft,
        "after": after,
        "next_kinds": [
            (title, desk.links.to("record", kind=one, **about))
            for one, title, about in _following(desk, kinds, after)
        ],
        "doubts": doubt_rows(desk, given),
        "message": message_lines(desk, given, [one.name for one in shown]),
    }
    title = desk.translate("Record: {kind}", kind=titles[kind])
    return Page("desk/record.html", title, values=values, current="record")


def _draft_row(draft: Draft, titles: Mapping[str, str]) -> tuple[Draft, str, str, str]:
    """Return a draft with its kind's title, its time and the first that is typed in it."""
    first = [value for values in draft.fields.values() for value in values]
    return draft, titles.get(draft.kind, draft.kind), office_minute(draft.at), "、".join(first[:4])


def _following(
    desk: Desk, kinds: Sequence[tuple[str, str]], entry_id: str
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield the kinds that an entry recorded just now calls for, with what is known of them.

    They must name an entry of its kind, as an on-site response names its batch.
    """
    known = desk.ledger.state_of([entry_id]).get(entry_id) if entry_id else None
    if known is None or known.entry.KIND == "unit":
        return
    content = known.entry.content()
    for kind, title in kinds:
        fields = fields_of(desk, kind, {})
        named = [
            name
            for name, field in fields.items()
            if field.required and field.refers_to == known.entry.KIND
        ]
        if named:
            unit = {"unit": content["unit"]} if "unit" in content and "unit" in fields else {}
            yield kind, title, {**unit, named[0]: entry_id}


def _like(desk: Desk, kind: str, entry_id: str) -> dict[str, list[str]]:
    """Return day and type of an entry that was recorded just now, for another one like it."""
    known = desk.ledger.state_of([entry_id]).get(entry_id) if entry_id else None
    if known is None or kind != known.entry.KIND:
        return {}
    texts = texts_of(known.entry.content(), fields_of(desk, kind, {}))
    dated = {desk.kinds.by_name[kind].DATED_BY, "month", "year", "type"}
    return {name: values for name, values in texts.items() if name in dated}


def _act(desk: Desk, given: Given) -> Done | Page:
    kind, step, draft = given.text("kind"), given.text("step"), given.text("draft")
    if step == "drop":
        Drafts(desk).drop(draft)
        return Done("/record", [Message("the draft was dropped")])
    if kind not in dict(kinds_to_record(desk)):
        raise MissingError(Message("there is no such kind of entry"))
    fields = fields_of(desk, kind, {})
    texts = typed(given, fields)
    if step == "draft":
        Drafts(desk).keep(kind, texts, fields, draft)
        return Done("/record", [Message("the draft was kept; it is no entry yet")])
    if step == "edit":
        return _show(desk, given)
    submission = submission_of(desk, content_of(desk, kind, texts, Offers(desk)))
    check_doubts(
        given, lambda doubts: desk.ledger.record([submission], desk.by, doubts=doubts, dry_run=True)
    )
    if step in {"preview", "confirm"}:
        about = [named for _, named, _ in submission.entry.references()]
        settled = settle(desk, given, lambda _: [submission], about)
        if isinstance(settled, dict):
            values = {**settled, "action": "record", "confirm": desk.translate("Record it")}
            return Page("desk/confirm.html", desk.translate("Before it is recorded"), values=values)
        receipt = settled
    else:
        receipt = desk.ledger.record([submission], desk.by)
    Drafts(desk).drop(draft)
    return _done(kind, submission, receipt)


def _done(kind: str, submission: Submission, receipt: Receipt) -> Done:
    if not receipt.recorded:
        words = Message(
            "{id} was recorded before with the same content; nothing was written",
            id=submission.entry.id,
        )
        return Done(address("/record", kind=kind, after=submission.entry.id), [words])
    (entry_id,) = receipt.entries
    words = Message("recorded {id}; it counts once somebody else has verified it", id=entry_id)
    remarks = [one for one in receipt.remarks if isinstance(one, Message)]
    return Done(address("/record", kind=kind, after=entry_id), [words, *remarks])


RECORD = Work("/record", _show, _act, RECORDERS, RECORDERS, takes_papers=True)
