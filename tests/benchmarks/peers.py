"""Other programs to compare with: ledger, hledger and beancount."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

GOALS = {"ledger": 1, "hledger": 8, "beancount": 15}
"""How many times as fast as each program a cold replay is to be."""

MOST_OF_LEDGER = 1.5
"""How many times as long as ledger a replay may take where every entry bears points."""


def peers(folder: Path, transactions: int) -> dict[str, list[str] | None]:
    """Write a book; return each program's command, None where it is not installed."""
    plain, bean = folder / "peer.ledger", folder / "peer.beancount"
    draw = random.Random(1)
    accounts = [f"Expenses:U{n}" for n in range(920)]
    with plain.open("w") as one, bean.open("w") as other:
        for name in ["Assets:Cash", *accounts]:
            other.write(f"2015-01-01 open {name} EUR\n")
        for number in range(transactions):
            day = f"2016-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
            amount = f"{draw.randint(1, 99_999) / 100:.2f} EUR"
            to = accounts[number % len(accounts)]
            one.write(f"{day} * Payee\n    {to}    {amount}\n    Assets:Cash\n\n")
            other.write(f'{day} * "Payee" ""\n  {to}  {amount}\n  Assets:Cash\n\n')
    commands = {
        "ledger": ["ledger", "-f", str(plain), "balance"],
        "hledger": ["hledger", "-f", str(plain), "balance"],
        "beancount": ["bean-check", "--no-cache", str(bean)],
    }
    return {name: line if shutil.which(line[0]) else None for name, line in commands.items()}
