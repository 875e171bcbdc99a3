# Two commands are all there is to know: `make book` and `make test`.
# Each sets up what it needs in .venv, and nothing outside this folder.

PYTHON ?= python3
BIN := .venv/bin

# The chapters that `make lab` opens: in the system's language if the book has it, else in English.
# For the other ones: make lab BOOK_LANGUAGE=es
BOOK_LANGUAGE ?= $(if $(filter es%,$(firstword $(LC_ALL) $(LC_MESSAGES) $(LANG))),es,en)
# Where TensorFlow cannot be installed: make lab EXTRAS=lab
EXTRAS ?= lab,keras
# JupyterLab does not run as root unless it is told to; in a container there is often nobody else.
CONTAINER := $(wildcard /.dockerenv /run/.containerenv)$(KUBERNETES_SERVICE_HOST)$(CODESPACES)
LAB_OPTIONS ?= $(if $(CONTAINER),--allow-root)

# The live figures' tables are whole, and what is built of them is built of these.
FRESH := $(BIN)/python tools/tables.py && $(BIN)/python -m lstm_edu.stale

.DEFAULT_GOAL := help
.PHONY: help book zip test check bench lab run chapter frontend clean

help:  ## Show these lines
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18

book: .venv/.book  ## Build the book, both languages, and say where to open it
	@$(FRESH)
	$(BIN)/jupyter-book build . --all -n -W --keep-going
	@echo "Open $(CURDIR)/_build/html/index.html in a browser."

zip: book  ## Pack the book into one file, for classes without a connection
	$(BIN)/python tools/pack.py

test: .venv/.test  ## Run every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/.test  ## Check quickly what was changed since the last commit; or CHAPTER=04
	@$(BIN)/python tools/check.py $(CHAPTER)

bench: book .venv/.test  ## Measure the layer, what a reader waits for and what a class costs
	$(BIN)/python benchmarks/layer.py
	$(BIN)/python benchmarks/page.py
	$(BIN)/python benchmarks/classroom.py

lab: .venv/.$(EXTRAS)  ## Open the chapters in JupyterLab, in your language
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/chapters/$(BOOK_LANGUAGE) $(LAB_OPTIONS)

run: .venv/.lab,keras  ## Run the chapters again and store their outputs; one: make run CHAPTER=04
	$(BIN)/python tools/run.py $(CHAPTER)

chapter: .venv/.lab  ## Begin a chapter: NAME=attention TITLE_ES="La atención" TITLE_EN="Attention"
	@$(BIN)/python tools/chapter.py

frontend: .venv/.test frontend/node_modules/.package-lock.json  ## Build the explorers' JavaScript and style sheet anew
	$(BIN)/python tools/tables.py
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm run build

# npm writes this file last; tests/conftest.py goes by it too.
frontend/node_modules/.package-lock.json: frontend/package-lock.json | .venv/.test
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci
	@touch $@

clean:  ## Remove all that the other targets made
	rm -rf .venv _build frontend/node_modules *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; $(PYTHON) is $$($(PYTHON) --version)." \
		"Name another one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv

# One stamp for each set of packages: it is installed anew when its list changes.
.venv/.%: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$*]'
	@touch $@
