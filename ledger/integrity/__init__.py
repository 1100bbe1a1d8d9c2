"""Prove that a ledger is complete and unchanged: Merkle tree, signed checkpoints, check."""
