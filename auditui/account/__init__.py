"""Which account is used, where its token is kept, and the settings."""
