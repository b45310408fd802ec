"""What a revision changed for users of the designs: emitted Verilog, cycles, area, proofs.

    python scripts/compare.py REVISION              # Verilog of all designs and presets by module; proofs
    python scripts/compare.py REVISION --bench      # also the cycles of `zeroskip bench`
    python scripts/compare.py REVISION --cost       # also LUT4 of `zeroskip cost`

Both trees run in processes of their own, REVISION from a copy in a temporary directory. A module is the same
if its text is, but for the numbers of nameless wires and the names in ``RENAMED``. Every other difference
must have a reason in ``REASONS``; the exit code is 1 if one has none, a cycle count differs, or a proof is
gone.
"""

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parent.parent

RENAMED = {
    "place": "exponent",
    "index": "position",
    "select": "position",
    "last_group": "last_block",
    "final_group": "final_block",
    "order": "position",
}
"""Names that changed and nothing else with them: one name for each thing, see docs/architecture.md."""

REASONS = {
    "top": "the registers of an issue are a module (top_issue_register); o_cause and ports as before",
    "top_issue_register": "was top_place: what is registered between issue and stage X",
    "top_place": "is top_issue_register",
    "top_pipeline": "engine beats has the pipeline module of engine free",
    "top_array": "its pipeline is a module of its own; otherwise wiring",
    "top_pe*": "selects are trees of multiplexers (8:1 takes 41 LUT4 less per PE); shifts say exponent",
    "top_group*": "lowest 1 of a word: one way everywhere",
    "top_parser*": "lowest 1 of a word: one way everywhere",
    "top_row_decoder*": "lowest 1 of a word: one way everywhere",
    "top_collector*": "lowest 1 of a word: one way everywhere",
    "top_status*": "counters of what happened are one list, gated work among them",
    "top_progress*": "blocks may have parts; without parts the same registers",
    "top_schedule*": "blocks may have parts; without parts the same registers",
}
"""By module: why its text is not what it was."""

NAMES = """
import json
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.presets import PRESETS
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

    def names(self) -> set[str]:
        """Designs and presets: all words of the help that has them."""
        return set(re.findall(r"[a-z][\w-]+", self.zeroskip("generate", "--help")))

    def modules(self, name: str) -> dict[str, Counter[str]]:
        """Lines of every module of a design's Verilog, whatever their order."""
        with tempfile.TemporaryDirectory() as out:
            self.zeroskip("generate", name, "-o", out, "--name", "top")
            text = "\n".join(path.read_text() for path in sorted(Path(out).rglob("*.v")))
        text = re.sub(r"\(\* .*? \*\)", "", text)
        found = re.finditer(r"^module \\?(\w+).*?^endmodule", text, re.MULTILINE | re.DOTALL)
        return {module[1]: _lines(module[0]) for module in found}


def _path() -> str:
    return f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"


def _lines(text: str) -> Counter[str]:
    text = re.sub(r"\$[\w.:$]*\d+", "$", text)
    for old, new in RENAMED.items():
        text = re.sub(rf"\b{old}(?=\b|_\d)", new, text)
    return Counter(line.strip() for line in re.split(r"[\n,]", text) if line.strip())


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


def _reason(module: str) -> str | None:
    return next((why for pattern, why in REASONS.items() if fnmatch(module, pattern)), None)


def verilog(old: Tree, new: Tree, names: list[str]) -> bool:
    """Print the modules that differ by reason; whether all have one."""
    same, differing = 0, defaultdict(set)
    with ThreadPoolExecutor(2) as pool:
        for name, *trees in zip(names, *(pool.map(tree.modules, names) for tree in (old, new)), strict=True):
            before, now = trees
            for module in before.keys() | now.keys():
                if before.get(module) == now.get(module):
                    same += 1
                else:
                    differing[re.sub(r"_\d+$", "", module)].add(name)
    print(f"{len(names)} designs and presets: {same} modules are the same text, but for RENAMED")
    for module, where in sorted(differing.items()):
        print(f"  {module} differs in {len(where)}: {_reason(module) or 'NO REASON IS KNOWN'}")
    return all(map(_reason, differing))


def proofs(old: Tree, new: Tree, _: list[str]) -> bool:
    """Print theorems gone and new; whether none is gone."""
    before, now = (set(json.loads(tree.python(PROOFS))) for tree in (old, new))
    print(f"{len(before)} theorems, now {len(now)}; gone: {', '.join(sorted(before - now)) or 'none'}")
    return before <= now


def bench(old: Tree, new: Tree, _: list[str]) -> bool:
    """Print cycles that differ; whether none does."""
    before, now = (json.loads(tree.zeroskip("bench", "--json")) for tree in (old, new))
    keys = [key for key in before[0] if key not in ("cycles", "speedup")]
    cycles = [
        {tuple(str(row.get(key)) for key in keys): row["cycles"] for row in rows} for rows in (before, now)
    ]
    wrong = {
        key: (count, cycles[1].get(key)) for key, count in cycles[0].items() if cycles[1].get(key) != count
    }
    print(f"{len(cycles[0])} runs of bench, {len(wrong)} of other cycles")
    for key, (was, now_is) in wrong.items():
        print(f"  {' '.join(key)}: {was}, now {now_is}")
    return not wrong


def cost(old: Tree, new: Tree, names: list[str]) -> bool:
    """Print LUT4 of every design by itself, of 4 x 4 PEs; whether none has more by over 1 %."""
    good = True
    for name in names:
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
        checks = [verilog, proofs, *([bench] if args.bench else []), *([cost] if args.cost else [])]
        known = old.names()
        names = [name for name in json.loads(new.python(NAMES)) if name in known]
        sys.exit(not all([check(old, new, names) for check in checks]))


if __name__ == "__main__":
    main()
