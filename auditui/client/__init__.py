"""Confluence over HTTP: the only package that knows httpx. Import its modules one by one; this one imports nothing."""
