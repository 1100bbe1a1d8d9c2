"""Proof of wholeness: a Merkle tree over what is stored, signed checkpoints, and the check."""
