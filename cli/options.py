"""Options that several commands share, each declared once as a decorator."""

from __future__ import annotations

import os
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.language import render
from cli.language.vocabulary import ARGUMENTS
from cli.parameters.times import DAY, MOMENT, YEAR
from cli.parameters.values import ACCOUNT, LEDGER_URL, UNIT, WHOLE, output_file
from ledger.errors import TallyError
from ledger.message import Bilingual, Message
from ledger.stores import DEFAULT_URL
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from collections.abc import Callable

Decorated = TypeVar("Decorated", bound="Callable[..., Any]")

_FORMATS = ("table", "json", "csv")


class OptionError(TallyError):
    """A well-formed value that cannot be used here and now (exit status 1)."""

    def __init__(self, option: str, what: str) -> None:
        named = Bilingual(option, ARGUMENTS[option]) if option in ARGUMENTS else option
        super().__init__(Message("{option}: {what}", option=named, what=what))


def chosen_url(ctx: click.Context, value: str | None) -> str:
    """Return the URL of the ledger that a command's own option, `tally` or TALLY_LEDGER names."""
    group: str | None = ctx.find_root().params.get("ledger")
    return value or group or os.environ.get("TALLY_LEDGER") or DEFAULT_URL


def _url(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    return LEDGER_URL.convert(chosen_url(ctx, value), param, ctx)


ledger_option = click.option(
    "--ledger",
    "url",
    metavar="URL",
    callback=_url,
    help=f"The ledger (TALLY_LEDGER; else {DEFAULT_URL}).",
)
"""`--ledger URL`: the command's own, else that of `tally --ledger`, else TALLY_LEDGER."""

_TRUST_CLOCK = "tally.trust_clock"

trust_clock_option = click.option(
    "--trust-clock",
    is_flag=True,
    expose_value=False,
    callback=lambda ctx, _, value: ctx.meta.update({_TRUST_CLOCK: value}),
    help="Write although the clock of this computer seems to be wrong.",
)
"""`--trust-clock`: insist on the clock; `trusts_clock` returns whether it was given."""


def trusts_clock() -> bool:
    """Return whether the command that runs was given `--trust-clock`."""
    ctx = click.get_current_context(silent=True)
    return ctx is not None and bool(ctx.meta.get(_TRUST_CLOCK))


_BY = "TALLY_BY"


class _Acting(click.Option):
    """`--by`, for which TALLY_BY may stand: messages name what was meant."""

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Name both: neither was given."""
        return render("{option} (or TALLY_BY)", option=super().get_error_hint(ctx))


def _acting(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Refuse a name of the environment that is not valid; the ledger refuses one that is given.

    Raises:
        EntriesRefusedError: TALLY_BY is not valid, for the reasons for which `--by` is not.
    """
    source = ctx.get_parameter_source(param.name or "")
    if source is click.ParameterSource.ENVIRONMENT and not ctx.resilient_parsing:
        from ledger.accounts import account  # noqa: PLC0415 - not for --help

        account(value, _BY)
    return value


def acting_option(words: str, **more: Any) -> Callable[[Decorated], Decorated]:
    """Declare `--by NAME`, or TALLY_BY; the words are its help."""
    return click.option(
        "--by",
        cls=_Acting,
        callback=_acting,
        envvar=_BY,
        type=ACCOUNT,
        metavar="NAME",
        help=words,
        **more,
    )


def by_option(command: Decorated) -> Decorated:
    """Declare `--by NAME`, or TALLY_BY, of a command that appends; and `--trust-clock`."""
    who = acting_option("Who acts: an account or a role (TALLY_BY).", required=True)
    return who(trust_clock_option(command))


import_option = click.option(
    "--import",
    "import_number",
    type=WHOLE,
    metavar="N",
    help="All that the import of this number recorded.",
)
"""`--import N`: the number that an import printed, the position of its first event."""

yes_option = click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
"""`--yes`."""

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Check and show everything; write nothing."
)
"""`--dry-run`."""


def doubt_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Declare `--alike` and `--implausible`; pass the doubts that are left as `doubts`."""

    @click.option(
        "--alike", is_flag=True, help="Let in what says the same as another entry: it is meant."
    )
    @click.option(
        "--implausible",
        is_flag=True,
        help="Let in dates ahead or of no adopted year, 1,000 people, over 10 missing.",
    )
    @wraps(command)
    def with_doubts(*, alike: bool, implausible: bool, **given: Any) -> Any:
        answered = {"alike": alike, "implausible": implausible}
        doubts = frozenset(name for name, on in answered.items() if not on)
        return command(doubts=doubts, **given)

    return with_doubts


key_option = click.option(
    "--key",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your own copy of the ledger's public key (.pub); no other key is trusted then.",
)
"""`--key FILE`: the public keys to trust, instead of those kept with the ledger."""

language_option = click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    help="Language of the pages (default: TALLY_LANG, else the locale).",
)
"""`--lang en|zh`, of pages."""


def reason_option(words: str, *, required: bool = True) -> Callable[[Decorated], Decorated]:
    """Declare `--reason TEXT`; the words are its help."""
    return click.option("--reason", required=required, metavar="TEXT", help=words)


def id_option(words: str) -> Callable[[Decorated], Decorated]:
    """Declare `--id ID` of a new entry, as `named`; the words state the default."""
    return click.option("--id", "named", metavar="ID", help=words)


def output_option(
    words: str, *endings: str, required: bool = False, replaces: bool = False
) -> Callable[[Decorated], Decorated]:
    """Declare `-o FILE`, a file to write with one of some endings, as `output`.

    It must be a new one, but for a file that nobody writes into (`replaces`).
    """
    return click.option(
        "-o",
        "--output",
        required=required,
        metavar="FILE",
        type=output_file(*endings),
        callback=None if replaces else _new_file,
        help=words,
    )


def _new_file(_ctx: click.Context, _param: click.Parameter, path: Path | None) -> Path | None:
    """Return a path where nothing is: what a person wrote into a paper must not be lost."""
    if path is not None:
        refuse_existing(path, "-o")
    return path


def refuse_existing(path: Path, named: str) -> None:
    """Refuse a file to write that exists; `named` is its option or argument.

    Raises:
        OptionError: it exists.
    """
    if path.exists():
        words = Message("{file} exists already; name a new one, or move it away", file=path)
        raise OptionError(named, words)


def template_option(command: Decorated) -> Decorated:
    """Declare `--template FILE`, the office's own Word template, as `own`."""
    option = click.option(
        "--template",
        "own",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="The office's own template (start from `tally template FILE.docx`).",
    )
    return option(command)


def own_template(own: Path | None) -> tuple[bytes | None, str]:
    """Return the office's template and its name for messages; None for the program's.

    Raises:
        OptionError: it cannot be read.
    """
    from ledger.bounded import LARGE, read_bounded  # noqa: PLC0415 - not for --help

    if own is None:
        return None, Message("the program's template")
    try:
        return read_bounded(own, LARGE, pipe=True), str(own)
    except OSError as error:
        why = Message("{file}: {why}", file=own, why=error.strerror)
        raise OptionError("--template", why) from None


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Declare `--format table|json|csv` and `--json`; pass them as one `form`."""
    return _with_form(command, _FORMATS)


def entries_format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Declare the same with `jsonl`, the lines that `import` reads."""
    return _with_form(command, (*_FORMATS, "jsonl"))


def workbook_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Declare the same with `xlsx`, written to `-o FILE`: `form` and `output`."""

    @wraps(command)
    def with_output(*, form: str, output: Path | None, **given: Any) -> Any:
        if form == "xlsx" and output is None:
            raise click.UsageError(render("--format xlsx needs the file to write: -o FILE.xlsx"))
        if form != "xlsx" and output is not None:
            raise click.UsageError(render("-o goes with --format xlsx; redirect the other forms"))
        return command(form=form, output=output, **given)

    output = output_option("The file that --format xlsx writes.", ".xlsx")
    return _with_form(output(with_output), (*_FORMATS, "xlsx"))


def _with_form(command: Callable[..., Any], forms: tuple[str, ...]) -> Callable[..., Any]:
    @click.option("--format", "form", type=click.Choice(forms), default="table", show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
    @wraps(command)
    def with_form(*, form: str, as_json: bool, **given: Any) -> Any:
        source = click.get_current_context().get_parameter_source("form")
        if as_json and form != "json" and source is click.ParameterSource.COMMANDLINE:
            raise click.UsageError(
                render("--json means --format json; give it without --format {form}", form=form)
            )
        return command(form="json" if as_json else form, **given)

    return with_form


class ScoreOptions(ScoreQuery, frozen=True):
    """A query from command-line options, and whether to use the read model."""

    cached: bool = True


_QUERY_OPTIONS = {
    "year": click.option(
        "--year",
        type=YEAR,
        metavar="Y",
        help="Assessment year (default: that of --through, else the latest recorded).",
    ),
    "unit": click.option(
        "--unit", type=UNIT, metavar="U", help="This unit alone, with its open points."
    ),
    "through": click.option(
        "--through",
        type=DAY,
        metavar="DATE",
        help="Count what happened up to the close of this day (default: the last day of the year "
        "or period, or today).",
    ),
    "as_of": click.option(
        "--as-of",
        type=MOMENT,
        metavar="POSITION|TIME",
        help="Show what was known then: at a position, or at a recorded time or day.",
    ),
    "as_of_time": click.option(
        "--as-of",
        type=MOMENT,
        metavar="TIME",
        help="Show what was known then: at a recorded time or day.",
    ),
    "provisional": click.option(
        "--provisional", is_flag=True, help="Count unverified entries too."
    ),
    "cached": click.option(
        "--no-cache",
        "cached",
        flag_value=False,
        default=True,
        help="Read the ledger's events alone, not its read model.",
    ),
}
"""By field of `ScoreOptions`: the option that fills it; `as_of_time` is `as_of` of many ledgers."""


_TODAY = click.option(
    "--through",
    type=DAY,
    metavar="DATE",
    help="Count what happened up to the close of this day (default: today, or the day of --as-of).",
)
"""The same option where the default is the day on which a paper is made."""


def query_options(
    *fields: str, of_paper: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the options of some fields of `ScoreOptions`, passed as `query`.

    Args:
        fields: their names.
        of_paper: whether the command makes or publishes a paper, which counts through today.
    """

    def declare(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_query(**given: Any) -> Any:
            unset = {"year": None, "through": None, "as_of": None}
            names = [field.removesuffix("_time") for field in fields]
            filled = {name: given.pop(name) for name in names}
            return command(query=ScoreOptions(**{**unset, **filled}), **given)

        for field in reversed(fields):
            is_today = of_paper and field == "through"
            (_TODAY if is_today else _QUERY_OPTIONS[field])(with_query)
        return with_query

    return declare
