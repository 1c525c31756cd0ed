# The project's tasks. `make` without a task lists them. They need Python >= 3.11 with venv, make and git.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
MEMBERS := libs/common services/applications services/review services/registry services/notifications deploy/embedded deploy/stack
# Defaults of the stack; below are those of the embedded shape and of the tests.
STACK_DATA := $(or $(DATA),./var/stack)
STACK_PORT := $(or $(PORT),0)
STACK_WORKERS := $(or $(WORKERS),1)
APIS ?= 1
PORT ?= 8000
DATA ?= ./var
PROFILE ?= $(or $(MINGPAI_PROFILE),demo)
FORMAT ?= table
WORKERS ?= 4
TESTS ?= tests
LEAVE_OUT ?=
STACK_TESTS ?= tests/journeys
GENERATORS ?= python typescript java go
FAULTS ?= all
ROUNDS ?= 50
CASES ?= 8
SEED ?=
RECOMMENDATIONS ?= 400
SHAPE ?= embedded
SOAK_MINUTES ?= 3
SOAK_SEED ?= 1
BENCH_SHAPE ?= embedded
UNLIMITED := MINGPAI_RATE_LIMIT=1000000/minute

help: ## print these tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

$(STAMP): requirements.lock requirements-uv.lock pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))
	@$(PYTHON) deploy/ci/install.py --stamp $@ $(addprefix --member ,$(MEMBERS)) $^

install: $(STAMP) ## make the project's own .venv from the lock

run: $(STAMP) ## start the platform and play the core path: PORT=8000 DATA=./var PROFILE=demo
	@exec $(BIN)/python -m embedded run --port $(PORT) --data $(DATA) --profile $(PROFILE)

status: $(STAMP) ## print where it runs, and the demo's clients: FORMAT=json for programs
	@$(BIN)/python -m embedded status --data $(DATA) --format $(FORMAT)

reset: $(STAMP) ## delete the data after asking; YES=1 does not ask
	@$(BIN)/python -m embedded reset --data $(DATA) $(if $(YES),--yes)

doctor: $(STAMP) ## print what is wrong with this machine and how to repair it
	@$(BIN)/python -m embedded doctor --port $(PORT) --data $(DATA)

stack: $(STAMP) ## start the distributed shape (PostgreSQL, Kafka, nginx) and play the core path: APIS=1 WORKERS=1 DATA=./var/stack
	@$(BIN)/python -m stack up --apis $(APIS) --workers $(STACK_WORKERS) --data $(STACK_DATA) --port $(STACK_PORT)

stack-down: $(STAMP) ## end the processes of `make stack` and delete their data: DATA=./var/stack
	@$(BIN)/python -m stack down --data $(STACK_DATA)

stack-status: $(STAMP) ## print the stack's processes, addresses and credentials: FORMAT=json for programs
	@$(BIN)/python -m stack status --data $(STACK_DATA) --format $(FORMAT)

stack-restart: $(STAMP) ## restart each api and worker of the stack in turn, or one process: NAME=registry-api-1
	@$(BIN)/python -m stack restart $(NAME) --data $(STACK_DATA)

subscriber: $(STAMP) ## let another system read topics of the stack: NAME=bureau TOPICS=mingpai.registry.public.v1 FORMAT=json
	@$(if $(and $(NAME),$(TOPICS)),,$(error name both: make subscriber NAME=bureau TOPICS=mingpai.registry.public.v1))
	@$(BIN)/python -m stack subscriber add '$(NAME)' --topics '$(TOPICS)' --data $(STACK_DATA) --format $(FORMAT)

subscriber-remove: $(STAMP) ## remove a subscriber's access to the stack: NAME=bureau
	@$(if $(NAME),,$(error name it: make subscriber-remove NAME=bureau))
	@$(BIN)/python -m stack subscriber remove '$(NAME)' --data $(STACK_DATA)

subscribers: $(STAMP) ## list the stack's subscribers and their topics: FORMAT=json for programs
	@$(BIN)/python -m stack subscriber list --data $(STACK_DATA) --format $(FORMAT)

# Starts a stack, runs the tests of each folder on it, one folder after the other, and ends it in any case.
define on_a_stack
	@deploy/ci/system-packages.sh
	@export $(UNLIMITED); $(BIN)/python -m stack up --no-journey $(2) --data $(STACK_DATA) || exit; \
		trap 'trap "" INT TERM; $(BIN)/python -m stack down --data $(STACK_DATA)' EXIT; \
		for folder in $(1); do \
			FAULTS=$(FAULTS) STACK=$(STACK_DATA) $(BIN)/python -m pytest -q $$folder || exit; \
		done
endef

# The faults come before the journeys, which empty the tables: their checker reads all that was ever published. The test
# of the whole comes last: it ends the stack.
stack-test: $(STAMP) ## run tests on a stack that is started for them: STACK_TESTS="tests/faults/distributed tests/journeys tests/whole"
	$(call on_a_stack,$(STACK_TESTS))

stack-rolling: $(STAMP) ## restart each api and worker of a stack in turn under 50 requests a second: none may fail
	$(call on_a_stack,tests/rolling,--apis 2 --workers 2)

test: $(STAMP) ## run every test that can run here and list the skipped ones with reasons; with CI=true none may be skipped
	@deploy/ci/system-packages.sh
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(addprefix --ignore ,$(LEAVE_OUT)) $(TESTS)

check: $(STAMP) ## lint, format, types, import contracts, declared dependencies, architecture tests
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m pytest -q tests/architecture tests/deploy

generators: $(STAMP) ## make clients of the API's document, compile and call them: GENERATORS="python typescript java go"
	@deploy/ci/system-packages.sh
	@$(BIN)/python -m pytest -q -rs $(GENERATORS:%=tests/generators/test_%.py)

faults: $(STAMP) ## kill it at each failpoint and check that nothing was lost or duplicated: SHAPE=distributed FAULTS=sample
ifeq ($(SHAPE),distributed)
	$(call on_a_stack,tests/faults/distributed)
else
	@FAULTS=$(FAULTS) $(BIN)/python -m pytest -n $(WORKERS) tests/faults
endif

races: $(STAMP) ## make each pair of moves of docs/sagas.md at once, on both databases: ROUNDS=50
	@RACES=$(ROUNDS) $(BIN)/python -m pytest -n $(WORKERS) tests/races

rounds: $(STAMP) ## play whole rounds at random and end them by the offices alone: ROUNDS=50 CASES=8, or one again: SEED=7
	@RANDOM_ROUNDS=$(ROUNDS) RANDOM_CASES=$(CASES) RANDOM_SEED=$(SEED) $(BIN)/python -m pytest -n $(WORKERS) -v tests/rounds

limit: $(STAMP) ## recommend a county's applications at once, three quarters of them allowed, on both databases: RECOMMENDATIONS=400
	@RECOMMENDATIONS=$(RECOMMENDATIONS) $(BIN)/python -m pytest -n $(WORKERS) tests/applications/recommendations/test_limit.py

stories: $(STAMP) ## play the journeys, also a round in which much goes wrong, for every honour on both databases
	@STORIES=all $(BIN)/python -m pytest -n $(WORKERS) tests/journeys

soak: $(STAMP) ## the same at random times under load: SOAK_MINUTES=3 SOAK_SEED="1 2 3"
	@for seed in $(SOAK_SEED); do \
		SOAK_MINUTES=$(SOAK_MINUTES) SOAK_SEED=$$seed $(BIN)/python -m pytest -q tests/soak || exit 1; \
	done

bench: $(STAMP) ## measure it against its bare parts, into docs/benchmarks.md: BENCH_SHAPE=embedded|distributed
	@BENCH_SHAPE=$(BENCH_SHAPE) PYTHONPATH=tests $(BIN)/python -m bench

profile: $(STAMP) ## profile the benchmarked code
	@BENCH_SHAPE=$(BENCH_SHAPE) PYTHONPATH=tests $(BIN)/python -m bench.profile

fence: $(STAMP) ## import each service and test its models where no other service is installed
	@deploy/ci/fence.sh

docs: $(STAMP) ## write the generated pages, and the files that the containers mount
	@$(BIN)/python -m embedded.docs
	@$(BIN)/python -m stack containers

migration: $(STAMP) ## draft a service's next migration: SERVICE=registry NAME='what it does'
	@$(if $(and $(SERVICE),$(NAME)),,$(error name both: make migration SERVICE=registry NAME='what it does'))
	@$(BIN)/python -m common.storage.migrations.drafts '$(SERVICE)' "$$NAME"

.PHONY: help install run stack stack-down stack-status stack-restart subscriber subscriber-remove subscribers stack-test stack-rolling status reset doctor test check generators faults races rounds limit stories soak bench profile fence docs migration
