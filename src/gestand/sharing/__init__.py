"""Who else gets personal data, and what is told afterwards. Articles 4(9), 13(1)(e), 15(1)(c), 19, 28, 30(1)(d), 44 GDPR.

asked -> judged by the statement (recipient, purpose, ground, fields) and the agreement -> noted -> opened by the vault ->
packed and sealed to the recipient -> noted -> shown to the person. An order by an authority goes the same way, judged by
``law/disclosure`` and approved first. What is put right, erased or restricted afterwards is told to whoever got it.
Every record is sealed, and the ledger knows all of them in one shape: a secret order leaves no trace (docs/adr).
"""
