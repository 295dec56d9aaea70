# What there is to do here. Every target sets up what it needs first; a second run takes no time.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: help setup setup-check setup-tests demo test check lint format types layers words bench lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

setup: ## set up only: leaves .venv/bin/sanad ready
	@$(PYTHON) -m setup run

setup-check:
	@$(PYTHON) -m setup check

setup-tests:
	@$(PYTHON) -m setup tests

demo: setup ## set up, then run Sanad with preview phones on http://127.0.0.1:8000
	@$(BIN)/sanad demo

test: setup-tests ## set up, then run all tests (ARGS="-k words" runs some)
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

check: setup-check ## lint, format, types, layers, words: all of them, even after one fails
	@$(MAKE) --no-print-directory --keep-going lint format types layers words

lint:
	@$(BIN)/ruff check

format:
	@$(BIN)/ruff format --check

types:
	@$(BIN)/mypy

layers:
	@$(BIN)/lint-imports

words:
	@$(BIN)/python -m messages.check && $(BIN)/python -m messages.content_check

bench: setup-tests ## measure Sanad beside its peers; writes benchmarks/results.json
	@$(BIN)/python -m benchmarks $(ARGS)

lock: setup-check ## write the locks anew from the *.in files and package.json (ARGS=--upgrade for newer versions)
	$(BIN)/pip-compile --quiet $(ARGS) --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet $(ARGS) --output-file requirements-dev.txt requirements-dev.in
	$(BIN)/pip-compile --quiet $(ARGS) --output-file setup/node.txt setup/node.in
	$(BIN)/pip-compile --quiet $(ARGS) --output-file setup/postgres.txt setup/postgres.in
	npm install --package-lock-only

clean: ## remove what set-up and tools made; never touches data/
	rm -rf .venv node_modules console/static build *.egg-info .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
