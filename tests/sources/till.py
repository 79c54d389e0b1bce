"""A till beside the worked example: one table of customers, as a source's file describes it, and its rows."""

TILL = """title = { nl = "kassa", en = "till" }
PLACE
[tables.klant]
person = true
erase = "delete"
[tables.klant.columns]
email = { field = "contact.email" }
nummer = { field = "contact.customer-number" }
"""
ROWS = """CREATE TABLE klant (id INTEGER PRIMARY KEY, email VARCHAR(80) NOT NULL, nummer VARCHAR(20));
INSERT INTO klant VALUES (1, '{email}', 'T-77'), (2, 'iemand@example.org', 'T-78')"""


def till_at(place: str) -> str:
    """Return what describes it; ``place``: the line that says where it is."""
    return f'format = 1\nkind = "sql"\nnear = true\n{TILL}'.replace("PLACE", place)
