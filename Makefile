# make demo    set up .venv (light install) and print the event frames of an article
# make test    set up .venv (everything) and run the tests
# make lint    ruff and mypy        make check-full   the slower checks as well
# make docs    the documentation as a site in build/site
# make bench   every figure of speed, in one run, and docs/speed.md anew: 45 minutes of a machine with nothing else to do
# make package wheel and source archive: contents, sizes, and the wheel tried in an empty environment
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH ?= torch==2.13.0
# the folders that are installed as parts of adwar
PACKAGES := $(filter-out adwar,$(patsubst %/__init__.py,%,$(wildcard */__init__.py)))

.PHONY: demo test lint coverage check-full matrix lock audit bench docs package clean corpus

demo: $(VENV)/.light
	$(BIN)/adwar predict examples/article.txt --date 2017-09-06

test: $(VENV)/.full
	$(BIN)/python -m pytest

# mypy sees the folders under the one name they are installed as
lint: $(VENV)/.full
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	rm -rf build/types && mkdir -p build/types/adwar
	cp -r adwar/. build/types/adwar/ && cp -r $(PACKAGES) build/types/adwar/
	cd build/types && ../../$(BIN)/mypy --config-file ../../pyproject.toml -p adwar

# lines of the three folders on which every figure rests; the goal is 95%. Ends with status 1 below it
coverage: $(VENV)/.full
	$(BIN)/python -m pytest --cov=adwar.data --cov=adwar.model --cov=adwar.eval --cov-report=term:skip-covered \
		--cov-report=json:build/coverage.json --cov-fail-under=95

# the tests on every Python that is there, each in an environment of its own: build/matrix/VERSION
matrix:
	$(PYTHON) benchmarks/matrix.py

# the exact packages of every extra with the digests of their files: pip install --require-hashes -r requirements.lock
lock: $(VENV)/.full
	$(BIN)/python benchmarks/lock.py

# the cluster's test skips itself where Ray has no wheel
check-full: lint test
	-$(BIN)/python -m pip install -q -c constraints.txt -e '.[ray]'
	$(BIN)/python -m pytest -m slow
	$(MAKE) docs package audit

# licences of what ships with every extra, a bill of materials, and known vulnerabilities (needs a network)
audit: $(VENV)/.full
	$(BIN)/python benchmarks/licences.py
	-$(BIN)/python -m pip install -q -c constraints.txt -e '.[ray]'
	$(BIN)/python benchmarks/licences.py train serve bulk ray dates places tables spacy graphemes
	$(BIN)/python benchmarks/sbom.py -o build/sbom.json
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[audit]'
	$(BIN)/python benchmarks/audit.py

# BENCH="--raw FOLDER --real FOLDER" adds raw and real news; a run that was stopped goes on where it stood
bench: $(VENV)/.full
	$(BIN)/python benchmarks/bench.py $(BENCH)
	$(BIN)/python benchmarks/bench.py --write

# strict: a lost link, a page that the navigation forgets or an unknown name of the API ends it
docs: $(VENV)/.docs
	$(BIN)/python docs/site.py build/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	$(BIN)/python benchmarks/site_check.py build/site

# needs a network: build tools and the light dependencies
package: $(VENV)/bin/python
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[package]'
	$(BIN)/python benchmarks/package.py

corpus: $(VENV)/.light
	$(BIN)/adwar data compile
	$(BIN)/adwar data check data/corpus

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip

$(VENV)/.light: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	touch $@

# torch first and by exact version: some indexes keep a small CPU build of just that one
$(VENV)/.full: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q $(TORCH)
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[train,bulk,serve,dates,places,tables,spacy,graphemes,dev]'
	touch $@ $(VENV)/.light

$(VENV)/.docs: $(VENV)/.light
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[docs]'
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache
