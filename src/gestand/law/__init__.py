"""The law as pure functions with their citations: terms, retention, breach, marketing, disclosure, transparency.

Nothing here touches storage, a socket, the clock or the environment: a lawyer can read it and a test can ask it.
"""
