"""Backup and restore: one archive with the database, the uploaded files and the secret, and sums
that prove the copy."""
