#!/bin/sh
# Makes one database and one role per service, as service.sql beside it says; run by the image when its data is new.
set -eu

for service in applications review registry notifications; do
    SERVICE_PASSWORD="$POSTGRES_PASSWORD" psql -v ON_ERROR_STOP=1 -v service="$service" --username "$POSTGRES_USER" \
        -f /docker-entrypoint-initdb.d/sql/service.sql
done
