# One word a habit. Each sets up what it needs by itself.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: help setup demo test run lint bench faults faults-mutants fuzz fuzz-api train eval-replies eval-tone lock clean
.DEFAULT_GOAL := help

help:            ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready  ## only the .venv, with .venv/bin/cadence

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cadence needs Python 3.11 or later")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup      ## the whole product on made-up people, in under a minute
	$(BIN)/cadence demo

test: setup      ## all tests
	$(BIN)/python -m pytest -n 4 $(ARGS)

run: setup       ## the real thing, with its data in ./data
	$(BIN)/cadence run --data data

lint: setup      ## style, types and the shipped templates
	$(BIN)/ruff check cadence tests benchmarks training
	$(BIN)/ruff format --check cadence tests benchmarks training
	$(BIN)/mypy
	$(BIN)/cadence lint

bench: setup     ## how fast it is, beside other ways to do the same (benchmarks/README.md)
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	$(BIN)/python -m benchmarks $(ARGS)

faults: setup    ## nothing twice, nothing lost, whatever dies (FAULTS=long for the long form)
	$(BIN)/python -m pytest tests/faults $(ARGS)

faults-mutants: setup ## take each guard out and see the tests notice
	$(BIN)/python -m tests.faults.mutants $(ARGS)

fuzz: setup      ## ten minutes of mails made to break the reader (ARGS="MINUTES SEED")
	$(BIN)/python -m tests.fuzz $(ARGS)

fuzz-api: setup  ## 5,000 questions to the REST API, in and out of its document (ARGS="CASES SEED")
	$(BIN)/python -m tests.web.api_fuzz $(ARGS)

train: setup     ## train the models that read replies and hear tone anew from training/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r training/requirements.lock
	$(BIN)/python -m training.train $(ARGS)
	$(BIN)/python -m training.train_tone

eval-replies: setup ## how well replies are read, on sets that were not used for tuning
	$(BIN)/python -m benchmarks.replies $(ARGS)

eval-tone: setup ## how well the tone of mails is heard, on sentences that were not used for tuning
	$(BIN)/python -m benchmarks.tone $(ARGS)

lock: setup      ## renew the pinned dependencies
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade --extra dev -o requirements-dev.lock pyproject.toml

clean:           ## forget the .venv and what tests left
	rm -rf $(VENV) .mypy_cache .ruff_cache
