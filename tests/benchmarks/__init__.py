"""Benchmarks: each workload beside its floor, in one run. `python -m tests.benchmarks` prints them."""
