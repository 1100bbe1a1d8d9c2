"""Benchmarks: each goal of speed as a ratio, measured in one run."""
