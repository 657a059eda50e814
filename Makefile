# Two commands for a newcomer: `make run` and `make test`. Everything is installed into .venv; nothing else is touched.
VENV := .venv
UV := $(VENV)/bin/uv
PYTHON ?= python3
export UV_PROJECT_ENVIRONMENT := $(VENV)

.PHONY: help run test setup check format bench
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: setup ## start Factline: the bot with a token, the sandbox without
	$(VENV)/bin/factline

test: setup ## the whole test suite
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile

setup: $(VENV)/.ready ## the locked dependencies, into .venv

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Factline needs Python 3.11 or newer; name one: make PYTHON=python3.12' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet uv

# Python stays the one that made .venv: uv must neither look for another nor download one.
$(VENV)/.ready: uv.lock pyproject.toml | $(UV)
	$(UV) sync --quiet --locked --inexact --python $(VENV)/bin/python
	@PYTHONDONTWRITEBYTECODE= $(VENV)/bin/python -OO -c 'import bot.commands.run' # as it runs: see bot/lean.py
	@touch $@

check: setup ## format, lint and types
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

format: setup ## what can be formatted and mended by itself
	$(VENV)/bin/ruff check --fix-only --quiet . || true
	$(VENV)/bin/ruff format --quiet .

bench: setup ## the benchmarks, as ratios measured in one run
	$(VENV)/bin/python -m tests.benchmarks
