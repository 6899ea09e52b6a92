"""The Model Context Protocol over the REST API: an assistant reads and drafts, never sends or publishes."""
