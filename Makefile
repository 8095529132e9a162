# Everything works on a fresh clone with nothing but Python (>= 3.11) and make: the virtual environment is made first.
PYTHON ?= python3
BIN := .venv/bin
FIB := $(addprefix bench/kernels/,fib.s kernel.s start.s)

OS := examples/os
HYPERVISOR := examples/hypervisor
# Parts of VS Code for the tests of `ring1 dap`, `grammar` and `lsp`, which are skipped without them.
EDITOR := @vscode/debugadapter-testsupport@1.68.0 vscode-textmate@9.3.2 vscode-oniguruma@2.0.1 \
	vscode-jsonrpc@8.2.1

.PHONY: setup os hypervisor linux demo test soak long fuzz bench lint clean

setup: .venv/ready

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q isa dbt ring1
	-command -v npm >/dev/null && npm install --silent --no-audit --no-fund --prefix .venv/node $(EDITOR)
	touch $@

os: build/os.img

build/os.img: .venv/ready $(OS)/abi.s $(OS)/image.py $(wildcard $(OS)/user/* $(OS)/files/*)
	$(BIN)/python -m ring1.examples.os.image $@

# The hypervisor, by trap-and-emulate and by VT, and a disk with two small Unixes. It takes GCC for RISC-V.
hypervisor: build/hypervisor.bin build/hypervisor-vt.bin build/hypervisor.img

build/hypervisor.bin: .venv/ready $(wildcard $(HYPERVISOR)/*.[chs] $(HYPERVISOR)/*.py)
	$(BIN)/python -m ring1.examples.hypervisor.image hypervisor $@

build/hypervisor-vt.bin: .venv/ready $(wildcard $(HYPERVISOR)/*.[chs] $(HYPERVISOR)/*.py)
	$(BIN)/python -m ring1.examples.hypervisor.image hypervisor $@ vt

build/hypervisor.img: .venv/ready build/os.img $(wildcard $(OS)/*) $(HYPERVISOR)/image.py
	$(BIN)/python -m ring1.examples.hypervisor.image disk $@ $(OS)/kernel.s,build/os.img $(OS)/kernel.s,build/os.img

# Linux for RV32, which takes Debian's packages of its source and of two compilers: `make demo LINUX=build/linux/Image`.
linux: build/linux/Image

build/linux/Image: $(wildcard examples/rv32/linux/*)
	examples/rv32/linux/build build/linux

demo: setup os
	$(BIN)/ring1 run --disk build/os.img $(OS)/kernel.s < $(OS)/demo.txt
	$(BIN)/ring1 run --stats examples/mandelbrot.s
	$(BIN)/ring1 run --stats $(FIB)
	$(BIN)/ring1 translate examples/hello.s
ifneq ($(LINUX),)
	$(BIN)/ring1 run --stats --kernel $(LINUX) --append "console=ttyS0 earlycon=sbi" < /dev/null | tail -n 10
endif
	@if command -v riscv64-unknown-elf-gcc > /dev/null; then $(MAKE) --no-print-directory demo-hypervisor; fi

.PHONY: demo-hypervisor
demo-hypervisor: hypervisor
	$(BIN)/ring1 run --isa pg32v --disk build/hypervisor.img build/hypervisor.bin < $(HYPERVISOR)/demo.txt

# Minutes for `test`; what takes longer is marked, and goes on in `soak`.
test: setup
	$(BIN)/python -m pytest -n auto --dist worksteal

soak: setup
	$(BIN)/python -m pytest -n auto --dist worksteal -m "soak and not long"

# Sweeps that take longer still: not part of CI, whose time is limited.
long: setup
	$(BIN)/python -m pytest -n auto --dist worksteal -m long -o faulthandler_exit_on_timeout=false

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
	$(BIN)/python -m bench.shipped --check

clean:
	rm -rf build .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
