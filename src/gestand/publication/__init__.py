"""Which version of the statement is in force since when, and its history."""
