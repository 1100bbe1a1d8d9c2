"""Render pages with Jinja2: autoescaped, and strict about undefined names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cli.output.times import office_time
from cli.pages.formatting import points_text
from ledger.instants import instant_text

if TYPE_CHECKING:
    from cli.language.translating import Translator
    from cli.pages.views.page import Page, PageContext

STATIC = Path(__file__).parent / "static"
"""The folder of the style sheet, the script and the icon."""


@cache
def environment() -> Environment:
    """Return the Jinja2 environment of the templates."""
    made = Environment(
        loader=PackageLoader("cli.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["points"] = points_text
    made.filters["zh"] = _mark_chinese
    return made


def _mark_chinese(text: object) -> Markup:
    """Return a text marked as Chinese, for fonts and screen readers."""
    return Markup('<span lang="zh-CN">{}</span>').format(escape(text))


def render_page(page: Page, context: PageContext, *, form: dict[str, Any] | None = None) -> str:
    """Return the HTML of a page.

    Args:
        page: the template and its values.
        context: what the page was made from.
        form: the values of the forms, which only the server can answer; None in a file.
    """
    last = context.data.state.last_at
    return (
        environment()
        .get_template(page.template)
        .render(
            page=page,
            data=context.data,
            links=context.links,
            translate=context.translate,
            recorded_at="" if last is None else office_time(instant_text(last)),
            form=form,
            score_unit=context.words.unit_of_score,
            **page.values,
        )
    )


def render_error(status: int, title: str, message: str, translate: Translator) -> str:
    """Return the HTML of a page that says what is wrong and what to do."""
    template = environment().get_template("error.html")
    return template.render(status=status, title=title, message=message, translate=translate)
