"""Print papers as PDF by LibreOffice, and read their pages by poppler."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CAN_PRINT = all(map(shutil.which, ("soffice", "pdftotext", "pdftoppm")))

_WORD = re.compile(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"[^>]*>([\u4e00-\u9fff]{2,})<')
"""Matches a word of 汉字 alone, with its bounds."""

_FONTS = {
    "仿宋_GB2312": "Noto Serif CJK SC",
    "楷体_GB2312": "Noto Serif CJK SC",
    "宋体": "Noto Serif CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC",
    "黑体": "Noto Sans CJK SC",
}


def _fonts(folder: Path) -> Path:
    """Write which fonts stand in for those of the papers, which no free system has."""
    path = folder / "fonts.conf"
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test><edit '
        f'name="family" mode="assign" binding="strong"><string>{other}</string></edit></match>'
        for name, other in _FONTS.items()
    )
    include = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    path.write_text(f"<fontconfig>{include}{rules}</fontconfig>", encoding="utf-8")
    return path


def printed(path: Path) -> Path:
    """Return the PDF of a document or workbook, beside it."""
    folder = path.parent
    home = f"-env:UserInstallation=file://{folder}/office"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder, path]
    environment = {**os.environ, "FONTCONFIG_FILE": str(_fonts(folder))}
    subprocess.run(
        list(map(str, command)), check=True, capture_output=True, timeout=300, env=environment
    )
    return path.with_suffix(".pdf")


def pages(pdf: Path) -> list[str]:
    """Return the text of each page, laid out as it is printed, without blanks between letters."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()
    return text.replace(" ", "").split("\f")[:-1]


def type_sizes(pdf: Path) -> list[float]:
    """Return the least type of the Chinese words on each page, in points: 汉字 are as wide as high.

    A page without such words has the type of a hundred points.
    """
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()
    return [
        min(
            ((float(end) - float(start)) / len(word) for start, end, word in _WORD.findall(page)),
            default=100,
        )
        for page in text.split("<page ")[1:]
    ]


def picture(pdf: Path, page: int, to: Path, *, dots: int = 45) -> None:
    """Write a page, from 1, as PNG; negative: from the end."""
    number = str(page if page > 0 else len(pages(pdf)) + 1 + page)
    command = ["pdftoppm", "-r", str(dots), "-f", number, "-l", number, "-png", "-singlefile"]
    subprocess.run([*command, str(pdf), str(to.with_suffix(""))], check=True, timeout=60)
