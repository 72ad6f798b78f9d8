"""The accounts of PostgreSQL with which web and worker serve people (deploy/postgresql/roles.sql)."""

SERVING = ("ventanilla_web", "ventanilla_worker")
