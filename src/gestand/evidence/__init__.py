"""Proof: controls that look at what really happened, verdicts per clause, measures that people attest, seeded violations.

kept-by (statement) -> registry -> control(world) -> verdict with figures -> clause verdicts -> table, JSON, ledger entry.
Articles 5(2), 24(1) and 32(1)(d) GDPR: the controller can demonstrate.
"""
