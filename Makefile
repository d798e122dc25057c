# Everything a person or a machine does with this checkout. `make help` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
INTO := --python $(BIN)/python --quiet
ARGS ?=
PROCESSES ?= 2
MINUTES ?= 60

.DEFAULT_GOAL := help
.PHONY: help serve install console test check bench api migration coverage docs dist lock soak mutants clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

serve: install ## install what is missing, then run iamd (ARGS="--port 9000 --data-dir ./scratch")
	@exec $(BIN)/iamd serve $(ARGS)

install: $(VENV)/.installed ## install iamd into .venv
	@$(BIN)/python hatch_build.py

console: $(VENV)/.installed ## build the web console, or say why it cannot be built
	$(BIN)/python hatch_build.py --required

test: install $(VENV)/.check $(VENV)/.browser $(VENV)/.postgres $(VENV)/.cluster $(VENV)/.systemd ## install what the tests need, run every test
	$(BIN)/pytest -n $(PROCESSES) --dist loadgroup $(ARGS)

check: $(VENV)/.check ## lint, types, import rules, fast tests: before every commit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n $(PROCESSES) -q tests/unit tests/decisions tests/architecture/test_sizes.py tests/architecture/test_locks.py

bench: $(VENV)/.test ## measure iamd beside other servers and other policy engines, in one run
	$(BIN)/python bench/run.py $(ARGS)
	$(if $(ARGS),,$(BIN)/python -m bench.decisions)
	$(if $(ARGS),,$(BIN)/python -m bench.growth)
	$(if $(ARGS),,$(BIN)/python -m bench.workers)
	$(if $(ARGS),,$(BIN)/python -m bench.where)

soak: $(VENV)/.check ## kills, fuzzing and random cases for as long as you like (MINUTES=60)
	$(BIN)/python -m tests.soak.all --minutes $(MINUTES) $(ARGS)

mutants: $(VENV)/.check ## change the engine and see that a test notices; hours (ARGS="--sample 200")
	$(BIN)/python -m tests.mutation.run --write $(ARGS)

api: $(VENV)/.check ## generate the types of the built operations
	$(BIN)/python tools/api.py $(ARGS)
	$(BIN)/python tools/console_types.py

migration: $(VENV)/.check ## write the migration that the kinds of state need
	$(BIN)/python tools/migration.py

coverage: $(VENV)/.installed ## write docs/reference/coverage.md
	$(BIN)/python tools/coverage.py $(ARGS)

docs: $(VENV)/.check ## check that generated pages are current and that every link in the docs leads somewhere
	$(BIN)/python tools/coverage.py --check
	$(BIN)/python tools/links.py

dist: $(VENV)/.check ## build wheel and source archive into dist/, install the wheel where nothing else is, collect licences
	$(BIN)/python tools/dist.py $(ARGS)

lock: $(VENV)/.uv ## choose versions anew and write requirements/
	$(BIN)/python tools/lock.py

clean: ## remove what was installed and built
	rm -rf $(VENV) .bench build dist src/iamd/reference/data src/iamd/console/static web/dist web/node_modules

$(VENV)/.uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "iamd needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

# The data package is read as data at build time and never imported, so what it depends on stays out.
$(VENV)/.installed: $(VENV)/.uv pyproject.toml hatch_build.py requirements/runtime.txt requirements/build.txt requirements/data.txt
	@$(UV) pip install $(INTO) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(UV) pip install $(INTO) --require-hashes --no-deps -r requirements/data.txt
	@$(UV) pip install $(INTO) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.installed requirements/test.txt
	@$(UV) pip install $(INTO) --require-hashes -r requirements/test.txt
	@touch $@

# The browser tests drive Debian's Chromium; where apt cannot install it, they say that it is missing.
$(VENV)/.browser: $(VENV)/.test
	@command -v chromium >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null; } || true
	@if command -v chromium >/dev/null; then touch $@; fi

# The tests start PostgreSQL servers of their own; where apt cannot install it, they say that it is missing. Debian's
# package would start one of its own too, were it not told otherwise.
$(VENV)/.postgres: $(VENV)/.test
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { mkdir -p /etc/postgresql-common && \
	  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; } || true
	@touch $@

# The tests start a cluster of PostgreSQL servers under Patroni and etcd, Patroni in an environment of its own.
$(VENV)/.cluster: $(VENV)/.postgres requirements/cluster.txt
	@$(UV) venv --quiet --allow-existing --python $(BIN)/python $(VENV)/cluster
	@$(UV) pip install --python $(VENV)/cluster/bin/python --quiet --require-hashes -r requirements/cluster.txt
	@command -v etcd >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends etcd-server >/dev/null; } || true
	@touch $@

# A unit file is checked by the program that reads it, which needs no running systemd.
$(VENV)/.systemd: $(VENV)/.test
	@command -v systemd-analyze >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends systemd >/dev/null; } || true
	@touch $@

$(VENV)/.check: $(VENV)/.test requirements/check.txt
	@$(UV) pip install $(INTO) --require-hashes -r requirements/check.txt
	@touch $@
