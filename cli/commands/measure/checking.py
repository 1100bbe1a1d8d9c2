"""`measure check`: what a draft is refused for, what is said of it, and its worked cases."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from cli.commands.measure.naming import content_of
from cli.language import render
from cli.options import format_option, ledger_option
from cli.output.lines import print_line
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command(epilog="\b\nExample:\n  tally measure check measures/ours-2017")
@click.argument("named", metavar="DIR|ID")
@ledger_option
@format_option
def check(named: str, url: str, form: str) -> None:
    """Check a measure's folder: every problem with its file and place, remarks, worked cases.

    With a problem or a case that fails the exit status is 1. JSON: {"measure": id, "sound": true,
    "text": true, "problems": [{"file", "place", "message"}], "remarks": [the same], "cases":
    {"run": 12, "failed": [{"file", "case", "message"}]}}; `text` says whether amounts and
    sentences were compared with a text.
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
    from projections.measure.cases import cases_of, run  # noqa: PLC0415 - not for --help
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
        "cases": {"run": 0, "failed": []},
    }
    if refused:
        return found
    measure = load_measure(content)
    cases = cases_of(content)
    failed = [
        {"file": one.file, "case": one.case, "message": one.what}
        for placed in cases
        for one in run(placed, measure)
    ]
    return found | {
        "measure": measure.id,
        "sound": not failed,
        "remarks": [_problem(*one) for one in remarks(content)],
        "cases": {"run": len(cases), "failed": failed},
    }


def _problem(file: str, place: str | None, what: str) -> dict[str, Any]:
    return {"file": file, "place": place, "message": what}


def _print(found: dict[str, Any]) -> None:
    from projections.measure.cases import Failure  # noqa: PLC0415 - not for --help

    for one in found["problems"]:
        print_line(render(_line(one)))
    for one in found["remarks"]:
        print_line(render(Message("remark: {line}", line=_line(one))))
    cases = found["cases"]
    for one in cases["failed"]:
        print_line(render(Failure(one["file"], one["case"], one["message"]).sentence()))
    if found["problems"]:
        print_line(render("{number} problems; no case was run", number=len(found["problems"])))
        return
    if not found["text"]:
        print_line(render("there is no text.txt: nothing was compared with a text"))
    failed = len({(one["file"], one["case"]) for one in cases["failed"]})
    print_line(
        render(
            "{measure}: no problem, {remarks} remarks; {run} cases run, {failed} failed",
            measure=found["measure"],
            remarks=len(found["remarks"]),
            run=cases["run"],
            failed=failed,
        )
    )


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
