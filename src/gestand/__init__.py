"""Gestand keeps an organisation's privacy statement.

Say what you do with personal data. Do what you say. Prove it.
"""

__version__ = "0.1.0"
