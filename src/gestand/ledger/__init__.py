"""What happened: an append-only Merkle log that anyone with the public key can verify."""
