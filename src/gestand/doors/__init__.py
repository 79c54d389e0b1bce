"""Where people and machines come in: the command line; later public pages, portal, office and API."""
