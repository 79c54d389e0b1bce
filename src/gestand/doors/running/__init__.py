"""What keeps an organisation going: the work that falls due, the server with its probes and metrics, the week on a page.

timing.py     when work is due, what was missed while the machine slept, when a failure is tried again    pure
due_work.py   the table: name, how often, what, needs
store.py      when each was done last, and who is at it
lease.py      work is held while who took it lives
ticking.py    do what is due; a failure of one stops no other
serving.py    the server: settings are judged before a port opens, a stop lets requests finish
probes.py     health, readiness, metrics
"""
