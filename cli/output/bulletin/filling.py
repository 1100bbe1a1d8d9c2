"""Fill a Word template with the text of a bulletin."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from cli.output.workbooks.saving import MissingLibraryError
from ledger.errors import TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping


class TemplateError(TallyError):
    """A template cannot be filled."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            Message(
                "{name}: {why}. `tally template FILE.docx` writes one that you can start from.",
                name=name,
                why=why,
            )
        )


def fill(template: bytes, name: str, values: Mapping[str, Any]) -> bytes:
    """Return the document.

    Args:
        template: a .docx with the Jinja2 tags of docxtpl (`{{ title }}`, `{%p for … %}`).
        name: the template's name, for messages.
        values: by the names that its tags may use.

    Raises:
        TemplateError: it is not a Word document, or a tag is wrong.
        MissingLibraryError: docxtpl is not installed.
    """
    try:
        from docxtpl import DocxTemplate  # noqa: PLC0415 - of the extra `office`
        from jinja2 import StrictUndefined  # noqa: PLC0415
        from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415
    except ImportError:
        raise MissingLibraryError("docxtpl") from None
    document = DocxTemplate(BytesIO(template))
    tags = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    filled = BytesIO()
    try:
        document.init_docx()
    except ValueError:
        # Its text names a buffer in memory, which helps nobody.
        raise TemplateError(name, Message("is not a Word document (.docx)")) from None
    except (BadZipFile, KeyError, SyntaxError, zlib.error) as error:
        # lxml raises SyntaxError for broken XML.
        why = error.args[0] if isinstance(error, KeyError) else error
        raise TemplateError(
            name, Message("is not a Word document (.docx): {why}", why=why)
        ) from None
    try:
        document.render(dict(values), tags, autoescape=True)
        document.save(filled)
    except Exception as error:  # noqa: BLE001 - a tag's expression may raise anything
        why, line = getattr(error, "message", error), getattr(error, "lineno", None)
        where = Message(" (line {line})", line=line) if line else ""
        raise TemplateError(
            name, Message("has a wrong tag: {why}{where}", why=why, where=where)
        ) from None
    return filled.getvalue()
