"""Where personal data live."""
