# The project's tasks. `make` alone prints them; each needs only Python >= 3.11 with venv, make and git.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
MEMBERS := libs/common services/applications services/review services/registry services/notifications deploy/embedded
PORT ?= 8000
DATA ?= ./var
PROFILE ?= demo
FORMAT ?= table

help: ## print these tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements.lock requirements-uv.lock pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the locked packages into .venv"
	@$(BIN)/python -m pip --disable-pip-version-check -q install --require-hashes -r requirements-uv.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --no-index $(addprefix -e ,$(MEMBERS))
	@touch $@

install: $(STAMP) ## make the project's own .venv from the lock

.PHONY: help install
