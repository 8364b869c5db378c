"""How one version of the tables becomes the next: Alembic's steps, run by `storage/migrating.py`."""
