# The two commands: `make run` and `make test`. Everything else is made on the way.
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
CATALOGUE := quizapp/translations/ko/LC_MESSAGES/messages

.PHONY: run test lint browser bench messages lock clean

run: .venv/ready $(CATALOGUE).mo
	@$(BIN)/quizapp serve --demo

test: .venv/ready-dev $(CATALOGUE).mo browser lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

# Real pages need a real browser and a Korean font, many hosts a real pooler; Debian has them.
browser:
	@./tests/install-browser.sh

# Measure beside a bare Flask application; writes docs/measured.md and its chart.
bench: .venv/ready-dev $(CATALOGUE).mo
	$(BIN)/python -m tests.bench --write docs

# Gather the messages of code and templates, and update the Korean catalogue.
messages: .venv/ready-dev
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k _l --no-location --sort-output --no-wrap -o messages.pot .
	$(BIN)/pybabel -q update -i messages.pot -d quizapp/translations -l ko --no-fuzzy-matching --ignore-obsolete --no-wrap

# Pin everything with hashes, for every Python that we support.
lock: .venv/ready-dev
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--all-extras --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv build dist

%.mo: %.po .venv/ready
	$(BIN)/pybabel -q compile -i $< -o $@ -l ko

.venv/ready: pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
