"""Write the quarterly bulletin as a Word document, from a template."""

from __future__ import annotations

from importlib.resources import files


def packaged_template() -> bytes:
    """Return the template that comes with the program."""
    return files("cli.output.bulletin").joinpath("template.docx").read_bytes()
