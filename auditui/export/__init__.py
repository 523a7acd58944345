"""Records as files: formats, files that come whole or not at all, and the manifest beside them."""
