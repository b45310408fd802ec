"""How the command line starts: with little, and from where it is installed."""

import os
import runpy
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import zeroskip

SCRIPT = """
import os, sys
import zeroskip
print(*sys.modules, file=sys.stderr)
from zeroskip.cli import main
for words in (["--help"], ["--version"], ["designs"], ["designs", "nm"]):
    sys.argv = ["zeroskip", *words]
    try:
        main()
    except SystemExit as left:
        print("status", left.code)
print(*sys.modules, file=sys.stderr)
print(os.environ["OPENBLAS_NUM_THREADS"], file=sys.stderr)
"""
HEAVY = {"numpy", "scipy", "matplotlib", "amaranth", "cocotb"}


def test_what_needs_nothing_loads_nothing():
    """In a process of its own: this one has it all. NumPy's threads are bounded before it is there."""
    env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
    package, commands, threads = (set(line.split()) for line in done.stderr.splitlines())
    assert not (HEAVY | {"typer", "rich", "zeroskip.gen"}) & package
    assert not HEAVY & commands
    assert {name for name in commands if name.startswith("zeroskip.cli.")} == {
        "zeroskip.cli.commands", "zeroskip.cli.designs", "zeroskip.cli.options",
    }  # fmt: skip
    assert threads == {"1"}
    assert done.stdout.count("status 0\n") == 4
    for word in ("Usage", zeroskip.__version__, "ampere-2of4", "n_fixed"):
        assert word in done.stdout


def test_the_installed_command():
    script = Path(sysconfig.get_path("scripts")) / "zeroskip"
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"zeroskip {zeroskip.__version__}\n"), done.stderr


def test_the_module(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["zeroskip", "--version"])
    with pytest.raises(SystemExit, match=r"^0$"):
        runpy.run_module("zeroskip", run_name="__main__")
    assert capsys.readouterr().out == f"zeroskip {zeroskip.__version__}\n"
