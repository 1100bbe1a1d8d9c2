"""`history`: show every event of an entry, an objection or a bulletin."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from cli.language import render
from cli.options import OptionError, format_option, ledger_option, query_options
from cli.output.lines import print_line
from cli.parameters.values import ENTRY
from ledger.message import Message, Series

if TYPE_CHECKING:
    from cli.options import ScoreOptions
    from ledger.kinds import Kinds

_SHOWN_APART = {"position", "event", "at", "by", "content", "figures", "files"}
_TERMS = (
    *(
        Message("recorded"),
        Message("returned"),
        Message("verified"),
        Message("reversed"),
        Message("objected"),
        Message("decided"),
    ),
    *(
        Message("kind"),
        Message("published"),
        Message("objection"),
        Message("publication"),
        Message("by_entry"),
    ),
    *(
        Message("in_effect"),
        Message("to"),
        Message("outcome"),
        Message("edition"),
        Message("shows_position"),
    ),
    *(
        Message("through"),
        Message("entry"),
        Message("replaced_by"),
        Message("upheld"),
        Message("dismissed"),
        Message("withdrawn"),
    ),
    *(Message("session_user"), Message("adopted"), Message("measure"), Message("founding")),
    *(Message("basis"), Message("set_aside"), Message("row")),
)
"""Words of `projections.history` other than fields of entries, for the catalogue to translate."""


@click.command(epilog="\b\nExample:\n  tally history B-2016-0007\n  tally history 2016Q2")
@click.argument("subject", metavar="ID", type=ENTRY)
@query_options("as_of", "cached")
@ledger_option
@format_option
def history(subject: str, query: ScoreOptions, url: str, form: str) -> None:
    """Show every event of an entry: what was done with it, by whom and why.

    ID may also be an objection's; a period or year: then its published editions are shown; or
    measure:2016: then the adoptions of the measure of that year are; or aside:10345: a damaged
    position that was set aside.
    """
    from cli.output import remark, write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from ledger.state import LedgerState  # noqa: PLC0415
    from projections.history import history as history_of  # noqa: PLC0415

    with session(url) as opened:
        to = opened.at(query.as_of)
        state = opened.loader_of(query).history(subject, to)
        kinds = opened.ledger.kinds
        left_out = opened.ledger.asides.of(subject, to)
        for one in left_out:
            remark(one.sentence())
        found = history_of(subject, state)
        if found is None and left_out:
            # Nothing of it is read: what is known of it is that it was set aside.
            found = history_of(left_out[0].name, LedgerState(asides={1: left_out}))
        if found is not None:
            sessions = opened.ledger.store.sessions([e["position"] for e in found["events"]])
            for event in found["events"]:
                session_user = sessions.get(event["position"], event["by"])
                if session_user != event["by"]:
                    event["session_user"] = session_user
    if found is None:
        raise OptionError(
            "ID",
            Message(
                "{subject!r} is not an entry, an objection, a published period or an adopted "
                "measure of this ledger "
                "as of position {position}; look up the id where it was recorded",
                subject=subject,
                position=state.position,
            ),
        )
    found["as_of"] = state.position
    if left_out:
        found["set_aside"] = [one.as_json() for one in left_out]
    header = ["position", "event", "at", "by", "details"]
    rows = [
        [
            *(event[name] for name in header[:-1]),
            json.dumps(
                {name: value for name, value in event.items() if name not in header},
                ensure_ascii=False,
            ),
        ]
        for event in found["events"]
    ]
    write(
        form,
        value=lambda: found,
        table=lambda: _print(found, kinds),
        rows=lambda: (header, rows),
    )


def _print(found: dict[str, Any], kinds: Kinds) -> None:
    from cli.output import shown  # noqa: PLC0415 - not for --help
    from cli.output.entry_words import field_words, kind_word  # noqa: PLC0415
    from cli.output.times import office_time  # noqa: PLC0415

    of_entry = "content" in found["events"][0]
    print_line(
        render(
            "{id} ({kind}), as of position {as_of}",
            id=found["id"],
            kind=kind_word(found["kind"], kinds) if of_entry else found["kind"],
            as_of=found["as_of"],
        )
    )
    for event in found["events"]:
        print_line(
            render(
                "{position:>8}  {at}  {event} by {by}",
                position=event["position"],
                at=office_time(event["at"]),
                event=event["event"],
                by=event["by"],
            )
        )
        details = {
            name: value
            for name, value in event.items()
            if name not in _SHOWN_APART and value is not None
        }
        words = ((name, shown(value)) for name, value in details.items())
        of_content = field_words(event["content"], kinds) if "content" in event else ()
        for name, value in chain(words, of_content):
            print_line(render("            {name}: {value}", name=name, value=value))
        if "files" in event:
            print_line(
                render(
                    "            content of {count} {count:file|files} (--json shows them)",
                    count=len(event["files"]),
                )
            )
        if "figures" in event:
            print_line(
                render(
                    "            figures of {count} {count:unit|units} (--json shows them)",
                    count=len(event["figures"]),
                )
            )
    if found.get("replaces"):
        print_line(render("replaces {replaces}", replaces=found["replaces"]))
    for other in found.get("replaced_by", []):
        print_line(render("replaced by {other}", other=other))
    if found.get("followed_by"):
        print_line(render("followed by {followed_by}", followed_by=Series(found["followed_by"])))
