"""GDPRbench (Shastri et al., PVLDB 13(7), 2020) written anew: the same operations on both sides, in one run, judged by a model.

records (what there is) -> workload (what is asked) -> model (what must be answered) -> plain, kept (the two sides) -> run.

Plain: one table, a column for each metadata field, nine indexes, prepared statements, and no duty at all. Kept: Gestand by
its public verbs with every duty on: purpose and objection judged, each opening in the ledger before a value is returned,
every value sealed under a key of its subject, due dates kept, keys destroyed at an erasure.

Where it differs from the published files: ten records a subject at every size; fresh data in updates; the records of a
subject are of ten categories; OBJ and DEC belong to the subject (20 and 2 values), TTL, ACL and SHR to the purpose, from
the start, on both sides. A client keeps the ids that the vault gave, as it keeps the keys of the plain table.
"""
