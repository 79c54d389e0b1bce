"""When a datum leaves: what is due, what a hold or the law still keeps, the erasure, the certificate.

custodians -> due -> plan (pure) -> erase -> certificate with its ledger entry. Articles 5(1)(e) and 17(1)(a) GDPR.
"""
