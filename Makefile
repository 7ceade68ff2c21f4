# What a newcomer types. `make demo` and `make test` need python3 (>= 3.11), make and git, and nothing set up before.
PY ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= 4

.PHONY: help demo test check format fuzz scenarios deb rig-test clean
help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(READY): pyproject.toml scripts/setup
	@PY="$(PY)" scripts/setup "$(VENV)"
	@touch $@

demo: $(READY) ## everything on this machine: virtual modem, agent, centre, console
	$(BIN)/posagent demo $(ARGS)

test: $(READY) ## the tests (ARGS go to pytest, JOBS at once: most wait for something); installs what they need from Debian where it is missing
	@scripts/test-tools
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile $(ARGS)

scenarios: $(READY) ## what diag says of ~400 broken and healthy terminals (network namespaces: root, or user namespaces allowed)
	$(BIN)/python bench/scenarios/run.py $(ARGS)

check: $(READY) ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY) ## rewrite the files in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

fuzz: $(READY) ## a minute of hostile bytes for each reader (ARGS: names, --seconds N); installs atheris
	$(BIN)/python -m pip install -q atheris
	$(BIN)/python bench/fuzz.py $(ARGS)

deb: ## dist/*.deb: the terminal and the centre, for Debian 12 (ARGS: arm64 or armhf, for that processor)
	@scripts/make-deb $(ARGS)

rig-test: ## both packages on a Debian 12 that boots in a container, treated badly (root; ARGS: --rounds N); installs mmdebstrap
	@scripts/rig-test $(ARGS)

clean: ## remove what the commands above made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
