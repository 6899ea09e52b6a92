"""The database: tables, transactions and every query."""
