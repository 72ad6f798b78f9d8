# Every target works alone on a fresh clone: it first makes the environment that it needs.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
WITH_DEMO := $(VENV)/.installed-demo
DEV    := $(VENV)/.installed-dev
BOUNCES := $(VENV)/flufl_bounce-6.0.0.tar.gz
WORKERS ?= 4
unexport PYTHONDONTWRITEBYTECODE  # each of our processes would compile all modules anew
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
VERAPDF ?= $(HOME)/.cache/ventanilla/greenfield-apps-1.28.2.jar
LOCK   := $(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.PHONY: help setup run worker test rest check lint coverage long verapdf audit bench desks fuzz crash models editor witness attack attack-record pictures conformance upgrade machines assets docs lock clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) assets ## Make the environment and the front-end bundles

# What a Python brings for itself (pip, setuptools) is as old as that Python: pip of the lock file, no setuptools.
$(STAMP): tools/requirements-pip.txt requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tools/requirements-pip.txt
	@$(BIN)/python -m pip uninstall -qq --yes setuptools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(WITH_DEMO): requirements-demo.txt $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-demo.txt
	@touch $@

$(DEV): requirements-dev.txt requirements-dev-s3.txt $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt -r requirements-dev-s3.txt
	@touch $@

$(BOUNCES): requirements-bounces.txt $(STAMP)
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --require-hashes -d $(VENV) -r requirements-bounces.txt
	@touch $@

assets: $(STAMP)
	@$(BIN)/python tools/assets.py

run: $(WITH_DEMO) setup ## Migrate, load the demo data, start web and worker; PORT and DATABASE_URL are honoured
	@exec $(BIN)/python -m demo.run

worker: setup ## Start one more worker (PostgreSQL)
	@exec $(BIN)/python -m flask --app app worker

test: $(DEV) $(BOUNCES) setup ## Prove the product in minutes, WORKERS files side by side; its stories need a Chromium or Chrome
	@exec $(PYTEST) -m "not long and not rest"

# One less: most of it is browsers, servers and kills, which wait for each other's processor.
rest: WORKERS := 3
rest: $(DEV) $(BOUNCES) setup ## The other tests (tests/kit/rest.py): attacks, races, crashes, deployment, pages on PostgreSQL, all stories
	@exec $(PYTEST) -m "rest and not long"

long: $(DEV) $(BOUNCES) setup ## Sweeps over every page and drawing, and the longest stories, which neither "make test" nor "make rest" runs
	@exec $(PYTEST) -m long

check: lint test rest ## Lint, types, import directions, dead code, templates, all tests

coverage: $(DEV) $(BOUNCES) setup ## Which lines of the product no test of unit and integration runs; COVERAGE takes arguments of pytest
	@$(BIN)/coverage erase
	@$(BIN)/coverage run $(PYTEST:$(BIN)/python%=%) -q $(or $(COVERAGE),tests/unit tests/integration)
	@$(BIN)/coverage combine --quiet && exec $(BIN)/coverage report

lint: $(DEV) setup ## What "make check" asks before the tests, of Python, templates and scripts; .pre-commit-config.yaml calls it before each commit
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.dead
	@$(BIN)/djlint webforms --lint --quiet
	@exec $(BIN)/python tools/assets.py --types

verapdf: $(DEV) setup $(VERAPDF) ## Check every PDF with veraPDF, as PDF/UA-1 and PDF/A-3a; needs a Java, and Maven to get veraPDF once
	@VERAPDF=$(VERAPDF) exec $(BIN)/python -m pytest -q -n 0 $$(grep -rl 'assert_document(' tests/integration)

$(VERAPDF):
	@mvn -q dependency:copy -Dartifact=org.verapdf.apps:greenfield-apps:1.28.2 -DoutputDirectory=$(@D)

audit: $(DEV) setup ## Ask OSV about every library, or copies of its records (COPIES="PyPI.zip npm.zip"); fails when one has an advisory, and when not all is known
	@exec $(BIN)/python -m tools.advisories $(addprefix --copy ,$(COPIES))

bench: $(DEV) setup ## Measure step, form and bytes, ours and the peers; writes docs/performance.md
	@exec $(BIN)/python -m bench

desks: $(DEV) setup ## Two hundred desks for ten minutes beside idle and slow connections; writes docs/performance.md
	@exec $(BIN)/python -m tests.load

fuzz: $(DEV) setup ## Twenty times as much as the tests do: what no person types to every route, mutated records of COBOL
	@FUZZ=20 exec $(BIN)/python -m pytest -q tests/integration/webforms/test_entradas.py tests/unit/test_cobol_codec.py

crash: $(DEV) setup ## Kill, cut off and race web and worker on both databases for 20 minutes; write docs/reliability.md
	@exec $(BIN)/python -m tests.crash $(CRASH)

models: $(DEV) setup ## Make 300 diagrams that nobody drew, run each as its oracles say, and try bad twins of them; MODELS takes arguments
	@exec $(BIN)/python -m tests.models $(MODELS)

editor: $(DEV) setup ## Edit each diagram by chance on the analyst's canvas 200 times: nothing changes that was not asked for; EDITS takes arguments
	@exec $(BIN)/python -m tests.kit.edits $(EDITS)

witness: $(DEV) setup ## Show the signed log to litewitness, a witness that others wrote; needs Go and an ssh-agent
	@mkdir -p $(VENV)/go && GOBIN=$(abspath $(VENV)/go) go install filippo.io/torchwood/cmd/litewitness@v0.9.0
	@LITEWITNESS=$(abspath $(VENV)/go/litewitness) exec $(BIN)/python -m pytest -q -n 0 tests/integration/engine/test_witness.py

attack: $(DEV) $(BOUNCES) setup ## Everything that was tried by hand against the pages, the logins, the server and the record, as a program; writes docs/security.md
	@exec $(BIN)/python -m tests.attack $(ATTACK)

attack-record: $(DEV) setup ## Change the record as its owner would, without the keys: what is found, table by table; writes docs/evidence.md
	@exec $(BIN)/python -m tests.attack.record $(ATTACK)

pictures: $(DEV) setup ## Take the pictures of the guides again, in each language, from a month of the demo; PICTURES takes names
	@exec $(BIN)/python -m tests.kit.pictures $(PICTURES)

upgrade: $(DEV) setup ## Replace the release of before by this one while people post forms (docs/operate.md); UPGRADE takes arguments
	@exec $(BIN)/python -m tests.upgrade $(UPGRADE)

machines: $(DEV) setup ## Two web and two worker machines as networks of their own on one PostgreSQL, one of each lost; needs root on Linux
	@exec $(BIN)/python -m tests.machines

conformance: $(DEV) setup ## Run the conformance kit (CONFORMANCE_KIT) in three modes and the DMN TCK (MATERIAL); writes docs/conformance.md
	@exec $(BIN)/python -m bench.conformance

docs: $(DEV) setup ## Print who reaches which address and field, libraries, ASVS and the rules of the deployer into build/docs
	@exec $(BIN)/python -m tools.docs

lock: $(DEV) ## Pin the dependencies again
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-demo.in -o requirements-demo.txt
	@$(LOCK) requirements-s3.in -o requirements-s3.txt
	@$(LOCK) requirements-otel.in -o requirements-otel.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
	@$(LOCK) requirements-dev-s3.in -o requirements-dev-s3.txt
	@echo pip | $(LOCK) - -o tools/requirements-pip.txt

clean: ## Remove what the targets made
	@rm -rf $(VENV) node_modules webforms/static/dist instance
