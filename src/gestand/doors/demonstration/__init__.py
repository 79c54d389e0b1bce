"""The worked example: a throw-away organisation with invented customers; nothing leaves the machine."""
