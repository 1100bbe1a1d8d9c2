"""`history`: the whole life of an entry, an objection or a published quarter."""

from __future__ import annotations

import json
from typing import Any

import click

from cli.options import OptionError, as_of_option, format_option, ledger_option

_SHOWN_APART = {"position", "event", "at", "by", "content", "figures"}


@click.command(epilog="\b\nExample:\n  tally history B-2016-0007\n  tally history 2016Q2")
@click.argument("subject", metavar="ID")
@as_of_option
@ledger_option
@format_option
def history(subject: str, as_of: str | None, url: str, form: str, *, as_json: bool) -> None:
    """Show all that happened to an entry: recorded, verified, taken back, replaced, objected to.

    ID may be an objection's too, or a quarter: then its published editions are shown.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from projections.history import history as history_of  # noqa: PLC0415

    with session(url) as opened:
        register = opened.register(as_of)
    found = history_of(subject, register)
    if found is None:
        raise OptionError(
            "ID",
            f"{subject!r} is no entry, objection or published quarter of this ledger as of "
            f"position {register.position}; look the number up where it was recorded",
        )
    found["as_of"] = register.position
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
        as_json=as_json,
        value=lambda: found,
        table=lambda: _print(found),
        rows=lambda: (header, rows),
    )


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _print(found: dict[str, Any]) -> None:
    click.echo(f"{found['id']} ({found['kind']}), as of position {found['as_of']}")
    for event in found["events"]:
        click.echo(f"{event['position']:>8}  {event['at']}  {event['event']} by {event['by']}")
        details = {
            name: value
            for name, value in event.items()
            if name not in _SHOWN_APART and value is not None
        }
        for name, value in {**details, **event.get("content", {})}.items():
            click.echo(f"            {name}: {_shown(value)}")
        if "figures" in event:
            click.echo(f"            figures of {len(event['figures'])} units (--json shows them)")
    if found.get("replaces"):
        click.echo(f"replaces {found['replaces']}")
    for other in found.get("replaced_by", []):
        click.echo(f"replaced by {other}")
    if found.get("followed_by"):
        click.echo(f"followed by {', '.join(found['followed_by'])}")
