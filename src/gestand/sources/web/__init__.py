"""HTTP services that hold copies, described in TOML: how to sign in, find, read, correct, restrict and erase, page by page."""
