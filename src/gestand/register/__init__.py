"""Persons, firms, who represents whom, and the dossiers that give data its purpose and start its retention.

a question, quote, job ... is opened for a person -> data are admitted under it (intake) -> something happens to it: an
invoice goes out, an agreement ends (service.record_event) -> the period of its data begins (rules, law.periods) -> the
vault knows when each datum is due. Articles 5(1)(b) and 5(1)(e) GDPR. Nothing here holds a name or a free text.
"""
