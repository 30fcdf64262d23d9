# The two commands: `make run` and `make test`. Everything else is made on the way.
# Between two edits: `make dev` serves and loads anew what has changed, `make check` takes less than a minute.
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
TIME ?= 600
# A run starts some hundreds of processes, which would each compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
PROCESSES ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) * 3 / 2)))
CATALOGUE := quizapp/translations/ko/LC_MESSAGES/messages

PURE := tests/kinds tests/rules tests/formats tests/texts

.PHONY: run dev test suite check pure explore lint browser bench docs messages lock clean

run: .venv/ready $(CATALOGUE).mo
	@$(BIN)/quizapp serve --demo

test: .venv/ready-dev $(CATALOGUE).mo browser
	@$(MAKE) --no-print-directory -j 2 lint suite

# Three processes for two cores, as many tests wait: for a lock, a browser, a client that says nothing. With four, each
# test costs more of the processor. One process reads all tests before them, and leaves what it has compiled. The order of
# sets is the same each time.
suite: export PYTHONHASHSEED = 0
suite: .venv/ready-dev $(CATALOGUE).mo
	@-$(BIN)/python -m pytest --collect-only -qq > /dev/null
	$(BIN)/python -m pytest -n $(PROCESSES) --dist loadgroup

# With the demo accounts, on PORT; code and templates are loaded anew when they change.
dev: .venv/ready $(CATALOGUE).mo
	@$(BIN)/quizapp demo
	@$(BIN)/flask --app quizapp.app:create_app --debug run --port $(PORT)

# Style, types, contracts, and the tests that need no database.
check: .venv/ready-dev $(CATALOGUE).mo
	@$(MAKE) --no-print-directory -j 2 lint pure

pure: .venv/ready-dev $(CATALOGUE).mo
	$(BIN)/python -m pytest -q -n 2 $(PURE) --ignore tests/formats/test_hostile_packages.py -k "not sqlite and not postgresql and not (formats and hypothesis)"

# Search at random for TIME seconds, and try what is too large for the gate.
explore: .venv/ready-dev $(CATALOGUE).mo
	$(BIN)/python -m tests.explore --seconds $(TIME) -- -n 2

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

# Real pages need a real browser and a Korean font, many hosts a real pooler; Debian has them.
browser:
	@./tests/install-browser.sh

# Measure beside a bare Flask application, then an examination; writes docs/measured.md with its chart, and
# docs/measured-examination.md.
bench: .venv/ready-dev $(CATALOGUE).mo
	$(BIN)/python -m tests.bench --write docs
	$(BIN)/python -m tests.bench.examination all --write docs

# The pages of docs/ that are made from the code.
docs: .venv/ready-dev
	$(BIN)/python -m quizapp.content.reference > docs/quiz-settings.md
	$(BIN)/python -m tests.formats.page > docs/formats.md
	$(BIN)/python -m tests.licences > docs/licences.md
	$(BIN)/python -m tests.content.facts

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
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
