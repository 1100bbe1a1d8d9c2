"""`record`: one entry, an option for every field, made from the declarations themselves."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_origin

import click

from cli.commands.receipts import print_receipt, refuse
from cli.language import helped
from cli.options import format_option, ledger_option
from cli.suggesting import NamedGroup
from ledger.entries import BY_KIND, Entry
from ledger.errors import EntriesRefusedError
from ledger.shapes import bare_type, choices_of

if TYPE_CHECKING:
    from ledger.entries.base import Declared


def _option(name: str, field: Declared) -> click.Option:
    bare, choices = bare_type(field.annotation), choices_of(field.annotation)
    words = f"{field.title}: {field.description}"
    if choices:
        words = f"{words} ({', '.join(choices)})"
    flag = f"--{name.replace('_', '-')}"
    spelled = [flag, *([f"--{name}"] if "_" in name else []), name]
    more: dict[str, Any] = {"help": words, "required": field.required}
    if bare is bool:
        # `--abnormal`, `--abnormal true` and `--abnormal false` all say what they mean.
        more |= {"is_flag": False, "flag_value": "true", "metavar": "[true|false]"}
    elif get_origin(bare) is tuple:
        more |= {"multiple": True, "metavar": "TEXT…", "help": f"{words} (comma or repeated)"}
    else:
        more["metavar"] = {int: "N", datetime: "TIME"}.get(bare, "TEXT")
    return click.Option(spelled, **more)


def field_value(given: Any, field: Declared | None) -> Any:
    """A word from the command line as JSON would have it; what does not fit is left to the door."""
    bare = str if field is None else bare_type(field.annotation)
    if get_origin(bare) is tuple and isinstance(given, str):
        given = (given,)
    if isinstance(given, tuple):
        return [part.strip() for item in given for part in item.split(",") if part.strip()]
    if bare is bool:
        return {"true": True, "yes": True, "false": False, "no": False}.get(given.lower(), given)
    if bare is int and given.lstrip("-").isdecimal() and given.isascii():
        return int(given)
    return given


def entry_json(kind: str, given: dict[str, Any]) -> bytes:
    """The JSON object of an entry, from words by field name."""
    fields = BY_KIND[kind].FIELDS
    content = {
        name: field_value(value, fields[name])
        for name, value in given.items()
        if name in fields and value not in (None, ())
    }
    return json.dumps({"kind": kind, **content}, ensure_ascii=False).encode(errors="surrogatepass")


def _record(kind: str, url: str, by: str, form: str, *, as_json: bool, **given: Any) -> None:
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.submissions import Submission, parse  # noqa: PLC0415

    with session(url) as opened:
        try:
            outcome = parse(entry_json(kind, given))
            if not isinstance(outcome, Submission):
                raise EntriesRefusedError(outcome)
            receipt = opened.ledger.record([outcome], by)
        except EntriesRefusedError as error:
            refuse(error, form, as_json=as_json)
            return
    print_receipt(receipt, form, as_json=as_json)


_EXAMPLES = {
    "unit": "V101 --name 青禾村 --type village",
    "special_period": "SP-2016-01 --level national --starts-on 2016-03-01 --ends-on 2016-03-17",
    "notice": "N-2016-01 --title 国庆节前排查 --due-on 2016-09-28",
    "ruling": "RU-2016-01 --year 2016 --reading overstay_factor --value 1.5 --basis 领导小组会议",
    "screening_report": "SR-2016-03 --unit V001 --month 2016-03 --submitted-on 2016-03-28",
    "case_report": "CR-2016-03 --unit V001 --month 2016-03 --cases 2 --submitted-on 2016-03-30",
    "information_report": "IR-2016-12 --unit V001 --urgency urgent --matters XF-2016-900 "
    "--submitted-at 2016-05-11T16:00",
    "petition_batch": "B-2016-900 --unit V001 --matter XF-2016-900 --level town --headcount 6 "
    "--occurred-at 2016-05-12T09:30 --abnormal",
    "on_site_response": "R-2016-900 --unit V001 --batch B-2016-900 --arrival prompt --effective "
    "--stay-minutes 45",
    "commendation": "TB-2016-01 --unit V001 --level city --issued-on 2016-06-20",
    "research_site": "DY-2016-01 --unit V001 --level province --held-on 2016-07-05",
    "supervised_case": "DB-2016-01 --unit V001 --level city --due-on 2016-08-31",
    "case_resolution": "HJ-2016-01 --unit V001 --case DB-2016-01 --resolved-on 2016-08-20",
    "criticism": "TP-2016-01 --unit V001 --issuer district --issued-on 2016-06-20",
    "yellow_card": "HP-2016-01 --unit V001 --issued-on 2016-06-20",
    "inspection_finding": "IF-2016-V001-1.1 --unit V001 --year 2016 --item 1.1 --points 0.5",
    "reversal": "B-2016-900.R --of B-2016-900 --reason 重复录入",
}


def _command(entry_type: type[Entry]) -> click.Command:
    kind = entry_type.KIND
    options = [_option(name, field) for name, field in entry_type.FIELDS.items() if name != "kind"]
    example = _EXAMPLES[kind]
    command = click.Command(
        kind,
        callback=lambda **given: _record(kind, **given),
        params=[
            *options,
            click.Option(["--by"], required=True, metavar="NAME", help="Who records."),
        ],
        help=(entry_type.__doc__ or "") + f"\n\n{entry_type.TITLE}",
        short_help=entry_type.TITLE,
        epilog=f"\b\nExample:\n  tally record {kind} --id {example} --by clerk",
    )
    return _with_shared_options(command)


def _with_shared_options(command: click.Command) -> click.Command:
    shared = click.command()(ledger_option(format_option(lambda: None)))
    command.params.extend(shared.params)
    return command


class KindGroup(NamedGroup):
    """A command for each kind of entry; its name with hyphens is understood too."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the contract's order."""
        del ctx
        return list(BY_KIND)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a kind."""
        del ctx
        entry_type = BY_KIND.get(cmd_name.replace("-", "_"))
        return None if entry_type is None else helped(_command(entry_type))


@click.group(
    cls=KindGroup,
    epilog="\b\nExample:\n  tally record petition_batch --help\n"
    f"  tally record petition_batch --id {_EXAMPLES['petition_batch']} --by clerk",
)
def record() -> None:
    """Append one entry of a KIND."""
