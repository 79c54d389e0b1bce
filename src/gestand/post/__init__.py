"""What we send: letters and mails from templates, outbox, SMTP, each once."""
