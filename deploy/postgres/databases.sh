#!/bin/sh
# Makes one database and one role per service, as service.sql beside it says; run by the image when its data is new.
# Each role has a password of its own: APPLICATIONS_PASSWORD and so on.
set -eu

for service in applications review registry notifications; do
    variable=$(echo "$service" | tr '[:lower:]' '[:upper:]')_PASSWORD
    eval "password=\${$variable:?the role of $service needs one}"
    SERVICE_PASSWORD=$password psql -v ON_ERROR_STOP=1 -v service="$service" --username "$POSTGRES_USER" \
        -f /docker-entrypoint-initdb.d/sql/service.sql
done
