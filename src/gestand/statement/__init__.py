"""What was promised, in machine terms (policy.toml) and in words (statement.<lang>.md). Pure: no storage, no clock.

files -> locate (lines of keys) -> policy (frozen models) + clauses (span attributes) -> check (the compiler) -> render, compare.
Articles 5(1)(a), 12, 13 and 14 GDPR.
"""
