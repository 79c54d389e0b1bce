"""The switchboard: reads the configuration, opens storage, builds the services; nothing else."""
