"""The ways into the archive: mailboxes that are read, journals that are received, files that are added, notes that are typed.

A message comes from a mailbox (``pull``), a journal (``receiver``), a file (``adding``) or a person (``notes``), with what is
known of its way: where it lay, who sent it to whom on the envelope, when it came. All of them hand raw bytes and a ``Way`` to
the archive, which seals them; none keeps a copy. Where each stopped stands in ``store``, so that a kill loses nothing.
"""
