"""`measure check`: what a draft is refused for, what is said of it, and its worked cases."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from cli.commands.measure.naming import content_of
from cli.language import render
from cli.options import format_option, ledger_option
from cli.output.lines import print_line
from cli.parameters.values import MEASURE
from ledger.decimals import plain
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from projections.measure.cases import CasePosting


_CASES, _LINES = 10, 20
"""Failed cases that are printed, and lines of what was found in each, at most."""


@click.command(epilog="\b\nExample:\n  tally measure check measures/ours-2017")
@click.argument("named", metavar="DIR|ID", type=MEASURE)
@ledger_option
@format_option
def check(named: str, url: str, form: str) -> None:
    """Check a measure's folder: every problem with its file and place, remarks, worked cases.

    With a problem or a case that fails the exit status is 1. JSON: {"measure": id, "sound": true,
    "text": true, "problems": [{"file", "place", "message"}], "remarks": [the same], "cases":
    {"run": 12, "failed": [{"file", "case", "message"}], "postings": [{"file", "case", "unit",
    "clause", "period", "points", "entries", "working"}]}}; `text` says whether amounts and
    sentences were compared with a text, `postings` what came out of the cases that failed.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help

    found = checked_json(content_of(named, url))
    write(form, value=lambda: found, table=lambda: _print(found), rows=lambda: _rows(found))
    if not found["sound"]:
        sys.exit(1)


def checked_json(content: Mapping[str, str]) -> dict[str, Any]:
    """Return what is to be said of a measure's folder, as `check` writes it.

    Args:
        content: texts by file name.
    """
    from projections.measure.cases import (  # noqa: PLC0415 - not for --help
        cases_of,
        postings_of,
        run,
    )
    from projections.measure.checking import problems  # noqa: PLC0415
    from projections.measure.files import TEXT  # noqa: PLC0415
    from projections.measure.loading import load_measure  # noqa: PLC0415
    from projections.measure.remarks import remarks  # noqa: PLC0415

    refused = problems(content)
    found: dict[str, Any] = {
        "measure": None,
        "sound": not refused,
        "text": TEXT in content,
        "problems": [_problem(*one) for one in refused],
        "remarks": [],
        "cases": {"run": 0, "failed": [], "postings": []},
    }
    if refused:
        return found
    measure = load_measure(content)
    cases = cases_of(content)
    failed, postings = list[dict[str, Any]](), list[dict[str, Any]]()
    for placed in cases:
        failures = list(run(placed, measure))
        failed += ({"file": one.file, "case": one.case, "message": one.what} for one in failures)
        if failures:
            postings += map(_posting, postings_of(placed, measure))
    return found | {
        "measure": measure.id,
        "sound": not failed,
        "remarks": [_problem(*one) for one in remarks(content)],
        "cases": {"run": len(cases), "failed": failed, "postings": postings},
    }


def _problem(file: str, place: str | None, what: str) -> dict[str, Any]:
    return {"file": file, "place": place, "message": what}


def _posting(one: CasePosting) -> dict[str, Any]:
    posting = one.posting
    return {
        "file": one.file,
        "case": one.case,
        "unit": one.unit,
        "clause": posting.clause,
        "period": one.period,
        "points": plain(posting.points),
        "entries": list(posting.entries),
        "working": Message("{working}", working=posting.working),
    }


def _print(found: dict[str, Any]) -> None:
    from projections.measure.cases import Failure  # noqa: PLC0415 - not for --help

    for one in found["problems"]:
        print_line(render(_line(one)))
    for one in found["remarks"]:
        print_line(render(Message("remark: {line}", line=_line(one))))
    cases = found["cases"]
    failed = dict.fromkeys((one["file"], one["case"]) for one in cases["failed"])
    for file, case in [*failed][:_CASES]:
        for one in _of_case(cases["failed"], file, case):
            print_line(render(Failure(file, case, one["message"]).sentence()))
        postings = _without_repeated_openings(_of_case(cases["postings"], file, case))
        for one in postings[:_LINES]:
            words = Message(
                "found: {unit} {clause} {points}: {working} [{entries}]",
                unit=one["unit"],
                clause=" ".join(filter(None, (one["clause"], one["period"]))),
                points=one["points"],
                working=one["working"],
                entries=Series(one["entries"]),
            )
            print_line(f"  {render(words)}")
        if len(postings) > _LINES:
            print_line(f"  {render('… and {number} more', number=len(postings) - _LINES)}")
    if len(failed) > _CASES:
        words = Message(
            "{number} more {number:case|cases} failed; --json has all of them",
            number=len(failed) - _CASES,
        )
        print_line(render(words))
    if found["problems"]:
        number = len(found["problems"])
        print_line(render("{number} {number:problem|problems}; no case was run", number=number))
        return
    if not found["text"]:
        print_line(render("there is no text.txt: nothing was compared with a text"))
    print_line(
        render(
            "{measure}: no problem, {remarks} {remarks:remark|remarks}; "
            "{run} {run:case|cases} run, {failed} failed",
            measure=found["measure"],
            remarks=len(found["remarks"]),
            run=cases["run"],
            failed=len(failed),
        )
    )


def _without_repeated_openings(postings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the opening points of a clause in all periods but a unit's first."""
    from projections.judging import OPENING  # noqa: PLC0415 - not for --help

    seen, kept = set[tuple[str, str]](), list[dict[str, Any]]()
    for one in postings:
        key = one["unit"], one["clause"]
        is_opening = str(one["working"]) == str(OPENING)
        if not (is_opening and key in seen):
            kept.append(one)
        seen.update([key] if is_opening else [])
    return kept


def _of_case(parts: Iterable[dict[str, Any]], file: str, case: str) -> list[dict[str, Any]]:
    return [one for one in parts if (one["file"], one["case"]) == (file, case)]


def _line(one: dict[str, Any]) -> Message:
    from projections.measure.checking import sentence  # noqa: PLC0415 - not for --help
    from projections.measure.draft import Problem  # noqa: PLC0415

    return sentence(Problem(one["file"], one["place"], one["message"]))


def _rows(found: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    rows = [
        [name, one["file"], one["place"], one["message"]]
        for name in ("problems", "remarks")
        for one in found[name]
    ]
    failed = found["cases"]["failed"]
    rows += [["cases", one["file"], one["case"], one["message"]] for one in failed]
    return ["list", "file", "place", "message"], rows
