"""The commands of the README, one by one, each where the ones before have left their files."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from command_line import run_cli

from zeroskip.cli import mutate, verify
from zeroskip.explore import bench
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.mutation import MutationReport
from zeroskip.verif.verify import Verdict

ROOT = Path(__file__).parents[2]
MINUTES = {
    "zeroskip verify --cases 1000 --seed 1": "1000 passed, 0 failed: native, ",
    "zeroskip mutate nm -p lanes=2": "250 of 250 mutants killed",
    "zeroskip bench": "zeroskip bench",
}
"""What takes minutes, and what it prints: here its words are read, and the work is not done."""


def commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = (line.partition("  #")[0].strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work of what takes minutes is done at once."""

    def passed(cfg: object, count: int, *, seed: int, **_: object) -> list[Verdict]:
        return [Verdict(cfg, Case(seed + number, "none"), []) for number in range(count)]  # type: ignore[arg-type]

    monkeypatch.setattr(verify, "verify", passed)
    monkeypatch.setattr(mutate, "run_mutation", lambda _, count, *__: MutationReport(count, count, [], []))
    for part in ("cycles", "area", "speed", "generation"):
        monkeypatch.setattr(bench, part, list)


def test_commands_that_are_done(tmp_path: Path) -> None:
    """All but those of make, and those that take minutes."""
    lines = [line for line in commands() if line not in MINUTES and not line.startswith("make ")]
    assert len(lines) > 15
    (tmp_path / "build").mkdir()
    for line in lines:
        if "--simulator icarus" in line and shutil.which("iverilog") is None:
            continue
        if line.startswith("zeroskip "):
            code, _, err = run_cli(*shlex.split(line)[1:], cwd=tmp_path)
            assert (code, err) == (0, ""), line
        else:
            subprocess.run(line, shell=True, cwd=tmp_path, check=True)
    names = {path.name for path in (tmp_path / "build").iterdir()}
    assert names >= {"ampere.v", "mine.v", "mine.toml", "w.npy", "c.npy"}


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("line", MINUTES)
def test_commands_that_take_minutes_are_read(line: str) -> None:
    assert line in commands()
    code, out, err = run_cli(*shlex.split(line)[1:])
    assert (code, err) == (0, "")
    assert MINUTES[line] in out


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("make ")])
def test_commands_of_make_have_a_recipe(line: str) -> None:
    done = subprocess.run(["make", "-n", *shlex.split(line)[1:]], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
