"""What an installation held at every revision of the schema: NNNN.json, made by freeze.py, never changed."""
