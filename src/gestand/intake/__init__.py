"""How a datum enters: validated, minimised, given subject, purpose and shelf."""
