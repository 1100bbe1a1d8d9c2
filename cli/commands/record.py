"""`record`: append one entry; every field of its kind is an option."""

from __future__ import annotations

import json
import shlex
from datetime import date
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from cli.commands.receipts import (
    NotConfirmedError,
    agreed,
    is_interactive,
    print_receipt,
    refusals,
)
from cli.language import default_language, helped, render
from cli.language.helping import EXAMPLE
from cli.options import by_option, chosen_url, doubt_options, format_option, ledger_option
from cli.output import remark
from cli.parameters.entry_fields import TYPES, field_type, in_json
from cli.parameters.times import DAY, TIME
from cli.parameters.values import ENTRY, FLAG, ITEMS, WHOLE, Word
from cli.suggesting import NamedGroup
from ledger.entries import BY_KIND, Entry
from ledger.entries.own import OwnEntry
from ledger.errors import EntriesRefusedError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from click.shell_completion import CompletionItem

    from cli.measured import LedgerMeasure
    from ledger.doubts import Doubt
    from ledger.entries.base import Field
    from ledger.kinds import Kinds


_METAVARS: dict[Any, str] = {
    FLAG: "[true|false]",
    ITEMS: "TEXT…",
    WHOLE: "N",
    DAY: "DATE",
    TIME: "TIME",
}


def _option(name: str, field: Field) -> click.Option:
    value = ENTRY if name in {"of", "replaces"} else field_type(field)
    words = f"{field.title}: {field.description}"
    more: dict[str, Any] = {}
    if isinstance(value, Word):
        words = f"{words} ({', '.join(value.choices)})"
    elif value is FLAG:
        # `--abnormal` alone means `--abnormal true`.
        more = {"is_flag": False, "flag_value": "true"}
    elif value is ITEMS:
        words = f"{words} (comma or repeated)"
        more = {"multiple": True}
    flag = f"--{name.replace('_', '-')}"
    return click.Option(
        [flag, *([f"--{name}"] if "_" in name else []), name],
        type=value,
        required=field.required,
        metavar=_METAVARS.get(value, "TEXT"),
        help=words,
        **more,
    )


def _in_language(option: click.Option, field: Field) -> click.Parameter:
    if default_language() == "en":
        return option
    from cli.language.helping import parameter_in_chinese  # noqa: PLC0415 - for help alone

    return parameter_in_chinese(option, field)


def _entry_json(kind: str, given: dict[str, Any], kinds: Kinds) -> bytes:
    """Return the JSON object of an entry from the values of its options, by field.

    The fields are those of the entry's year, and of other years where it has none of that name.
    """
    dates = {name: str(value) for name, value in given.items() if isinstance(value, date | str)}
    fields = {**kinds.fields(kind), **kinds.under({"kind": kind, **dates}).fields(kind)}
    content: dict[str, Any] = {"kind": kind}
    for name, value in given.items():
        if value not in (None, ()):
            field = fields[name]
            kind_of_value = field_type(field)
            # The choices may be the measure's, which is known once the ledger is open.
            is_read = not field.choices and not (isinstance(value, str) and field.form in TYPES)
            given_value = value if is_read else kind_of_value.convert(value, None, None)
            several = sum(value, ()) if kind_of_value is ITEMS else given_value
            content[name] = in_json(name, field, several)
    return json.dumps(content, ensure_ascii=False).encode(errors="surrogatepass")


def _record(
    kind: str, by: str, url: str, form: str, *, doubts: frozenset[Doubt], **given: Any
) -> None:
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.doubts import DOUBTS  # noqa: PLC0415
    from ledger.submissions import Submission, parse  # noqa: PLC0415

    with session(url) as opened, refusals(form):
        kinds = opened.ledger.kinds
        if given.get("evidence"):
            from cli.papers import with_papers  # noqa: PLC0415 - only for papers

            given["evidence"] = [with_papers(url, sum(given["evidence"], ()))]
        outcome = parse(_entry_json(kind, given, kinds), kinds=kinds)
        if not isinstance(outcome, Submission):
            raise EntriesRefusedError(outcome)
        try:
            receipt = opened.ledger.record([outcome], by, doubts=doubts)
        except EntriesRefusedError as refused:
            codes = {refusal.code for refusal in refused.refusals}
            if not (codes <= DOUBTS and is_interactive()):
                raise
            for refusal in refused.refusals:
                remark(refusal.sentence())
            if not agreed(Message("\nRecord it all the same? [y/N] ")):
                raise NotConfirmedError from None
            receipt = opened.ledger.record([outcome], by)
    print_receipt(receipt, form)


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
    "carried_quarter": "CQ-2016Q1-V001 --unit V001 --period 2016Q1 "
    "--sections basic_work=8,abnormal_petitions=12 --basis 一季度通报",
    "yellow_card": "HP-2016-01 --unit V001 --issued-on 2016-06-20",
    "inspection_finding": "IF-2016-V001-1.1 --unit V001 --year 2016 --item 1.1 --points 0.5",
    "reversal": "B-2016-900.R --of B-2016-900 --reason 重复录入",
}


class _KindCommand(click.Command):
    """The command of a kind; its choices and its example are of the ledger's measure."""

    fields: Mapping[str, Field]
    """Those of the kind, as every ledger has them."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete an option in one spelling of two."""
        return [one for one in super().shell_complete(ctx, incomplete) if "_" not in one.value]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, with the values that the measure declares."""
        assert self.name is not None
        kinds = _measured(ctx).kinds
        fields = kinds.fields(self.name) if self.name in kinds else self.fields
        self.params = [
            _in_language(_option(one.name, fields[one.name]), fields[one.name])
            if one.name in fields
            else one
            for one in self.params
        ]
        super().format_options(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example."""
        assert self.name is not None
        lines = f"\b\n{render(EXAMPLE)}\n  {_example(self.name, _measured(ctx))}"
        self.epilog = lines
        super().format_epilog(ctx, formatter)


def _example(kind: str, measured: LedgerMeasure) -> str:
    """Return a command that records an entry of a kind under a measure."""
    from projections.measure import BUILT_IN  # noqa: PLC0415 - for help alone

    if measured.measure.id == BUILT_IN and kind in _EXAMPLES:
        return f"tally record {kind} --id {_EXAMPLES[kind]} --by clerk"
    from cli.workbooks.cells import value_of  # noqa: PLC0415
    from cli.workbooks.examples import example_values  # noqa: PLC0415

    words = ["tally", "record", kind]
    for column, cell in example_values(kind, measured).items():
        value = value_of(cell, column)
        if isinstance(value, dict):
            value = [f"{name}={points}" for name, points in value.items()]
        text = ",".join(value) if isinstance(value, list) else str(value)
        text = text.lower() if isinstance(value, bool) else text
        words += [f"--{column.field.replace('_', '-')}", text]
    return f"{shlex.join(words)} --by clerk"


def _command(entry_type: type[Entry], fields: Mapping[str, Field]) -> click.Command:
    """Return the command of a kind with some fields, with its help in the user's language."""
    kind = entry_type.KIND
    options = [_option(name, field) for name, field in fields.items() if name != "kind"]
    text = f"{entry_type.__doc__ or ''}\n\n{entry_type.TITLE}"
    # Left out, it is as much of the help as there is room for.
    short = entry_type.TITLE if default_language() == "zh" else None
    if issubclass(entry_type, OwnEntry):
        text = short = entry_type.TITLE if default_language() == "zh" else entry_type.TITLE_EN
    command = click.command(kind, cls=_KindCommand, params=options, help=text, short_help=short)
    made = command(by_option(doubt_options(ledger_option(format_option(partial(_record, kind))))))
    made.fields = fields
    return made


class KindGroup(NamedGroup):
    """A command for each kind of entry, by its name with underscores or hyphens."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the kinds in the contract's order, then those of the ledger's measure."""
        measured = _measured(ctx)
        return [kind for kind in measured.kinds if kind in measured.wanted]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a kind; a measure's own kind by the ledger that is named."""
        ctx.meta["tally.arguments"] = args
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the command of a kind."""
        kind = cmd_name.replace("-", "_")
        if kind in BY_KIND:
            fields: Mapping[str, Field] = BY_KIND[kind].FIELDS
            if ctx.resilient_parsing:
                # The shell completes the values that the measure declares.
                fields = _measured(ctx).kinds.fields(kind)
            return helped(_command(BY_KIND[kind], fields))
        from cli.workbooks.headers import kind_of  # noqa: PLC0415 - seldom

        kinds = _measured(ctx).kinds
        named = kind_of(kind, kinds)
        return (
            None if named is None else helped(_command(kinds.by_name[named], kinds.fields(named)))
        )

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help and the recording of a kind that the measure is chiefly about."""
        measured = _measured(ctx)
        kind = "petition_batch"
        if kind not in measured.wanted:
            own = [one for one in measured.kinds.own if one in measured.wanted]
            kind = own[0] if own else "unit"
        lines = [f"tally record {kind} --help", _example(kind, measured)]
        self.epilog = "\n  ".join([f"\b\n{render(EXAMPLE)}", *lines])
        super().format_epilog(ctx, formatter)


def _measured(ctx: click.Context) -> LedgerMeasure:
    """Return the measure of the ledger that the command names, if it can be opened.

    It is kept in the context: a group's help asks for each of its commands.
    """
    if "tally.measured" not in ctx.meta:
        from cli.completing import measure_adopted  # noqa: PLC0415 - seldom
        from cli.measured import built_in_measure, measure_of_ledger  # noqa: PLC0415
        from ledger.errors import TallyError  # noqa: PLC0415

        arguments: Sequence[str] = ctx.meta.get("tally.arguments", ())
        named = [one.partition("=")[2] for one in arguments if one.startswith("--ledger=")]
        named += [url for option, url in pairwise(arguments) if option == "--ledger"]
        url = chosen_url(ctx, next(iter(named), None))
        try:
            found = measure_adopted(url) if ctx.resilient_parsing else measure_of_ledger(url)
        except TallyError:
            found = built_in_measure()
        ctx.meta["tally.measured"] = found
    known: LedgerMeasure = ctx.meta["tally.measured"]
    return known


@click.group(cls=KindGroup)
def record() -> None:
    """Append one entry of a KIND."""
