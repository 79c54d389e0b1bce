"""What we send: letters and mails from templates, outbox, SMTP, each once.

A mail is queued with its Message-ID, its content sealed under a key of its own (``service``, ``keys``); ``deliver`` notes
that it is in flight before the server is asked to take it, and its answer afterwards; then content and key are destroyed
and only the proof of sending stays, without words or address. Articles 5(1)(e), 5(2), 12 and 32 GDPR; RFC 5321, 5322.
"""
