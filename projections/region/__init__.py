"""A region: the ledgers of many towns, each folded alone and compared here."""
