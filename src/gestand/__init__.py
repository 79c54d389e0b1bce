"""Gestand keeps an organisation's privacy statement.

Say what you do with personal data. Do what you say. Prove it.

For other programs: ``open_organisation`` and what it gives back; see docs/guide-python.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gestand.doors.python import Organisation, open_organisation
    from gestand.doors.python_values import Card, Erased, Kept, Refused, Value
    from gestand.kernel.errors import DamagedError, GestandError, InputError, RefusedError, UsageError
    from gestand.register.context import DatumContext
    from gestand.vault.model import Candidate

__version__ = "0.1.0"

__all__ = [
    "Candidate",
    "Card",
    "DamagedError",
    "DatumContext",
    "Erased",
    "GestandError",
    "InputError",
    "Kept",
    "Organisation",
    "Refused",
    "RefusedError",
    "UsageError",
    "Value",
    "open_organisation",
]

_FROM = {
    "gestand.kernel.errors": {"DamagedError", "GestandError", "InputError", "RefusedError", "UsageError"},
    "gestand.vault.model": {"Candidate"},
    "gestand.register.context": {"DatumContext"},
    "gestand.doors.python": {"Organisation", "open_organisation"},
    "gestand.doors.python_values": {"Card", "Erased", "Kept", "Refused", "Value"},
}


def __getattr__(name: str) -> Any:
    """Load what another program asks for when it asks: the command line starts without it."""
    from importlib import import_module

    for module, names in _FROM.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module 'gestand' has no attribute '{name}'")
