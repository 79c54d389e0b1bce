"""Who may act. Someone is let in by a one-time link, proves who they are by a passkey, and works in a session.

Their roles (``policy.toml``) say for which purposes they may open data (Articles 5(1)(b), 29 and 32(4) GDPR). In the ledger
they are an id; their name lies sealed here, and leaves when they have.
"""
