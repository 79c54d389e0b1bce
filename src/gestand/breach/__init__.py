"""When it goes wrong. Articles 33 and 34 GDPR.

reported, by anyone, and listed at once (the clock runs) -> contained first, lever by lever -> facts as they come, each time
judged anew by ``law.breach`` -> the people affected computed from ledger, vault and archive -> the authority's form in phases,
people told, clients told -> closed, and in the register whatever the outcome. A rehearsal goes the same way and counts nowhere.
"""
