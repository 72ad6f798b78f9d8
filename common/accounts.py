"""The accounts of PostgreSQL (deploy/postgresql/roles.sql): who owns the tables, with which web and
worker serve people, who only reads."""

SERVING = ("ventanilla_web", "ventanilla_worker")
ROLES = ("ventanilla", *SERVING, "ventanilla_lee")
