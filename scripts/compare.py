"""What a revision changed for users of the designs: emitted Verilog, cycles, area, proofs.

    python scripts/compare.py REVISION              # Verilog of all designs and presets by module; proofs
    python scripts/compare.py REVISION --bench      # also the cycles of `zeroskip bench`
    python scripts/compare.py REVISION --cost       # also LUT4 of `zeroskip cost`

Both trees run in processes of their own, REVISION from a copy in a temporary directory. A module is the same
if its text is, line by line, but for the numbers of nameless wires. Every difference is listed, and none is
excused: its reason belongs in the commit. The exit code is 1 if a module differs, a design, preset or proof
is gone, a cycle count differs, or a design takes over 1 % more LUT4.
"""

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parent.parent

NAMES = """
import json
from zeroskip.gen.designs import DESIGNS, PRESETS
print(json.dumps([*DESIGNS, *PRESETS]))
"""
PROOFS = "import json; from zeroskip.verif.formal import PROOFS; print(json.dumps(sorted(PROOFS)))"


class Tree:
    """A source tree, run in processes of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        entry = tomllib.loads((path / "pyproject.toml").read_text())["project"]["scripts"]["zeroskip"]
        module, function = entry.split(":")
        self.main = f"import sys; sys.argv[0] = 'zeroskip'; from {module} import {function} as main; main()"

    def python(self, code: str, *words: str) -> str:
        """What a program prints. Exits where it fails, with its last words."""
        run = subprocess.run(
            [sys.executable, "-c", code, *words],
            env={"PYTHONPATH": str(self.path / "src"), "PATH": _path(), "HOME": str(Path.home())},
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise SystemExit(f"{self.path} fails at {' '.join(words) or code}:\n{run.stderr[-2000:]}")
        return run.stdout

    def zeroskip(self, *words: str) -> str:
        """What a command prints."""
        return self.python(self.main, *words)

    def names(self) -> list[str]:
        """Designs and presets."""
        found: list[str] = json.loads(self.python(NAMES))
        return found

    def proofs(self) -> list[str]:
        """Names of the theorems."""
        found: list[str] = json.loads(self.python(PROOFS))
        return found

    def modules(self, name: str) -> dict[str, str]:
        """The text of every module of a design's Verilog."""
        with tempfile.TemporaryDirectory() as out:
            self.zeroskip("generate", name, "-o", out, "--name", "top")
            return modules_of("\n".join(path.read_text() for path in sorted(Path(out).rglob("*.v"))))


def _path() -> str:
    return f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"


def modules_of(verilog: str) -> dict[str, str]:
    """The text of every module by its name, nameless wires numbered in the order in which they appear."""
    found = re.finditer(r"^module \\?([^\s(]+).*?^endmodule", verilog, re.MULTILINE | re.DOTALL)
    return {module[1]: _renumbered(module[0]) for module in found}


def _renumbered(text: str) -> str:
    numbers: dict[str, str] = {}
    return re.sub(
        r"\$(?:auto\$[\w.:]+\$)?\d+\b", lambda old: numbers.setdefault(old[0], f"${len(numbers)}"), text
    )


def _copy(revision: str, to: Path) -> Path:
    archive = subprocess.run(
        ["git", "archive", revision],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        raise SystemExit(f"REVISION must be one that git knows here, not {revision}")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as tar:
        tar.extractall(to, filter="data")
    return to


def _none_gone(what: str, before: list[str], now: list[str]) -> bool:
    """Print which names are gone and which are new; whether none is gone."""
    gone, new = (", ".join(sorted({*a} - {*b})) or "none" for a, b in ((before, now), (now, before)))
    print(f"{len(before)} {what}, now {len(now)}; gone: {gone}; new: {new}")
    return {*before} <= {*now}


def names(old: Tree, new: Tree, _: list[str]) -> bool:
    """Print designs and presets gone and new; whether none is gone."""
    return _none_gone("designs and presets", old.names(), new.names())


def proofs(old: Tree, new: Tree, _: list[str]) -> bool:
    """Print theorems gone and new; whether none is gone."""
    return _none_gone("theorems", old.proofs(), new.proofs())


def verilog(old: Tree, new: Tree, both: list[str]) -> bool:
    """Print the modules that differ, and in which designs; whether none does."""
    same, differing = 0, defaultdict(list)
    with ThreadPoolExecutor(2) as pool:
        emitted = [pool.map(tree.modules, both) for tree in (old, new)]
        for name, before, now in zip(both, *emitted, strict=True):
            for module in sorted(before.keys() | now.keys()):
                if before.get(module) == now.get(module):
                    same += 1
                else:
                    how = "is new" if module not in before else "differs" if module in now else "is gone"
                    differing[f"{module} {how}"].append(name)
    print(f"{len(both)} designs and presets: {same} modules are the same text")
    for what, where in sorted(differing.items()):
        print(f"  {what}: {', '.join(where)}")
    return not differing


def bench(old: Tree, new: Tree, _: list[str]) -> bool:
    """Print cycles that differ; whether none does."""
    words = ("bench", "--no-area", "--no-speed", "--json")
    was, now = (
        {row["measure"]: row["measured"] for row in json.loads(tree.zeroskip(*words))} for tree in (old, new)
    )
    wrong = [measure for measure, count in was.items() if now.get(measure) != count]
    print(f"{len(was)} runs of bench, {len(wrong)} of other cycles")
    for measure in wrong:
        print(f"  {measure}: {was[measure]}, now {now.get(measure, 'gone')}")
    return not wrong


def cost(old: Tree, new: Tree, both: list[str]) -> bool:
    """Print LUT4 of every design by itself, of 4 x 4 PEs; whether none has more by over 1 %."""
    good = True
    for name in both:
        words = ["cost", name, "-p", "rows=4", "-p", "cols=4", "--json"]
        was, now = (json.loads(tree.zeroskip(*words))["total"]["LUT4"] for tree in (old, new))
        good &= now <= 1.01 * was
        print(f"  {name}: {was} LUT4, now {now} ({100 * (now / was - 1):+.1f} %)")
    return good


def main() -> None:
    """Compare this tree with a revision."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("revision", help="what to compare with, as git names it")
    parser.add_argument("--bench", action="store_true", help="cycles of `zeroskip bench` too: some minutes")
    parser.add_argument("--cost", action="store_true", help="area too: a quarter of an hour")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        old, new = Tree(_copy(args.revision, Path(directory))), Tree(ROOT)
        checks = [names, verilog, proofs, *([bench] if args.bench else []), *([cost] if args.cost else [])]
        known = old.names()
        both = [name for name in new.names() if name in known]
        sys.exit(not all([check(old, new, both) for check in checks]))


if __name__ == "__main__":
    main()
