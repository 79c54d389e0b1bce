"""The dossier for an authority or an auditor: what was promised and what happened, verifiable without this program."""
