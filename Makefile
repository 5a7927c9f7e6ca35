# Everything a newcomer needs is one word. `make help` lists the words.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt
STAMPS := $(VENV)/.stamps

.DEFAULT_GOAL := help
.PHONY: help install demo test check coverage mutants histories bench clean

help: ## list these words
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

install: $(STAMPS)/run ## install what the service needs into .venv

demo: $(STAMPS)/run ## run the whole shop on this machine: phones, console, a simulated WeChat
	@$(BIN)/fenxiao demo

test: $(STAMPS)/dev ## run every test
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(STAMPS)/dev ## formatter, linter, types, import rules, tests: what CI runs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n 2 --dist worksteal

coverage: $(STAMPS)/dev ## branch coverage of the business; fails under 95 %
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q --database sqlite -m "not browser" --cov=distribution \
	  tests/distribution tests/app tests/scheduler tests/handlers tests/web tests/bot tests/models

mutants: $(STAMPS)/dev ## change rules and ledger in every small way: do the tests notice? half an hour
	@$(PIP) mutmut==3.8.1
	@rm -rf mutants
	@$(BIN)/mutmut run && $(BIN)/mutmut results

histories: $(STAMPS)/dev ## play five thousand random histories of fifty steps on SQLite and as many on PostgreSQL
	HISTORIES=5000 $(BIN)/python -m pytest -n 2 -p no:cacheprovider tests/distribution/test_histories.py

bench: $(STAMPS)/dev ## run the benchmarks
	@for each in tests/bench/bench_*.py; do $(BIN)/python $$each || exit 1; done

clean: ## remove .venv and everything that was generated
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage mutants
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: $(STAMPS)/venv pyproject.toml constraints.txt
	@echo "Installing into $(VENV) (the first time takes a minute) …"
	@$(PIP) -e .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/venv pyproject.toml constraints.txt
	@echo "Installing into $(VENV), the test tools too (the first time takes a minute or two) …"
	@$(PIP) -e '.[dev]'
	@touch $@ $(STAMPS)/run
