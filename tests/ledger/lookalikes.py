"""Select `ledger/lookalikes.txt` from Unicode's confusables.txt, whose path is the argument.

python -m tests.ledger.lookalikes confusables.txt > ledger/lookalikes.txt
"""

import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

HEAD = """\
# Characters that look like ASCII characters or like an ideograph, without being one.
# Each line: what they look like, a space, the characters. Made by tests/ledger/lookalikes.py
# of confusables.txt {version} (Unicode Security Mechanisms, UTS 39) under the Unicode License V3:
# Copyright © 1991-2025 Unicode, Inc. https://www.unicode.org/license.txt
"""

IDEOGRAPHS = ("\u3400", "\u9fff"), ("\U00020000", "\U0003ffff")


def is_ideograph(character):
    return any(first <= character <= last for first, last in IDEOGRAPHS)


def selected(text):
    """Yield prototype and character of each line that concerns us."""
    compose = unicodedata.ucd_3_2_0.normalize
    for line in text.splitlines():
        source, _, rest = line.partition("#")[0].partition(";")
        if not rest:
            continue
        character = chr(int(source, 16))
        prototype = "".join(chr(int(code, 16)) for code in rest.split(";")[0].split())
        if compose("NFKC", character) != character or is_ideograph(character):
            continue
        # The prototype of the ideograph 一 itself is the sound mark of katakana.
        prototype = prototype.replace("ー", "一")
        plain = prototype.isascii() and prototype.isprintable()
        if (plain or all(map(is_ideograph, prototype))) and not prototype.isspace():
            yield prototype, character
    yield "一", "ー"


def main(path):
    text = Path(path).read_text(encoding="utf-8-sig")
    version = next(line for line in text.splitlines() if "Version:" in line).split()[-1]
    found = defaultdict(set)
    for prototype, character in selected(text):
        found[prototype].add(character)
    lines = [f"{one} {''.join(sorted(found[one]))}" for one in sorted(found)]
    print(HEAD.format(version=version) + "\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1])
