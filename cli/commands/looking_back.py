"""`history`: the whole life of an entry."""

from __future__ import annotations

import json

import click

from cli.options import OptionError, as_of_option, format_option, ledger_option


@click.command(epilog="\b\nExample:\n  tally history B-2016-0007")
@click.argument("entry")
@as_of_option
@ledger_option
@format_option
def history(entry: str, as_of: str | None, url: str, form: str, *, as_json: bool) -> None:
    """Show all that happened to an ENTRY: recorded, verified, taken back, replaced."""
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from projections.history import history_json  # noqa: PLC0415

    with session(url) as opened:
        register = opened.register(as_of)
    life = register.get(entry)
    if life is None:
        raise OptionError("ENTRY", f"{entry} is not in this ledger as of {register.position}")
    found = {**history_json(life, register), "as_of": register.position}

    def table() -> None:
        click.echo(f"{found['id']} ({found['kind']}), as of position {register.position}")
        for event in found["events"]:
            told = f"{event['position']:>8}  {event['at']}  {event['event']} by {event['by']}"
            if "by_entry" in event:
                effect = "" if event["in_effect"] else " (not verified yet: no effect)"
                told += f", {event['by_entry']}: {event['reason']}{effect}"
            click.echo(told)
            for name, value in event.get("content", {}).items():
                shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                click.echo(f"            {name}: {shown}")
        if found["replaces"]:
            click.echo(f"replaces {found['replaces']}")
        for other in found["replaced_by"]:
            click.echo(f"replaced by {other}")

    header = ["position", "event", "at", "by", "by_entry", "reason", "content"]
    rows = [
        [
            *(event.get(name, "") for name in header[:-1]),
            json.dumps(event["content"], ensure_ascii=False) if "content" in event else "",
        ]
        for event in found["events"]
    ]
    write(form, as_json=as_json, value=lambda: found, table=table, rows=lambda: (header, rows))
