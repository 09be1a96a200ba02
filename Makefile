# Everything starts here. `make demo` shows it, `make test` proves it; each sets up all that it needs, once.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Hundreds of processes start in the tests, and each would compile the house anew.
unexport PYTHONDONTWRITEBYTECODE
WORKERS ?= 2
SOAK ?= 25
DEMO ?=
CHECKS := types artifacts layers lint lengths

.PHONY: help setup demo test check $(CHECKS) pytest soak bench slither compile format lock clean

help: ## what can be done here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## virtual environment, locked packages, npm packages
	@tools/setup

demo: setup ## a cargo's papers between six nodes, and a regulator's audit (DEMO="--false", DEMO="--documents DIR")
	@tidan demo $(DEMO)

test: setup check pytest ## linters, types, layers, artifacts and all tests

check: setup ## what needs no running chain
	@$(MAKE) --no-print-directory --jobs=$(WORKERS) --output-sync=target $(CHECKS)

lint:
	@echo "· format and lint"; ruff format --check --quiet . && ruff check --quiet .

types:
	@echo "· types"; mypy

layers:
	@echo "· layers"; lint-imports --no-cache

lengths:
	@echo "· file lengths"; python tools/check_lengths.py

artifacts:
	@echo "· contract artifacts"; python -m tidan_contracts.compile --check

pytest: setup ## the tests alone
	@pytest -n $(WORKERS) --dist worksteal -q -rs

soak: setup ## many samples of each random test (SOAK=25; long), and every test of the node on PostgreSQL
	@TIDAN_TEST_SQL=postgresql pytest -n $(WORKERS) --dist worksteal -q -rs --timeout 1200 node/tests
	@TIDAN_SOAK=$(SOAK) pytest -n $(WORKERS) --dist worksteal -q --timeout 7200 \
	  chaincode_tests/test_title_rules.py chaincode_tests/test_council_rules.py chaincode_tests/test_halmos.py node/tests/records/test_projections.py node/tests/operations/test_resuming.py \
	  node/tests/audit/test_titles.py node/tests/ledger/embedded/test_crashes.py cli/tests/system/test_kill_nine.py \
	  cli/tests/system/test_story_killed.py cli/tests/system/test_chain_rpc_faults.py node/tests/operations/test_restored.py \
	  cli/tests/demo/test_interrupted.py cli/tests/demo/test_other_papers.py

bench: setup ## figures of DESIGN, into benchmarks/results.json
	@tools/setup-bench
	@python -m benchmarks.run

slither: setup ## what slither finds in the contracts and nobody has explained
	@python -m chaincode_tests.slither

compile: setup ## contracts to artifacts
	@python -m tidan_contracts.compile

format: setup ## put the code in form
	@ruff format . && ruff check --fix .

lock: setup ## pin anew what pyproject.toml allows (needs `uv` on the path)
	@uv pip compile --quiet pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate -o requirements/dev.lock
	@uv pip compile --quiet requirements/static.in --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate -o requirements/static.lock
	@uv pip compile --quiet requirements/bench.in --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate -o requirements/bench.lock

clean: ## remove what setup made
	@rm -rf .venv .venv-static .venv-bench contracts/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
