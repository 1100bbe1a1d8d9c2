"""Render pages with Jinja2: autoescaped, and strict about undefined names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cli.output.times import office_time
from cli.pages.formatting import points_text
from ledger.instants import instant_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cli.language.translating import Translator
    from cli.pages.links import Links
    from cli.pages.views.page import Page, PageContext
    from ledger.message import Message
    from projections.measure import Measure

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


class Frame(NamedTuple):
    """What the desk shows around every page: who is signed in, and where to go."""

    name: str
    role: str
    work: Sequence[tuple[str, str, str]]
    """Name, address and label of each page on which the account works."""
    sees_pages: bool
    """Whether the account sees the pages of all units."""
    csrf: str
    once: str
    """Token of a form, which is carried out once."""
    has_paper: Callable[[str], bool]
    """Whether a paper is kept here, by its SHA-256."""
    notices: Sequence[Message] = ()
    unit: str | None = None
    """The unit whose results alone the account sees; None for those of all units."""


def render_page(
    page: Page,
    context: PageContext,
    *,
    form: dict[str, Any] | None = None,
    desk: Frame | None = None,
) -> str:
    """Return the HTML of a page of scores.

    Args:
        page: the template and its values.
        context: what the page was made from.
        form: the values of the forms, which only the server can answer; None in a file.
        desk: what the desk shows around it.
    """
    data, last = context.data, context.data.state.last_at
    values = {
        "data": data,
        "recorded_at": "" if last is None else office_time(instant_text(last)),
        "form": form,
        "score_unit": context.words.unit_of_score,
    }
    return render_work(page, context.links, context.translate, data.measure, desk, values)


def render_work(
    page: Page,
    links: Links,
    translate: Translator,
    measure: Measure | None,
    desk: Frame | None,
    values: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """Return the HTML of a page, which may show no scores.

    Args:
        page: the template and its values.
        links: addresses of pages.
        translate: into the language of the page.
        measure: of the year; None without one.
        desk: what the desk shows around it.
        values: more of the template's variables.
    """
    template = environment().get_template(page.template)
    shared = {"page": page, "links": links, "translate": translate, "measure": measure}
    return template.render(**shared, desk=desk, **values, **page.values)


def render_error(
    status: int,
    title: str,
    message: str,
    translate: Translator,
    *,
    above: Sequence[tuple[str, str]],
    search: str,
    prefix: str,
    home: str,
    carried: Mapping[str, str],
    newest: str,
) -> str:
    """Return the HTML of a page that says what is wrong and what to do.

    Args:
        status: of HTTP.
        title: of the page.
        message: a sentence a line.
        translate: into the language of the page.
        above: name and address of the pages that lead to the ledger; see `Links.above`.
        search: the address of the search; empty without one.
        prefix: of the path of every address.
        home: the path to start again from.
        carried: the parameters that its form keeps.
        newest: the same address without an earlier state; empty without one.
    """
    template = environment().get_template("error.html")
    return template.render(
        status=status,
        title=title,
        message=message,
        translate=translate,
        above=above,
        search=search,
        prefix=prefix,
        home=home,
        carried=carried,
        newest=newest,
    )
