"""Other systems that hold copies of personal data: SQL databases, mailboxes, file shares, HTTP services, own connectors.

    sources/*.toml   declares a system: what of it is personal, by field of the policy; how a row is tied to a person; what
                     happens to each column when the person is erased                        declared.py, load.py
    find             a graph walk from what is known of a person to everything that hangs from it  knowing.py, walking.py
    plan             what would go, change and stay, to the row; tried in a transaction that is rolled back
    erase            one transaction for each system; searched again; only absence counts          service.py, jobs.py

A fault stops: an unlabelled column that looks personal, a table without a key, a constraint in the way are errors before
anything changes, never a warning beside "done" (Articles 5(2), 15, 17 and 19 GDPR).
"""
