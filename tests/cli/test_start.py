"""How the command line starts: with little, and from where it is installed."""

import os
import runpy
import subprocess
import sys
import sysconfig
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from command_line import run_cli

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
        *("zeroskip.cli.commands", "zeroskip.cli.errors"), *("zeroskip.cli.designs", "zeroskip.cli.options"),
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


def test_what_a_stream_cannot_encode_fails_nothing(tmp_path):
    """A name of other letters, and of bytes that are no letters at all."""
    name = os.fsdecode(b"\xc3\xa9\xff.npy")
    np.save(tmp_path / name, np.eye(4, dtype=np.int8))
    env = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    words = [sys.executable, "-m", "zeroskip", "sweep", "csr", "--no-rtl", "--size", "1", name, "\xe9.npy"]
    done = subprocess.run(words, env=env, cwd=tmp_path, capture_output=True, encoding="ascii", check=False)
    assert "\n1: \\xe9\\udcff.npy (4x4x1)\n" in done.stdout
    assert done.stderr.startswith("error: \\xe9.npy") and done.stderr.count("\n") == 1
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("ge", ["generate"]),
        ("v", ["verify"]),
        ("generate am", ["ampere-2of4"]),
        ("designs bitl", ["bitlet", "bitlet-64"]),
        ("verify rl", ["rlc"]),
        ("run nm --backend ", ["rtl", "model"]),
        ("generate nm -p enc", ["encoding=index", "encoding=bitmask"]),
        ("cost ampere-2of4 -p n", ["n=2", "n_fixed=true", "n_fixed=false"]),
        ("run csr --balance -p rows=2 -p ga", ["gate=true", "gate=false"]),
        ("formats -p run_", ["run_bits=4"]),
        ("generate nonsense -p acc", ["acc_width=none"]),
        ("generate nm -p nonsense", []),
    ],
)
def test_a_shell_completes_commands_designs_and_parameters(words, completed):
    """As bash asks, after what --install-completion has told it."""
    asked = {"COMP_WORDS": f"zeroskip {words}", "COMP_CWORD": str(words.count(" ") + 1)}
    with patch.dict(os.environ, {**asked, "_ZEROSKIP_COMPLETE": "complete_bash"}):
        assert run_cli() == (0, "".join(f"{word}\n" for word in completed) or "\n", "")


def test_bash_completes_by_the_script_that_it_is_given(tmp_path):
    shown = run_cli("--show-completion", "bash")
    assert (shown.code, shown.err) == (0, "")
    (tmp_path / "zeroskip").write_text(f'#!/bin/sh\nexec {sys.executable} -m zeroskip "$@"\n')
    (tmp_path / "zeroskip").chmod(0o755)
    asked = "COMP_WORDS=(zeroskip gener) COMP_CWORD=1; _zeroskip_completion zeroskip; echo ${COMPREPLY[@]}"
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{shown.out}\n{asked}"],
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("generate\n", "")
