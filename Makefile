# Two commands matter: `make demo` and `make test`. Everything else serves them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp-base
STAMP_DEV := $(VENV)/.stamp-dev
WORKERS ?= auto
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo test check bundle setup setup-dev lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Lika needs Python 3.11 or newer, found %s: set PYTHON=..." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "No virtual environment could be made; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --no-compile --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps -e .
	@touch $@

$(STAMP_DEV): requirements-dev.lock $(STAMP)
	$(PIP) install --quiet --no-compile --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(STAMP) ## the environment for running Lika
setup-dev: $(STAMP_DEV) ## the environment for developing Lika

demo: $(STAMP) ## set up, load the demonstration county, run the loop, serve
	$(BIN)/lika demo

# One file stays with one worker: fixtures of a file are made once, and every worker has a database of its own.
test: check ## set up and run every check and test (WORKERS=1: one after the other)
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(STAMP_DEV) ## set up and run the checks alone: style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bundle: $(STAMP_DEV) ## write one archive that runs without a network (MACHINE=x86_64 or aarch64)
	$(BIN)/python -m tools.bundle $(if $(MACHINE),--machine $(MACHINE))

lock: ## rewrite the lock files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean: ## stop the embedded database; remove the environment and all local data
	@if [ -x $(BIN)/python ] && [ -d var ]; then $(BIN)/python -m lika.runtime.postgres remove var; fi
	rm -rf $(VENV) var
