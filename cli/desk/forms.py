"""Read the forms that browsers send, within bounds of size and time."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from cli.pages.query import PageError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import Message as AsgiMessage

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a form with its files: a workbook or a scanned paper of 50 MB fits."""

_LARGEST_SIGNED_OUT: Final = 64 * 1024
"""Bytes of a form of somebody who is not signed in."""

_MOST_FIELDS: Final = 5_000
_MOST_FILES: Final = 20
_LONGEST_FIELD: Final = 64 * 1024
"""Bytes."""

_TOO_LARGE: Final = "too large"

_PATIENCE: Final = 300
"""Seconds for a form to arrive."""


class TooLargeError(PageError):
    """A form is larger than the desk takes."""

    STATUS = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, most: int) -> None:
        super().__init__(
            Message(
                "the form is larger than {most} MB; send fewer or smaller files",
                most=max(most // 1024 // 1024, 1),
            )
        )


class MalformedFormError(PageError):
    """A form is not as browsers send it."""

    def __init__(self) -> None:
        super().__init__(Message("the form is malformed; open the page again and send it"))


class Fields(dict[str, list[str]]):
    """The fields of a form by name."""

    def one(self, name: str) -> str:
        """Return the first value of a field; an empty text without one."""
        return next(iter(self.get(name, ())), "")


async def read_form(
    request: Request, *, signed_in: bool
) -> tuple[Fields, Mapping[str, Sequence[UploadFile]]]:
    """Return the fields and the files of a form; files lie in temporary files.

    Args:
        request: the request.
        signed_in: whether an account sends it; others may send little.

    Raises:
        HTTPException: it did not arrive in time.
        MalformedFormError: it is malformed, in another charset, or has too many fields.
        TooLargeError: it is too large.
    """
    bounds = _Bounded(request, LARGEST if signed_in else _LARGEST_SIGNED_OUT)
    bounded = Request(request.scope, bounds.receive)
    _, options = parse_options_header(request.headers.get("content-type"))
    if options.get(b"charset", b"utf-8").lower() != b"utf-8":
        # Other decoders of Python make surrogates, raise other errors, or take long.
        raise MalformedFormError
    fields = Fields()
    files: dict[str, list[UploadFile]] = {}
    try:
        async with asyncio.timeout(_PATIENCE):
            form = await bounded.form(
                max_files=_MOST_FILES if signed_in else 0,
                max_fields=_MOST_FIELDS,
                max_part_size=_LONGEST_FIELD,
            )
    except TimeoutError:
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from None
    except (MultiPartException, HTTPException):
        if bounds.exceeded:
            raise TooLargeError(bounds.most) from None
        raise MalformedFormError from None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files.setdefault(name, []).append(value)
        else:
            fields.setdefault(name, []).append(value)
    return fields, files


async def close_files(files: Mapping[str, Sequence[UploadFile]]) -> None:
    """Delete the temporary files of a form."""
    for some in files.values():
        for one in some:
            await one.close()


class _Bounded:
    """The messages of a request, up to a number of bytes."""

    def __init__(self, request: Request, most: int) -> None:
        self._receive, self.most, self._read = request.receive, most, 0

    @property
    def exceeded(self) -> bool:
        """Return whether more was sent than may be."""
        return self._read > self.most

    async def receive(self) -> AsgiMessage:
        """Return the next message.

        Raises:
            MultiPartException: more was sent than may be; the parser deletes the files so far.
        """
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self.exceeded:
            raise MultiPartException(_TOO_LARGE)
        return message
