"""Migrations of the database, run by Alembic; env.py is their entry.

They lead up only: an older Cadence refuses a newer database, and the way back is the back-up. Each
revision has its rows in tests/store/migrations, from which every upgrade is tried.
"""
