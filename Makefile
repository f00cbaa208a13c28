# `make demo` and `make test` each work by themselves on a fresh machine.

PYTHON ?= python3
export PYTHON SYSTEM_PACKAGES TORCH

ARGS ?=
PROCESSES ?= 2

# Hundreds of processes import the project: without its compiled modules each takes a second more.
export PYTHONDONTWRITEBYTECODE =

# Logic without drawing: no browser, TeX, cluster, training, datasets or building the wheel.
FAST = tests/test_imports.py tests/base tests/dataset tests/engine/test_plan.py \
	tests/engine/test_recipe.py tests/golden tests/sources/arxiv \
	tests/renderers/charts/test_truth.py tests/renderers/charts/test_ticks.py \
	tests/renderers/charts/test_palette.py tests/renderers/charts/test_audit.py \
	tests/trainer/evaluation/test_chart_metrics.py tests/trainer/evaluation/test_text_metrics.py \
	tests/trainer/evaluation/test_table_metrics.py
NOT_FAST = --deselect=tests/golden/test_golden.py::test_samples_keep_their_text_and_regions

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast check format golden coverage settings wheel clean

help: ## Show these targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r target text; do printf '  make %-9s  %s\n' "$$target" "$$text"; done

setup: ## Install what is missing: system packages, .venv, ECharts, KaTeX, a browser
	@scripts/setup

demo: setup ## Make a small dataset of every kind, a preview page, and two toy models trained on it
	@.venv/bin/python -m vary_data demo -o out/demo $(ARGS)
	@scripts/train-demo

test: setup ## Run the tests; ARGS="-k name" selects some, ARGS="-m slow" runs the slow ones
	@.venv/bin/python -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: setup ## Run the tests that need no browser, TeX or training, in about a minute
	@.venv/bin/python -m pytest $(FAST) $(NOT_FAST) $(ARGS)

check: setup ## Check formatting, lint and types
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/mypy examples

format: setup ## Format the sources and apply the automatic fixes of the linter
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

golden: setup ## Rewrite tests/golden/files after an intended change of content
	@.venv/bin/python -m tests.golden.rewrite $(ARGS)

coverage: setup ## Run the tests and report which lines they execute, worker processes included
	@rm -f .coverage .coverage.*
	@.venv/bin/coverage run -m pytest $(ARGS)
	@.venv/bin/coverage combine --quiet
	@.venv/bin/coverage report

settings: setup ## Write docs/settings.md from the declared options
	@.venv/bin/python scripts/write_settings.py

wheel: setup ## Build the wheel and the source archive into dist/
	@.venv/bin/python -m build --no-isolation

clean: ## Remove .venv, node_modules and everything built; datasets in out/ stay
	rm -rf .venv node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .coverage*
