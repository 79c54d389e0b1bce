"""The e-mail archive: receive, parse, seal, index, search, show safely."""
