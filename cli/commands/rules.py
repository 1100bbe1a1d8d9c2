"""`rules`: show the clauses with their text, amounts and the readings in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from cli.language import default_language, render
from cli.options import OptionError, format_option, ledger_option, query_options
from cli.output.lines import print_line
from ledger.message import Message, Parts, Series

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cli.options import ScoreOptions
    from cli.output.measure_words import AmountRow, MeasureWords
    from cli.output.settings import SettingWords
    from projections.facts import TownYear
    from projections.measure import Clause, Measure


@click.command(
    epilog="\b\nExample:\n  tally rules\n  tally rules abnormal-petitions --year 2016\n"
    "  tally rules '三（一）1（1）'"
)
@click.argument("clause", required=False, metavar="[CLAUSE|CITATION]")
@query_options("year", "as_of")
@ledger_option
@format_option
def rules(clause: str | None, query: ScoreOptions, url: str, form: str) -> None:
    """Show the measure: text, amounts, and the readings in force in a year.

    CLAUSE shows one clause; a CITATION, as 三（一）2, shows every clause under it.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from projections.ruling import rules_json  # noqa: PLC0415

    with session(url) as opened:
        known = replace(query, as_of=opened.at(query.as_of))
        town, state = opened.loader.town(known)
    found = rules_json(town)
    select_clauses(found, clause, town.measure)
    found["position"] = state.position
    write(
        form,
        value=lambda: found,
        table=lambda: print_rules(found, town, whole=clause is not None),
        rows=lambda: rule_rows(found),
    )


def select_clauses(found: dict[str, Any], clause: str | None, measure: Measure) -> None:
    """Leave in the JSON of `tally rules` the clauses that a slug or citation names alone.

    Raises:
        OptionError: there are none; the message lists all clauses.
    """
    if clause is not None:
        named = _named(clause, measure.clauses.values())
        found["clauses"] = [one for one in found["clauses"] if one["clause"] in named]


def _is_under(citation: str, heading: str) -> bool:
    """Return whether a citation is a heading or under it, as 三（一）1（1） is under 三（一）1."""
    rest = citation.removeprefix(heading)
    return rest != citation and not (heading[-1].isdigit() and rest[:1].isdigit())


def _named(text: str, clauses: Collection[Clause]) -> set[str]:
    """Return the slugs of the clauses that a slug or a citation names.

    Raises:
        OptionError: there are none; the message lists all clauses.
    """
    from cli.workbooks.words import folded  # noqa: PLC0415 - not for --help

    named = {one.slug for one in clauses if one.slug == text} or {
        one.slug for one in clauses if _is_under(folded(one.citation), folded(text))
    }
    if not named:
        raise OptionError(
            "CLAUSE",
            Message(
                "no clause or citation {clause!r}; one of {clauses}",
                clause=text,
                clauses=Series(
                    Message("{citation} {slug}", citation=one.citation, slug=one.slug)
                    for one in clauses
                ),
            ),
        )
    return named


def _stated(amount: dict[str, Any]) -> str:
    from projections.ruling import case_message  # noqa: PLC0415 - not for --help

    case = str(case_message({**amount["when"], **amount.get("if", {})}))
    return f"{amount['of']}{f' ({case})' if case else ''}: {amount['states']}"


def _amount_line(row: AmountRow) -> str:
    """Return the line of an amount, in the user's language."""
    case = Message(" ({case})", case=row.case) if row.case else ""
    line = render("  - {of}{case}: {states}", of=row.of, case=case, states=row.states)
    return line + (render(" ({condition})", condition=row.condition) if row.condition else "")


def print_rules(found: dict[str, Any], town: TownYear, *, whole: bool) -> None:
    """Print the clauses; with `whole`, their quotes and what each reading may be too.

    Args:
        found: the JSON of `tally rules`.
        town: the year, with its measure.
        whole: whether clauses are printed whole, and they alone.
    """
    from cli.language.translating import translator  # noqa: PLC0415 - not for --help
    from cli.output.measure_words import MeasureWords  # noqa: PLC0415
    from cli.output.settings import SettingWords  # noqa: PLC0415

    english = default_language() == "en"
    words = MeasureWords.of(town.measure, translator(default_language()))
    print_line(f"{found['measure']} {found['number']}")
    if "position" in found:
        print_line(
            render(
                "readings in force for {year}, as of position {position}",
                year=found["year"],
                position=found["position"],
            )
        )
    if not whole:
        _print_parts(words, SettingWords(words, town))
    for clause in found["clauses"]:
        _print_clause(clause, town, words, whole=whole)
    if not whole:
        for band, bound in words.bands():
            print_line(render("  {band}: total {bound}", band=band.title.text, bound=bound))
        for reading in found["readings"]:
            _print_reading(reading, whole=whole, english=english)
        _print_law(found["law"], english=english)


def _print_clause(
    clause: dict[str, Any], town: TownYear, words: MeasureWords, *, whole: bool
) -> None:
    from cli.output.settings import SettingWords  # noqa: PLC0415 - not for --help

    english, settings = default_language() == "en", SettingWords(words, town)
    declared = town.measure.clauses[clause["clause"]]
    print_line(f"\n{clause['citation']} {clause['title']} ({clause['clause']})")
    print_line(f"  {clause['text']}")
    if whole:
        if english:
            print_line(f"  {clause['text_en']}")
        _print_section(declared.section, words, settings)
    _print_settings(settings.of_clause(declared))
    for amount in declared.amount:
        print_line(_amount_line(words.amount(amount, declared, town)))
        if whole:
            stated = f"“{amount.quote}”" if amount.quote else amount.said
            print_line(f"      {amount.citation} {stated}")
    for reading in clause["readings"]:
        _print_reading(reading, whole=whole, english=english)
    _print_law(clause["law"], english=english)


def _print_parts(words: MeasureWords, settings: SettingWords) -> None:
    """Print the sections of the score, what is scaled, and how units are ranked."""
    from cli.output.measure_keys import key_words  # noqa: PLC0415 - not for --help

    measure = words.measure
    for section in measure.sections.values():
        title = f"{section.citation} {words.term(section.slug)} ({section.slug})"
        _print_settings(settings.of_section(section), title)
    for scale in measure.scales:
        _print_settings(settings.of_scale(scale), f"{scale.citation} {key_words('scale')}")
    _print_settings(settings.of_rank(), key_words("rank"))


def _print_section(slug: str, words: MeasureWords, settings: SettingWords) -> None:
    """Print the section of a clause, whose bounds are for its points too."""
    from cli.output.measure_keys import key_words  # noqa: PLC0415 - not for --help

    section = words.measure.sections.get(slug)
    if section is not None:
        title = f"  {key_words('section')} {words.term(slug)}"
        _print_settings(settings.of_section(section), title)


def _print_settings(settings: Iterable[tuple[str, str]], of: str = "") -> None:
    """Print what decides beside the amounts on one line; before it what it is of, if given."""
    shown = Parts(Message("{label}: {text}", label=label, text=text) for label, text in settings)
    if shown:
        print_line(f"{of}  {render('{parts}', parts=shown)}")


def _print_law(notes: list[dict[str, str]], *, english: bool) -> None:
    for note in notes:
        subject, text = (note["subject"], note["note"])
        if english:
            subject, text = note["subject_en"], note["note_en"]
        print_line(render("  note of law ({subject}): {text}", subject=subject, text=text))


def _print_reading(reading: dict[str, Any], *, whole: bool, english: bool) -> None:
    why = Message("default")
    if reading["by_entry"]:
        why = Message("ruled by {by_entry}", by_entry=reading["by_entry"])
    summary = reading["summary"] if english else reading["summary_zh"]
    print_line(f"  ◆ {reading['reading']} = {reading['value']} ({render(why)}): {summary}")
    for choice in reading["choices"] if whole else ():
        value = choice["value"]
        named = render(value) if isinstance(value, Message) else value
        print_line(f"      {named}: {render(choice['meaning'])}")


def rule_rows(found: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the CSV of the clauses."""
    header = ["clause", "citation", "kind", "name", "value", "text"]
    rows = []
    for clause in found["clauses"]:
        rows.append(
            [clause["clause"], clause["citation"], "clause", clause["title"], "", clause["text"]]
        )
        rows.extend(
            [clause["clause"], amount["citation"], "amount", _stated(amount), "", amount["quote"]]
            for amount in clause["amounts"]
        )
        rows.extend(
            [
                clause["clause"],
                reading["citation"],
                "reading",
                reading["reading"],
                reading["value"],
                reading["summary"],
            ]
            for reading in clause["readings"]
        )
    return header, rows
