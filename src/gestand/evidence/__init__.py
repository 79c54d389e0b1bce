"""Proof: controls, verdicts, seeded violations, measures."""
