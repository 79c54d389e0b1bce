"""The e-mail archive: every message sealed, found for a stated purpose, kept as long as its content requires. Articles 5, 15, 17.

a message comes by some way (admit) -> read in a child that may be killed (reading.mail) -> shelf and period by rules that
the owner can read -> sealed under a key of its own -> words and persons in a sealed index -> opened for a purpose, never
without the ledger -> key destroyed, words and bytes gone, when its period is over.
"""
