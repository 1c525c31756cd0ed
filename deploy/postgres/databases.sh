#!/bin/sh
# Makes one database and one role per service; each role owns its database and may not connect to another's.
set -eu

for service in applications review registry notifications; do
    psql -v ON_ERROR_STOP=1 -v service="$service" -v password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service" ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE :"service" FROM PUBLIC;
SQL
done
