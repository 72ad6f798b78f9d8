#!/bin/sh
# Run by the image of PostgreSQL when it makes an empty database, with the password of its administrator in PGPASSWORD.
set -eu
psql -X --quiet --username "$POSTGRES_USER" --dbname postgres \
    --file "${ROLES_PASSWORDS:-/run/secrets/postgresql-roles}" --file "${ROLES:-/opt/ventanilla/roles.sql}"
