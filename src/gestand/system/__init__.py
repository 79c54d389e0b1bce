"""The switchboard: reads the configuration, opens storage, builds the services; nothing else.

Everything that a room needs from outside (time, randomness, the environment) enters here and is handed down.
"""

from gestand.system.leaving import forget_requests
from gestand.system.model import System
from gestand.system.opening import open_system

__all__ = ["System", "forget_requests", "open_system"]
