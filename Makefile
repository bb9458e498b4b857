# Everything sets itself up: `make report` and `make test` work on a machine that has only git,
# make and Python 3.11 to 3.14.

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What one process has compiled, the next need not compile again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

## List the targets.
.PHONY: help
help:
	@awk '/^## /{said=substr($$0,4)} /^[a-z-]+:/{if(said){split($$1,t,":"); printf "  make %-13s %s\n", t[1], said; said=""}}' Makefile

# What is installed is what the lock files name, whatever has been published since: the lock is
# complete, so no dependency is looked for; every download has its hash; nothing is built from
# source, which would fetch the builder's newest. `pip check` says if the lock is not complete.
LOCKED := -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r
OURS := -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
VENV = $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { \
	echo "Python 3.11 to 3.14 is needed, which the lock files cover: make report PYTHON=python3.12" >&2; \
	exit 1; }; \
	$(PYTHON) -m venv $(1) || { rm -rf $(1); \
	echo "Python cannot make a virtual environment: on Debian, install python3-venv" >&2; exit 1; }

.venv/bin/python:
	@$(call VENV,.venv)

# What a report needs.
.venv/run-ready: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python $(LOCKED) requirements.lock
	$(BIN)/python $(OURS)
	$(BIN)/python -m pip check --quiet
	@touch $@

# What the tests need on top.
.venv/dev-ready: requirements-dev.lock | .venv/run-ready
	$(BIN)/python $(LOCKED) requirements-dev.lock
	$(BIN)/python -m pip check --quiet
	@touch $@

## Write Sheffield's 2018/19 year-end report into outputs/, and print the headline.
.PHONY: report
report: .venv/run-ready
	@$(BIN)/bcf report inputs/sheffield-2018-19

## Run the tests, and a sample of those that take long (under two minutes).
.PHONY: test
test: .venv/dev-ready
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q

## Run what takes long: whole reports, other programs, thousands of random pools (an hour).
.PHONY: long
long: .venv/dev-ready
	@BCF_LONG=1 $(BIN)/python -m pytest -n 2 --dist worksteal -q -m longer

# A part of it: make mutants MUTANTS="core/money agreement/calls --sample 60"
## Change the code in one place after another, and see whether a test fails (takes hours).
.PHONY: mutants
mutants: .venv/dev-ready
	@$(BIN)/python -m tests.mutants $(MUTANTS)

## Run all that CI runs: format, lint, types, tests, documents up to date, the README's commands.
.PHONY: check
check: format-check lint types docs-check readme test

## Put the code in its format.
.PHONY: format
format: .venv/dev-ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: format-check
format-check: .venv/dev-ready
	$(BIN)/ruff format --check .

.PHONY: lint
lint: .venv/dev-ready
	$(BIN)/ruff check .

.PHONY: types
types: .venv/dev-ready
	$(BIN)/mypy

## Write docs/ anew from the code: data dictionary, findings, command line.
.PHONY: docs
docs: .venv/dev-ready
	$(BIN)/python docs/generate.py

.PHONY: docs-check
docs-check: .venv/dev-ready
	$(BIN)/python docs/generate.py --check

.PHONY: readme
readme: .venv/dev-ready
	$(BIN)/python docs/run_readme.py

# An installation as a user has it, without what only tests need: pandera imports hypothesis when
# it is there, which is not what a user waits for.
.venv-bench/ready: requirements.lock pyproject.toml
	@$(call VENV,.venv-bench)
	.venv-bench/bin/python $(LOCKED) requirements.lock
	.venv-bench/bin/python $(OURS)
	.venv-bench/bin/python -m pip check --quiet
	@touch $@

## Measure: ratios side by side in one run (takes a minute).
.PHONY: bench
bench: .venv-bench/ready
	@.venv-bench/bin/python -m benchmarks.bench

## Store the present results as the golden ones, and show what changed (never run by CI).
.PHONY: golden
golden: .venv/dev-ready
	$(BIN)/python tests/golden/store.py
	git diff --stat -- tests/golden

# Without storing, or of some alone: make digests DIGESTS="--show sheffield-2018-19"
## Store digests of all that is written anew, and show every cell that changed (never run by CI).
.PHONY: digests
digests: .venv/dev-ready
	@$(BIN)/python -m tests.golden.digests $(DIGESTS)

## Pin the newest allowed versions of everything, with hashes (needs uv).
.PHONY: lock
lock:
	uv pip compile pyproject.toml $(LOCK) --all-extras -o requirements-dev.lock
	uv pip compile pyproject.toml $(LOCK) --extra build -c requirements-dev.lock -o requirements.lock
	sed -n 's/ *\\$$//; /^[a-z].*==/p' requirements.lock > constraints.txt
LOCK := --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade

## Remove outputs and caches.
.PHONY: clean
clean:
	rm -rf outputs/*/ .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
