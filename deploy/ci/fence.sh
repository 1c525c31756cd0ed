#!/usr/bin/env bash
# Each service in an environment that holds this service, common and what these two declare, in the locked versions:
# every module of both is imported, and the tests of its models run. A workspace alone does not isolate imports.
# Two run at a time; `deploy/ci/fence.sh registry` runs one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

services=("$@")
((${#services[@]})) || services=(applications review registry notifications)
uv=$PWD/.venv/bin/uv
# What the models' tests need of the group `dev`; the lock says in which version.
tools=(aiosmtpd hypothesis pytest pytest-asyncio pytest-randomly pytest-socket pytest-timeout)
fenced=$(mktemp -d)
trap 'rm -rf "$fenced"' EXIT

alone() {
    local service=$1 python=$fenced/$1/bin/python
    "$uv" venv -q --python .venv/bin/python "$fenced/$service"
    # The constraints carry the lock's hashes, and uv verifies them.
    "$uv" pip install -q --python "$python" -c requirements.lock -r build.in
    "$uv" pip install -q --python "$python" -c requirements.lock --no-build-isolation -e libs/common -e "services/$service"
    # Before the tools of the tests are there, so that no module can import one of them.
    timeout 120 "$python" deploy/ci/import_all.py common "${service}_service"
    "$uv" pip install -q --python "$python" -c requirements.lock "${tools[@]}"
    mapfile -t models < <(find "tests/$service" -name test_model.py)
    timeout 300 "$python" -m pytest -q -p no:cacheprovider "${models[@]}"
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
