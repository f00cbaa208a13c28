# `make demo` and `make test` are each enough by themselves on a fresh machine.

PYTHON ?= python3
export PYTHON SYSTEM_PACKAGES TORCH

ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format settings wheel clean

help: ## Show these targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r target text; do printf '  make %-8s %s\n' "$$target" "$$text"; done

setup: ## Install what is missing: system packages, .venv, ECharts, a browser
	@scripts/setup

demo: setup ## A small dataset of every kind, a page that shows it, two toy models trained on it
	@.venv/bin/python -m vary_data demo -o out/demo $(ARGS)
	@scripts/train-demo

test: setup ## Run the tests; ARGS="-k name" to choose
	@.venv/bin/python -m pytest $(ARGS)

check: setup ## Formatting, lint, types
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

format: setup ## Format the sources and mend what lint can mend
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

settings: setup ## Write docs/settings.md from the declared options
	@.venv/bin/python scripts/write_settings.py

wheel: setup ## Build the wheel and the source archive into dist/
	@.venv/bin/python -m build --no-isolation

clean: ## Remove .venv, node_modules and everything built; datasets in out/ stay
	rm -rf .venv node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
