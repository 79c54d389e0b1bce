"""Other systems that hold copies: SQL databases, mailboxes, file shares, HTTP services."""
