"""What the program says in English, in plain Dutch (B1), for who reads a page in Dutch.

Refusals and problems speak one language, so that a program can compare them; their codes are stable. Here each code has the Dutch
words that a page shows instead, with what to do on that page. Where the filled-in words matter (which field, which clause), a form
of the English sentence has a Dutch one with the same holes.
"""
