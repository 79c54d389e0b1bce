"""Newsletters, service messages, offers by mail and telephone, and the objections to them."""
