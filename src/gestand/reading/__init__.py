"""What a text or file holds: normal forms of identifiers, validators. Pure."""
