"""What a data subject asks, and the answer."""
