# Each recipe sets up what it needs; nothing is installed outside .venv.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 3

.PHONY: help demo test test-deploy check chaos eval engines engines-stop engines-forget format requirements models clean

help: ## Lists the recipes.
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/'

demo: .venv/core ## Crawls the bundled city, raises incidents, mails them to a local sink, opens the console.
	@$(BIN)/answerable demo

test: .venv/dev ## Sets up an environment and runs every check, on real engines where they can start.
	@$(BIN)/python -m deploy.local around $(MAKE) --no-print-directory check

test-deploy: .venv/core ## Rehearses deploy/compose.yaml on a docker engine of its own (root on Debian); elsewhere says why not. Continuous integration calls it after test.
	@$(BIN)/python -m deploy.rehearsal

check: ## Runs every check in the environment that is there: form, types, floors, tests.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n $(WORKERS)

engines: .venv/bin/python ## Starts a real broker and a real node on this machine (a JDK and Maven; root on Debian gets them by apt).
	@$(BIN)/python -m deploy.local start

engines-stop: .venv/bin/python ## Stops them; their data stays.
	@$(BIN)/python -m deploy.local stop

engines-forget: .venv/bin/python ## Stops them and deletes their data; the next start chooses new ports.
	@$(BIN)/python -m deploy.local forget

chaos: .venv/dev ## Makes every fault on real processes and engines (hours); writes docs/chaos.md.
	@$(BIN)/python -m deploy.local around $(BIN)/python -m tests.chaos --write docs/chaos.md

eval: .venv/peers ## Measures every part on the labelled data beside the checkout; writes docs/figures.md. PARTS=… for some.
	$(BIN)/python -m bench.eval $(PARTS)

format: .venv/dev ## Formats the code and mends what can be mended by a machine.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements: ## Pins every dependency with its hashes anew.
	cd requirements && for of in build:build.in core:../pyproject.toml \
	  "engines:--extra=kafka --extra=elastic ../pyproject.toml" "dev:--extra=dev --extra=kafka --extra=elastic --extra=models ../pyproject.toml" peers:peers.in; do \
	  ../$(BIN)/pip-compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header \
	    --no-annotate --strip-extras --allow-unsafe --output-file=$${of%%:*}.txt $${of#*:}; done

models: .venv/dev ## Trains the shipped heads again from the labelled data beside the checkout.
	$(BIN)/python -m nlp.build_models
	$(BIN)/python -m bench.fit_danger
	$(BIN)/python -m bench.fit_asks
	$(BIN)/python -m bench.fit_wanted

clean: ## Removes the environment and what tools left behind.
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .pytest_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …" >&2; exit 2; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; $(PYTHON) -m pip install --quiet --user virtualenv && $(PYTHON) -m virtualenv --quiet .venv; } || { rm -rf .venv; echo "no venv module: install python3-venv" >&2; exit 2; }

.venv/core: .venv/bin/python requirements/core.txt requirements/build.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/core.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

.venv/dev: .venv/core requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.venv/peers: .venv/dev requirements/peers.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes -r requirements/peers.txt
	@touch $@
