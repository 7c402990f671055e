# Two commands set everything up: `make demo` (grow a dataset offline) and `make test` (everything that proves the tool).
# Both install the versions in requirements/, which `make lock` writes; `make test-newest` takes the newest allowed ones.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NEWEST := .venv-newest
JOBS ?= 2
PYTEST := -m pytest -n $(JOBS) -m "not slow"

.PHONY: demo test test-newest test-slow lint format lock clean

demo: $(VENV)/.installed
	$(BIN)/ift-build bootstrap --model demo --target 100 --out outputs/demo

test: $(VENV)/.installed-dev lint
	$(BIN)/python $(PYTEST)

# Drift shows here before a user meets it: the suite against the newest versions that pyproject.toml allows.
test-newest: $(NEWEST)/bin/python
	$(NEWEST)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(NEWEST)/bin/python -m pip install --quiet --upgrade --upgrade-strategy eager --editable . --group dev
	$(NEWEST)/bin/python $(PYTEST)

test-slow: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Keeps the locked versions that still fit; `make lock UPGRADE=--upgrade` moves all to the newest.
lock: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --upgrade uv
	$(LOCK) --group build --output-file requirements/run.txt pyproject.toml
	$(LOCK) --group build --group dev --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make lock" $(UPGRADE)

%/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "ift-builder needs Python 3.10 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $*

$(VENV)/.installed: pyproject.toml requirements/run.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements/dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
	@touch $@

clean:
	rm -rf $(VENV) $(NEWEST) outputs/demo dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
