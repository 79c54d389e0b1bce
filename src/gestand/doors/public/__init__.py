"""The public pages: the statement in force, its earlier versions. No script, no cookie, nothing from elsewhere."""
