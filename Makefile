# Everything works on a fresh clone with nothing but Python (>= 3.11) and make: the virtual environment is made first.
PYTHON ?= python3
BIN := .venv/bin
FIB := $(addprefix bench/kernels/,fib.s kernel.s start.s)

OS := examples/os

.PHONY: setup os demo test soak fuzz bench lint clean

setup: .venv/ready

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q isa dbt ring1
	touch $@

os: build/os.img

build/os.img: .venv/ready $(OS)/abi.s $(OS)/image.py $(wildcard $(OS)/user/* $(OS)/files/*)
	$(BIN)/python -m ring1.examples.os.image $@

demo: setup os
	$(BIN)/ring1 run --disk build/os.img $(OS)/kernel.s < $(OS)/demo.txt
	$(BIN)/ring1 run --stats examples/mandelbrot.s
	$(BIN)/ring1 run --stats $(FIB)
	$(BIN)/ring1 translate examples/hello.s

# Minutes for `test`; what takes longer is marked, and goes on in `soak`.
test: setup
	$(BIN)/python -m pytest -n auto --dist worksteal

soak: setup
	$(BIN)/python -m pytest -n auto --dist worksteal -m soak

fuzz: setup
	$(BIN)/ring1 fuzz --minutes 1 --seed 1 --dir build/fuzz

bench: setup
	$(BIN)/ring1 bench
	$(BIN)/python -m bench
	$(BIN)/python -m bench.kernels --rounds 3
	$(BIN)/python -m bench.workloads --rounds 3
	$(BIN)/python -m bench.memory --rounds 3
	$(BIN)/python -m bench.os --scale 0.1
	$(BIN)/python -m bench.kvm --rounds 3

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf build .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
