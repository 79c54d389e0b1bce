# Gestand. Two commands: 'make demo' and 'make test'. Both set up all they need, in .venv beside this file.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SERVE  ?= yes

.DEFAULT_GOAL := help
.PHONY: help demo test test-long check lint docs bench lock clean

help:
	@echo "make demo        the worked example on a throw-away organisation, then its statement page (SERVE=no: without)"
	@echo "make test        everything that is tested, with what it needs installed first"
	@echo "make check       the quick part: format, lint, types, floors, fast tests"
	@echo "make docs        the lists, tables, pages and pictures in the documents, made anew from the code"
	@echo "make test-long   the full matrices"
	@echo "make bench       every promise of speed, quick sizes"
	@echo "make lock        pin the dependencies anew, with hashes"

$(VENV)/core.done: requirements/core.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Gestand needs Python 3.11 or newer; name one with 'make PYTHON=python3.12 ...'"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/core.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.done: $(VENV)/core.done requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Where the machine has a browser, the demonstration visits its own site with it.
$(VENV)/scan.done: $(VENV)/core.done requirements/scan.txt
	$(if $(shell command -v chromium || command -v chromium-browser || command -v google-chrome),$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/scan.txt,@echo "No chromium on this machine: what the site leaves on a device stays unproven.")
	@touch $@

demo: $(VENV)/scan.done
	$(BIN)/gestand demo $(if $(filter no,$(SERVE)),--no-serve)

system-packages:
	sh scripts/system_packages.sh

.PHONY: system-packages
test: $(VENV)/dev.done system-packages lint
	$(BIN)/python scripts/run_tests.py -m "not long"

test-long: $(VENV)/dev.done system-packages lint
	$(BIN)/python -m pytest

check: $(VENV)/dev.done lint
	$(BIN)/python -m pytest -q -m "not slow and not long"

lint: $(VENV)/dev.done
	$(BIN)/ruff format --check src tests scripts
	$(BIN)/ruff check src tests scripts
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/coverage_rows.py

docs: $(VENV)/core.done
	$(BIN)/python scripts/formats_tables.py
	$(BIN)/python scripts/picture.py
	$(BIN)/python scripts/statement_page.py

bench: $(VENV)/core.done
	$(BIN)/gestand bench intake --quick
	$(BIN)/gestand bench ledger --quick

lock: $(VENV)/dev.done
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate --universal --python-version 3.11 pyproject.toml -o requirements/core.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate --universal --python-version 3.11 --extra dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate --universal --python-version 3.11 --extra scan pyproject.toml -o requirements/scan.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate --universal --python-version 3.11 --extra outlook pyproject.toml -o requirements/outlook.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate --universal --python-version 3.11 requirements/build.in -o requirements/build.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
