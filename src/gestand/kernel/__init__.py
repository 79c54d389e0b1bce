"""The cellar: clock, ids, errors, canonical JSON, crypto, config. It knows no business words."""
