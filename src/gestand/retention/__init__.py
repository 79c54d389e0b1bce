"""When a datum leaves."""
