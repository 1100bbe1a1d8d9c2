"""The pages of a region: its roll-up, and those of each town's ledger."""
