# `make chat` and `make test` do everything from a fresh machine; the second time they install nothing.
PYTHON ?= python3
NEWSDESK = .venv/bin/newsdesk
export NEWSDESK_PROFILE ?= full

INSTALL = .venv/bin/python -m pip install --quiet --disable-pip-version-check
LOCKED = $(INSTALL) --no-deps --require-hashes --requirement .ci/locked
LOCK = .venv-lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-package torch --upgrade

.PHONY: chat test test-fast lint bench reader soak lock sbom clean help

chat: .venv/installed ## install, fetch the models, index corpus/, open the page; PORT=8510 on another port
	@$(NEWSDESK) models fetch $(NEWSDESK_PROFILE) || $(NEWSDESK) models fetch light
	@test -e .newsdesk/index/current || $(NEWSDESK) index corpus || test $$? -eq 3
	@$(NEWSDESK) chat $(if $(PORT),--port $(PORT))

test: .venv/installed-for-tests lint ## everything: units, real models, a real browser
	@$(NEWSDESK) models fetch light
	@.venv/bin/python -m pytest -m "not slow" -n 3 --dist worksteal
	@.venv/bin/python -m pytest -m slow

test-fast: .venv/installed-for-tests lint ## units, in some three minutes: no real model, server or rebuild
	@.venv/bin/python -m pytest -m "not slow" -n 3 --dist worksteal

lint: .venv/installed-for-tests ## style and types
	@echo "Checking style and types …"
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

bench: .venv/installed-for-bench ## speed, and with DATA=FOLDER of question sets quality too, into docs/BENCHMARKS.md
	@.venv/bin/python -m bench $(if $(DATA),--data $(DATA) --profile $(NEWSDESK_PROFILE) --scratch .newsdesk/bench) $(OPTIONS)

reader: .venv/installed ## ROWS=FILE of questions: the readers' weights, in hours, stopped and started as you like
	@$(NEWSDESK) models fetch full
	@.venv/bin/python -m bench.reader --rows $(ROWS) $(OPTIONS)

soak: .venv/installed-for-tests ## kills, damage, full disks and readers, for many minutes, into docs/RELIABILITY.md
	@.venv/bin/python -m bench.soak --write $(OPTIONS)
	@FUZZ=2000 NEWSDESK_HISTORIES=200 .venv/bin/python -m pytest -k "mutated or any_history"

lock: .venv-lock/installed ## find the newest versions that pyproject.toml allows, and write them down with their hashes
	@$(LOCK) --output-file .ci/locked/run.txt
	@$(LOCK) --output-file .ci/locked/test.txt --extra test --constraint .ci/locked/run.txt
	@$(LOCK) --output-file .ci/locked/image.txt --extra signin --extra otel --constraint .ci/locked/test.txt

sbom: .venv-lock/installed .venv/installed ## what is installed, as a bill of materials in CycloneDX, with every licence
	@.venv-lock/bin/cyclonedx-py environment --output-reproducible --output-file sbom.json .venv/bin/python
	@echo "sbom.json lists what is installed in .venv."

.venv-lock/installed:
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9 cyclonedx-bom==7.5.0
	@touch $@

.venv/installed: pyproject.toml .ci/locked/run.txt
	@echo "Installing newsdesk into .venv (about 3 GB, a few minutes the first time) …"
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@$(LOCKED)/run.txt
	@$(INSTALL) --editable . # torch, by its version, and newsdesk itself
	@touch $@

.venv/installed-for-tests: .venv/installed .ci/locked/test.txt
	@echo "Installing the test tools …"
	@$(LOCKED)/test.txt
	@$(INSTALL) --editable '.[test]'
	@touch $@

.venv/installed-for-bench: .venv/installed
	@echo "Installing what the benchmarks compare with …"
	@$(INSTALL) --editable '.[bench]'
	@touch $@

clean: ## remove the environment and the sample index; fetched models stay in the cache
	rm -rf .venv .venv-lock .newsdesk sbom.json

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
