"""Operation: the server, its logs and figures, backups, moving a site, the demo."""
