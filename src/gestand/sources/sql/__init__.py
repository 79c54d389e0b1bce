"""SQL databases that hold copies: PostgreSQL, MySQL and MariaDB, SQLite, and any other that SQLAlchemy has a dialect for.

Tables and columns are those that the live schema has (an allow-list by reflection), quoted by the dialect; values are always named
parameters. Searching is read-only, limited in time and rows; each verb can have a role of its own.
"""
