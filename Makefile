# One word a habit. Each sets up what it needs by itself.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIPPED := --quiet --disable-pip-version-check --require-hashes
LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade

.PHONY: help setup demo test run lint docs dist sbom audit lint-image bench faults faults-mutants fuzz fuzz-api train eval-replies \
	eval-tone messages lock clean tools
.DEFAULT_GOAL := help

help:            ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready  ## only the .venv, with .venv/bin/cadence

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cadence needs Python 3.11 or later")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(PIPPED) -r requirements-dev.lock
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

docs:            ## the documentation as a site, in site/
	test -x .venv-docs/bin/python || $(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install $(PIPPED) -r requirements-docs.lock
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --quiet --strict

dist: setup      ## the wheel and the source as they are released, tried out, in dist/
	rm -f dist/*.whl dist/*.tar.gz
	DELIVERY=long $(BIN)/python -m pytest tests/delivery
	$(BIN)/uv build --quiet --no-build-isolation -o dist

sbom: tools      ## what the product is made of, as CycloneDX, in dist/
	mkdir -p dist
	PYTHONWARNINGS=ignore .venv-tools/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application \
	    --sv 1.6 --output-reproducible --validate -o dist/cadence.cdx.json

audit:           ## what is known against the pinned dependencies, where that can be asked
	.ci/audit

lint-image: tools ## what hadolint says of the Dockerfile
	.venv-tools/bin/hadolint Dockerfile

tools:
	test -x .venv-tools/bin/python || $(PYTHON) -m venv .venv-tools
	.venv-tools/bin/python -m pip install $(PIPPED) -r requirements-tools.lock

bench: setup     ## how fast it is, beside other ways to do the same (benchmarks/README.md)
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install $(PIPPED) -r benchmarks/requirements.lock
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
	$(BIN)/python -m pip install $(PIPPED) -r training/requirements.lock
	$(BIN)/python -m training.train $(ARGS)
	$(BIN)/python -m training.train_tone

eval-replies: setup ## how well replies are read, on sets that were not used for tuning
	$(BIN)/python -m benchmarks.replies $(ARGS)

eval-tone: setup ## how well the tone of mails is heard, on sentences that were not used for tuning
	$(BIN)/python -m benchmarks.tone $(ARGS)

messages: setup  ## gather the words of the pages, and put their translations to use (docs/web.md)
	$(BIN)/python -m tests.web.messages

lock: setup      ## renew the pinned dependencies
	$(BIN)/uv pip compile $(LOCKED) -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCKED) --extra dev -o requirements-dev.lock pyproject.toml
	for group in build docs tools; do $(BIN)/uv pip compile $(LOCKED) --group $$group -o requirements-$$group.lock || exit 1; done

clean:           ## forget the .venv and what tests left
	rm -rf $(VENV) .venv-bench .venv-docs .venv-tools dist site .mypy_cache .ruff_cache
