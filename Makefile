PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install run test proof bench check handbooks

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(STAMP)

run: install
	$(BIN)/lianluo run

test: install
	$(BIN)/python -m pytest -n 3 --dist worksteal -m 'not proof'

proof: install
	$(BIN)/python -m pytest -m proof

bench: install
	$(BIN)/python -m benchmarks.run

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

handbooks: install
	$(BIN)/python -m tests.browser.handbooks
