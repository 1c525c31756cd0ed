#!/usr/bin/env bash
# With CI=true: installs what the tests start from the system (PostgreSQL, Java, Maven for Kafka, curl, nginx, chromium,
# Node.js for the generated clients) when it is missing. Otherwise it does nothing.
set -euo pipefail
[ "${CI:-}" = "true" ] || exit 0
missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v javac >/dev/null 2>&1 || missing+=(default-jdk-headless)
command -v curl >/dev/null 2>&1 || missing+=(curl)
command -v mvn >/dev/null 2>&1 || missing+=(maven)
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
command -v chromium >/dev/null 2>&1 || missing+=(chromium)
command -v npm >/dev/null 2>&1 || missing+=(nodejs npm)
[ ${#missing[@]} -gt 0 ] || exit 0
[ "$(id -u)" = "0" ] || { echo "CI=true needs ${missing[*]}: install them, or run as root" >&2; exit 1; }
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
timeout 300 apt-get update -qq
timeout 600 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
