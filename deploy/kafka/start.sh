#!/bin/sh
# Starts the broker in its container: formats the volume at the first start, with a user for the admin and each service.
# The users' passwords are those of that first start; later ones are changed by `python -m stack` or Kafka's own tools.
set -eu
umask 077

here=$(dirname "$0")
libs=${KAFKA_LIBS:-/opt/kafka/libs}
data=${KAFKA_DATA:-/var/lib/kafka/data}
made=${KAFKA_MADE:-/tmp}
properties=$made/server.properties

for word in "$KAFKA_ADMIN_PASSWORD" "$KAFKA_APPLICATIONS_PASSWORD" "$KAFKA_REVIEW_PASSWORD" \
    "$KAFKA_REGISTRY_PASSWORD" "$KAFKA_NOTIFICATIONS_PASSWORD"; do
    case $word in
    '' | *[!A-Za-z0-9._-]*)
        echo "passwords of the broker are letters, digits, dots, dashes and underscores" >&2
        exit 2
        ;;
    esac
done

sed -e "s|{listen}|${KAFKA_LISTEN:-0.0.0.0}|" -e "s|{host}|$KAFKA_HOST|" -e "s|{port}|$KAFKA_PORT|" \
    -e "s|{controller_port}|$KAFKA_CONTROLLER_PORT|" -e 's|{mechanism}|SCRAM-SHA-512|' -e 's|{admin}|admin|g' \
    -e "s|{password}|$KAFKA_ADMIN_PASSWORD|g" -e "s|{folder}|$data|" "$here/server.properties" >"$properties"

if [ ! -f "$data/log/meta.properties" ]; then
    cat >"$made/users" <<EOF
--add-scram
SCRAM-SHA-512=[name=admin,password=$KAFKA_ADMIN_PASSWORD]
--add-scram
SCRAM-SHA-512=[name=applications,password=$KAFKA_APPLICATIONS_PASSWORD]
--add-scram
SCRAM-SHA-512=[name=review,password=$KAFKA_REVIEW_PASSWORD]
--add-scram
SCRAM-SHA-512=[name=registry,password=$KAFKA_REGISTRY_PASSWORD]
--add-scram
SCRAM-SHA-512=[name=notifications,password=$KAFKA_NOTIFICATIONS_PASSWORD]
EOF
    # A random id of Kafka's never begins with a dash, which would make it an option.
    cluster=$(java -cp "$libs/*" kafka.tools.StorageTool random-uuid)
    java -cp "$libs/*" kafka.tools.StorageTool format -t "$cluster" -c "$properties" "@$made/users"
    rm "$made/users"
fi

# shellcheck disable=SC2086 # several options, as the variable says
exec java ${KAFKA_HEAP:--Xms256m -Xmx512m} "-Dlog4j2.configurationFile=file:$here/log4j2.xml" \
    -cp "$libs/*" kafka.Kafka "$properties"
