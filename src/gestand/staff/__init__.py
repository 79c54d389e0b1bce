"""Who may act: people, roles and their purposes, passkeys, sessions, approvals by a second person."""
