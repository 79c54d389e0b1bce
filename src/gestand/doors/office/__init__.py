"""The office: where staff work. A shell that is the same for everybody, two small scripts, pages made by the server.

Nothing is kept on the device: token and key live in a worker of one tab and are gone with it. A page is a module in
``pages/`` with a table of routes; see ``routes.py``.
"""
