"""How someone follows their request without an account: a code, what it shows, and what it lets them add."""
