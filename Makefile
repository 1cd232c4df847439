# `make chat` and `make test` do everything from a fresh machine; the second time they install nothing.
PYTHON ?= python3
NEWSDESK = .venv/bin/newsdesk
export NEWSDESK_PROFILE ?= full

.PHONY: chat test test-fast lint bench soak clean

chat: .venv/installed ## install, fetch the models, index corpus/, open the page
	@$(NEWSDESK) models fetch $(NEWSDESK_PROFILE) || $(NEWSDESK) models fetch light
	@test -e .newsdesk/index/current || $(NEWSDESK) index corpus || test $$? -eq 3
	@$(NEWSDESK) chat

test: .venv/installed-for-tests lint ## everything: units, real models, a real browser
	@$(NEWSDESK) models fetch light
	@.venv/bin/python -m pytest -m "not slow" -n 3 --dist worksteal
	@.venv/bin/python -m pytest -m slow

test-fast: .venv/installed-for-tests lint ## units, in less than a minute: no real model, server or rebuild
	@.venv/bin/python -m pytest -m "not slow" -n 3 --dist worksteal

lint: .venv/installed-for-tests
	@echo "Checking style and types …"
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

bench: .venv/installed-for-bench ## speed, and with DATA=FOLDER of question sets quality too, into docs/BENCHMARKS.md
	@.venv/bin/python -m bench $(if $(DATA),--data $(DATA) --profile $(NEWSDESK_PROFILE) --scratch .newsdesk/bench) $(OPTIONS)

soak: .venv/installed-for-tests ## kills, damage, full disks and readers, for many minutes, into docs/RELIABILITY.md
	@.venv/bin/python -m bench.soak --write $(OPTIONS)
	@FUZZ=2000 NEWSDESK_HISTORIES=200 .venv/bin/python -m pytest -k "mutated or any_history"

.venv/installed: pyproject.toml
	@echo "Installing newsdesk into .venv (about 3 GB, a few minutes the first time) …"
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-for-tests: .venv/installed
	@echo "Installing the test tools …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

.venv/installed-for-bench: .venv/installed
	@echo "Installing what the benchmarks compare with …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

clean: ## remove the environment and the sample index; fetched models stay in the cache
	rm -rf .venv .newsdesk
