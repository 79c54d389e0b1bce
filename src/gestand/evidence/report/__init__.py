"""A run of the proof for people: one self-contained page, and a signed PDF."""
