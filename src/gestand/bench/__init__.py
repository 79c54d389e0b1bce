"""The benchmarks, through the public API only."""
