# The project's tasks. `make` alone prints them; each needs only Python >= 3.11 with venv, make and git.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
MEMBERS := libs/common services/applications services/review services/registry services/notifications deploy/embedded deploy/stack
# What the stack takes when nothing is said; below are the defaults of the embedded shape and of the tests.
STACK_DATA := $(or $(DATA),./var/stack)
STACK_PORT := $(or $(PORT),0)
STACK_WORKERS := $(or $(WORKERS),1)
APIS ?= 1
PORT ?= 8000
DATA ?= ./var
PROFILE ?= demo
FORMAT ?= table
WORKERS ?= 2
TESTS ?= tests
FAULTS ?= all
SHAPE ?= embedded
SOAK_MINUTES ?= 3
SOAK_SEED ?= 1
BENCH_SHAPE ?= embedded
UNLIMITED := MINGPAI_RATE_LIMIT=1000000/minute

help: ## print these tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

$(STAMP): requirements.lock requirements-uv.lock pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the locked packages into .venv"
	@$(BIN)/python -m pip --disable-pip-version-check -q install --require-hashes -r requirements-uv.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --no-index $(addprefix -e ,$(MEMBERS))
	@touch $@

install: $(STAMP) ## make the project's own .venv from the lock

run: $(STAMP) ## start the platform and play the core path: PORT=8000 DATA=./var PROFILE=demo
	@exec $(BIN)/python -m embedded run --port $(PORT) --data $(DATA) --profile $(PROFILE)

status: $(STAMP) ## say where it runs and who the demo's clients are: FORMAT=json for programs
	@$(BIN)/python -m embedded status --data $(DATA) --format $(FORMAT)

reset: $(STAMP) ## delete the data after asking: YES=1 does not ask
	@$(BIN)/python -m embedded reset --data $(DATA) $(if $(YES),--yes)

doctor: $(STAMP) ## say what is wrong with this machine and how to mend it
	@$(BIN)/python -m embedded doctor --port $(PORT) --data $(DATA)

stack: $(STAMP) ## start the distributed shape (PostgreSQL, Kafka, nginx) and play the core path: APIS=1 WORKERS=1 DATA=./var/stack
	@$(BIN)/python -m stack up --apis $(APIS) --workers $(STACK_WORKERS) --data $(STACK_DATA) --port $(STACK_PORT)

stack-down: $(STAMP) ## end what `make stack` started, by id, and remove its data: DATA=./var/stack
	@$(BIN)/python -m stack down --data $(STACK_DATA)

stack-status: $(STAMP) ## say what of the stack runs, where, and its credentials: FORMAT=json for programs
	@$(BIN)/python -m stack status --data $(STACK_DATA) --format $(FORMAT)

stack-restart: $(STAMP) ## restart each api and worker of the stack in turn, or one process: NAME=registry-api-1
	@$(BIN)/python -m stack restart $(NAME) --data $(STACK_DATA)

subscriber: $(STAMP) ## open topics of the stack to another system: NAME=bureau TOPICS=mingpai.registry.public.v1 FORMAT=json
	@$(if $(and $(NAME),$(TOPICS)),,$(error name both: make subscriber NAME=bureau TOPICS=mingpai.registry.public.v1))
	@$(BIN)/python -m stack subscriber add '$(NAME)' --topics '$(TOPICS)' --data $(STACK_DATA) --format $(FORMAT)

subscriber-remove: $(STAMP) ## take a subscriber's access to the stack away: NAME=bureau
	@$(if $(NAME),,$(error name it: make subscriber-remove NAME=bureau))
	@$(BIN)/python -m stack subscriber remove '$(NAME)' --data $(STACK_DATA)

subscribers: $(STAMP) ## list the stack's subscribers and what each reads: FORMAT=json for programs
	@$(BIN)/python -m stack subscriber list --data $(STACK_DATA) --format $(FORMAT)

# Runs the tests in a folder on a stack that is started for them and ended after, whatever becomes of them.
define on_a_stack
	@deploy/ci/system-packages.sh
	@export $(UNLIMITED); $(BIN)/python -m stack up --no-journey $(2) --data $(STACK_DATA) || exit; \
		trap 'trap "" INT TERM; $(BIN)/python -m stack down --data $(STACK_DATA)' EXIT; \
		FAULTS=$(FAULTS) STACK=$(STACK_DATA) $(BIN)/python -m pytest -q $(1)
endef

stack-test: $(STAMP) ## run the journeys of the tests on a stack that is started for them and ended after
	$(call on_a_stack,tests/journeys)

stack-rolling: $(STAMP) ## restart each api and worker of a stack in turn under 50 requests a second: none may fail
	$(call on_a_stack,tests/rolling,--apis 2 --workers 2)

test: $(STAMP) ## run every test that can run here and say what was skipped and why; CI=true skips nothing
	@deploy/ci/system-packages.sh
	@$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

check: $(STAMP) ## lint, format, types, import contracts, architecture tests
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m pytest -q tests/architecture tests/deploy

faults: $(STAMP) ## kill it at each point it passes and look for what was lost or doubled: SHAPE=distributed FAULTS=sample
ifeq ($(SHAPE),distributed)
	$(call on_a_stack,tests/faults/distributed)
else
	@FAULTS=$(FAULTS) $(BIN)/python -m pytest -n $(WORKERS) tests/faults
endif

soak: $(STAMP) ## the same at random under load: SOAK_MINUTES=3 SOAK_SEED="1 2 3"
	@for seed in $(SOAK_SEED); do \
		SOAK_MINUTES=$(SOAK_MINUTES) SOAK_SEED=$$seed $(BIN)/python -m pytest -q tests/soak || exit 1; \
	done

bench: $(STAMP) ## how fast it is beside its bare parts, to docs/benchmarks.md: BENCH_SHAPE=embedded|distributed
	@BENCH_SHAPE=$(BENCH_SHAPE) PYTHONPATH=tests $(BIN)/python -m bench

profile: $(STAMP) ## show where the time of what is benchmarked goes
	@BENCH_SHAPE=$(BENCH_SHAPE) PYTHONPATH=tests $(BIN)/python -m bench.profile

fence: $(STAMP) ## run each service's tests where no other service is installed
	@deploy/ci/fence.sh

docs: $(STAMP) ## write the generated pages anew, and what the containers mount
	@$(BIN)/python -m embedded.docs
	@$(BIN)/python -m stack containers

migration: $(STAMP) ## draft a service's next migration: SERVICE=registry NAME='what it does'
	@$(if $(and $(SERVICE),$(NAME)),,$(error name both: make migration SERVICE=registry NAME='what it does'))
	@drafted=$$($(BIN)/python -m common.storage.revisions $(SERVICE) $(NAME)) \
		&& $(BIN)/ruff format --quiet "$$drafted" && echo "read it before you keep it: $$drafted"

.PHONY: help install run stack stack-down stack-status stack-restart subscriber subscriber-remove subscribers stack-test stack-rolling status reset doctor test check faults soak bench profile fence docs migration
