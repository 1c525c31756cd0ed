#!/usr/bin/env bash
# The second fence: each service's tests where only that service and common are installed, with what those two declare
# and nothing else, in the locked versions. A workspace alone does not isolate imports.
# Two run at a time; `deploy/ci/fence.sh registry` runs one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

services=("$@")
((${#services[@]})) || services=(applications review registry notifications)
uv=$PWD/.venv/bin/uv
fenced=$(mktemp -d)
trap 'rm -rf "$fenced"' EXIT

alone() {
    local service=$1 python=$fenced/$1/bin/python
    "$uv" venv -q --python .venv/bin/python "$fenced/$service"
    # The constraints carry the lock's hashes, and uv verifies them.
    "$uv" pip install -q --python "$python" -c requirements.lock -r build.in --group pyproject.toml:dev
    "$uv" pip install -q --python "$python" -c requirements.lock --no-build-isolation -e libs/common -e "services/$service"
    "$python" - "$service" <<'PYTHON'
import importlib
import importlib.util
import sys

inside = sys.argv[1]
for member in {"applications_service", "review_service", "registry_service", "notifications_service", "embedded", "stack"}:
    if member != f"{inside}_service" and importlib.util.find_spec(member):
        sys.exit(f"{member} is inside the fence of {inside}")
importlib.import_module(f"{inside}_service.service")
PYTHON
    # What PostgreSQL says is asked by `make test`; here only imports are on trial.
    timeout 600 "$python" -m pytest -q -p no:cacheprovider -k "not postgresql" -m "not postgres" "tests/$service"
}

failed=0
for ((next = 0; next < ${#services[@]}; next += 2)); do
    declare -A running=()
    for service in "${services[@]:next:2}"; do
        alone "$service" >"$fenced/$service.log" 2>&1 &
        running[$service]=$!
    done
    for service in "${!running[@]}"; do
        verdict=passes
        # an `if` would switch `set -e` off inside the function; a job of its own keeps it
        wait "${running[$service]}" || { verdict=fails failed=1; cat "$fenced/$service.log"; }
        echo "$service alone $verdict: $(tail -n 1 "$fenced/$service.log")"
    done
    unset running
done
exit "$failed"
