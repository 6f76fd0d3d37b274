# `make` lists the targets. Everything a target needs is installed into .venv from the pinned requirements.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
VENV := .venv
PYTHON := $(VENV)/bin/python
PORT ?= 8000
SANDBOX_PORT ?= 8001
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
DEVELOPMENT := DEBUG=true
# What Python has compiled once it need not compile again, in any of the processes that tests start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: run
run: $(VENV)/.runtime $(CATALOGUES:.po=.mo) ## Start the sandbox and the portal; Ctrl-C ends both
	@$(DEVELOPMENT) $(PYTHON) manage.py demo --port $(PORT) --sandbox-port $(SANDBOX_PORT)

.PHONY: test
test: check ## Run every check and every test
	$(PYTHON) -m pytest -n 3 --dist loadgroup

.PHONY: test-fast
test-fast: $(VENV)/.development $(CATALOGUES:.po=.mo) ## Run the tests without sockets and database, in about half a minute
	$(PYTHON) -m pytest -n 2 tests/unit

.PHONY: test-database
test-database: $(VENV)/.development ## Run what races in the database, against DATABASE_URL
	$(PYTHON) -m pytest -m database

.PHONY: prove
prove: $(VENV)/.development ## Prove sending: thousands of histories, and mutants that must each be noticed
	PROOF_HISTORIES=2000 $(PYTHON) -m pytest -p no:randomly tests/ledger/proof
	$(PYTHON) -m tests.tools.mutation ledger
	$(PYTHON) -m tests.tools.mutation answers

.PHONY: check
check: ## Linters, formatters, types, import directions, Django's checks, whether every test can be read
	@$(MAKE) --no-print-directory --jobs=2 types django collection lint

.PHONY: types
types: $(VENV)/.development $(CATALOGUES:.po=.mo)
	$(DEVELOPMENT) $(VENV)/bin/mypy

# These need only what runs the portal: they go on while what tests need is installed.
.PHONY: django
django: $(VENV)/.runtime $(CATALOGUES:.po=.mo)
	$(DEVELOPMENT) $(PYTHON) manage.py check --fail-level WARNING
	$(DEVELOPMENT) $(PYTHON) manage.py makemigrations --check --dry-run

# Reads every test. This also compiles them, once, so that the processes which run them need not.
.PHONY: collection
collection: $(VENV)/.development $(CATALOGUES:.po=.mo)
	@collected=$$($(PYTHON) -m pytest --collect-only --quiet --quiet) || { echo "$$collected"; false; }

.PHONY: lint
lint: $(VENV)/.development
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(VENV)/bin/djlint --lint --quiet templates
	$(VENV)/bin/lint-imports

.PHONY: siege
siege: $(VENV)/.development ## Attack a running portal on the loopback while good guests sign in; prints figures
	$(PYTHON) -u -m tests.tools.siege

.PHONY: mutants-security
mutants-security: $(VENV)/.development ## Remove each mitigation from a copy: the test meant for it goes red
	$(PYTHON) -m tests.tools.mutation security

.PHONY: observatory
observatory: $(VENV)/.development .observatory/.installed ## Mozilla's Observatory, offline, against the portal behind TLS (needs Node.js)
	$(PYTHON) -m tests.tools.scan.observatory .observatory

.observatory/.installed: Makefile
	mkdir -p $(@D)
	cd $(@D) && npm install --silent --no-save --ignore-scripts --no-audit --no-fund --omit=optional \
		@mdn/mdn-http-observatory@1.4.8
	@touch $@

.PHONY: scan
scan: $(VENV)/.development .scanners/.installed ## bandit over the source and wapiti over the pages
	.scanners/bin/bandit --quiet --recursive --severity-level medium --confidence-level low \
		guestportal accounts gifting manage.py
	$(PYTHON) -m tests.tools.scan.attack .scanners/bin/wapiti

.PHONY: sbom
sbom: $(VENV)/.development .scanners/.installed ## Write docs/sbom.json: what the portal needs to run, with versions and hashes
	.scanners/bin/cyclonedx-py requirements --output-reproducible --output-file .scanners/sbom.json requirements.txt
	$(PYTHON) -m tests.tools.scan.bill .scanners/sbom.json docs/sbom.json
	@echo "docs/sbom.json is written. Advisory databases are out of reach here: check it where they are not."

.scanners/.installed: tests/tools/scan/requirements.txt
	python3 -m venv .scanners
	.scanners/bin/python -m pip install --quiet --no-compile --require-hashes --requirement tests/tools/scan/requirements.txt
	@touch $@

.PHONY: format
format: $(VENV)/.development ## Format Python and templates
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	-$(VENV)/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

.PHONY: screenshots
screenshots: $(VENV)/.development $(CATALOGUES:.po=.mo) ## Render every page into screenshots/, and README's two (needs Chromium)
	REQUIRE_BROWSER=1 $(PYTHON) -m pytest -p no:randomly tests/browser/screenshots.py

.PHONY: messages
messages: $(VENV)/.development ## Collect translatable strings into locale/ (needs GNU gettext)
	@mkdir -p locale
	$(DEVELOPMENT) $(PYTHON) manage.py makemessages --locale es --locale fr --no-location --no-wrap --no-obsolete \
		--ignore 'tests/*'
	@sed -i.bak -E '/^"(POT-Creation-Date|Report-Msgid-Bugs-To):/d' locale/*/LC_MESSAGES/django.po
	@rm -f locale/*/LC_MESSAGES/django.po.bak

.PHONY: lock
lock: .scanners/.installed ## Pin the newest allowed versions with hashes
	echo pip | .scanners/bin/uv pip compile $(LOCK) - --output-file requirements-pip.txt
	.scanners/bin/uv pip compile $(LOCK) requirements.in --output-file requirements.txt
	.scanners/bin/uv pip compile $(LOCK) tests/requirements.in --output-file tests/requirements.txt
	.scanners/bin/uv pip compile $(LOCK) tests/tools/scan/requirements.in --output-file tests/tools/scan/requirements.txt

LOCK := --quiet --upgrade --python-version 3.11 --universal --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links

.PHONY: clean
clean: ## Remove the virtual environment, the development database and caches
	rm -rf $(VENV) .scanners .observatory guestportal.sqlite3* staticfiles screenshots .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -f $(CATALOGUES:.po=.mo)

$(PYTHON):
	python3 -m venv $(VENV)

# The pip that comes with Python may be years old: a newer one needs two thirds of the time for what follows.
$(VENV)/.pip: requirements-pip.txt | $(PYTHON)
	$(PYTHON) -m pip install --quiet --no-compile --require-hashes --requirement requirements-pip.txt
	@touch $@

$(VENV)/.runtime: requirements.txt | $(VENV)/.pip
	$(PYTHON) -m pip install --quiet --no-compile --require-hashes --requirement requirements.txt
	@touch $@

$(VENV)/.development: requirements.txt tests/requirements.txt $(VENV)/.runtime
	$(PYTHON) -m pip install --quiet --no-compile --require-hashes --requirement tests/requirements.txt
	@touch $@

%.mo: %.po $(VENV)/.runtime
	$(VENV)/bin/pybabel --quiet compile --input-file $< --output-file $@ --locale $(word 2,$(subst /, ,$<))
