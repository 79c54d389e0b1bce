"""Persons, firms, who represents whom, and dossiers that give data its purpose."""
