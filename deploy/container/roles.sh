#!/bin/sh
# Run by the image of PostgreSQL, as its administrator's account, when it makes an empty database. What the image gave the administrator for a
# password was drawn a moment ago and is known to nobody; now there is none at all.
set -eu
psql -X --quiet --username "$POSTGRES_USER" --dbname postgres \
    --file "${ROLES:-/opt/ventanilla/roles.sql}" --command "ALTER ROLE \"$POSTGRES_USER\" PASSWORD NULL"
