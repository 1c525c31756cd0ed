#!/bin/sh
# Makes one database and two roles per service, as service.sql beside it says; run by the image when its data is new.
# Each role has a password of its own: APPLICATIONS_PASSWORD, APPLICATIONS_OWNER_PASSWORD and so on.
set -eu

for service in applications review registry notifications; do
    name=$(echo "$service" | tr '[:lower:]' '[:upper:]')
    eval "password=\${${name}_PASSWORD:?the role of $service needs one}"
    eval "owner_password=\${${name}_OWNER_PASSWORD:?the owner of the tables of $service needs one}"
    SERVICE_PASSWORD=$password OWNER_PASSWORD=$owner_password psql -v ON_ERROR_STOP=1 -v service="$service" --username "$POSTGRES_USER" \
        -f /docker-entrypoint-initdb.d/sql/service.sql
done
