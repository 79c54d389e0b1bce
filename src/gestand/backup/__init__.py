"""Backup, restore that replays erasures before any door opens, drills, and keys in escrow."""
