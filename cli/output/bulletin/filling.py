"""Filling a Word template with a bulletin's words."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from cli.output.workbooks.saving import MissingPartError
from ledger.errors import TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping


class TemplateError(TallyError):
    """A template that cannot be filled."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            Message(
                "{name}: {why}. `tally template FILE.docx` writes the program's own to start from.",
                name=name,
                why=why,
            )
        )


def fill(template: bytes, name: str, words: Mapping[str, Any]) -> bytes:
    """The document.

    Args:
        template: a .docx with Jinja2 tags (`{{ title }}`, `{%p for … %}`), as docxtpl has them.
        name: the template's, for messages.
        words: what its tags may name.

    Raises:
        TemplateError: it is no Word document, or a tag of it is wrong.
    """
    try:
        from docxtpl import DocxTemplate  # noqa: PLC0415 - of the extra `office`
        from jinja2 import StrictUndefined  # noqa: PLC0415
        from jinja2 import TemplateError as TagError  # noqa: PLC0415
        from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415
    except ImportError:
        raise MissingPartError("docxtpl") from None
    document = DocxTemplate(BytesIO(template))
    tags = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made = BytesIO()
    try:
        document.init_docx()
    except (BadZipFile, KeyError, ValueError, SyntaxError, zlib.error) as error:
        # Broken XML is a `SyntaxError` of lxml's.
        # What python-docx says of a file of another kind names its buffer, and not the file.
        if isinstance(error, ValueError):
            raise TemplateError(name, Message("is no Word document (.docx)")) from None
        why = error.args[0] if isinstance(error, KeyError) else error
        raise TemplateError(name, Message("is no Word document (.docx): {why}", why=why)) from None
    try:
        document.render(dict(words), tags, autoescape=True)
        document.save(made)
    except TagError as error:
        line = getattr(error, "lineno", None)
        raise TemplateError(
            name,
            Message(
                "has a wrong tag: {message}{line}",
                message=error.message,
                line=f" ({line})" if line else "",
            ),
        ) from None
    except Exception as error:  # noqa: BLE001 - what a tag reckons may go wrong in any way
        raise TemplateError(name, Message("has a wrong tag: {error}", error=error)) from None
    return made.getvalue()
