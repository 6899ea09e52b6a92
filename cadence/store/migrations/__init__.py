"""Migrations of the database, run by Alembic; env.py is their entry."""
