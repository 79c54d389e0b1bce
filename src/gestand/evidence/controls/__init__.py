"""The controls, by what they look at: logging, collecting, keeping, rights, statement, pages, attested.

A control looks at what really happened: the ledger, the store, the files, a page as it leaves the door. It never names a
seeded violation and never reads a mark that one sets; a test reads this source and refuses that.
"""
