"""Setting a page: Jinja2 with escaping on, nothing undefined let pass."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cli.pages.views.page import number, office_time
from ledger.instants import instant_text
from projections.calendar import quarter_name

if TYPE_CHECKING:
    from cli.pages.translation import Speech
    from cli.pages.views.page import Desk, Page


@cache
def environment() -> Environment:
    """The templates of this package."""
    made = Environment(
        loader=PackageLoader("cli.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["number"] = number
    made.filters["zh"] = _chinese
    made.globals["quarter_name"] = quarter_name
    return made


def _chinese(text: object) -> Markup:
    """A text marked as Chinese, for fonts and screen readers."""
    return Markup('<span lang="zh-CN">{}</span>').format(escape(text))


def _known_at(desk: Desk) -> str:
    last = desk.view.state.last_at
    return "" if last is None else office_time(instant_text(last))


def render_page(page: Page, desk: Desk, *, form: dict[str, Any] | None = None) -> str:
    """The HTML of a page.

    Args:
        page: what it says.
        desk: what it was made with.
        form: of the fields that every page of the server has; a file has none.
    """
    template = environment().get_template(page.template)
    return template.render(
        page=page,
        view=desk.view,
        links=desk.links,
        say=desk.say,
        known_at=_known_at(desk),
        form=form,
        **page.says,
    )


def render_error(status: int, title: str, message: str, say: Speech, static: str, home: str) -> str:
    """The HTML of a page that says what is wrong and what to do."""
    template = environment().get_template("error.html")
    return template.render(
        status=status, title=title, message=message, say=say, static=static, home=home
    )
