"""Engines: SQLite in an encrypted file; transactions and migrations."""
