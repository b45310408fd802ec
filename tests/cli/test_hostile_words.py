"""Words, names and places that a command line could stumble over: still one sentence, and nothing lost."""

import json
import subprocess
import sys

import numpy as np
import pytest
from command_line import run_cli

from zeroskip.cli import doctor, mutate, verify
from zeroskip.cli.doctor import Check
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.mutation import MutationReport
from zeroskip.verif.mutation.mutants import Mutant
from zeroskip.verif.verify import Verdict

MODEL = ("run", "dense", "-p", "rows=2", "-p", "cols=2", "--backend", "model", "--b", "random:4x3:1")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("generate", "nm[/red]"), "there is no design or preset 'nm[/red]' (it has dense, gated,"),
        (("generate", "nm", "-p", "rows=[bold]"), "rows must be an integer, not '[bold]'"),
        (("run", "nm", "--a", "[/b].npy", "--b", "x"), "[/b].npy cannot be read or written: No such file"),
        (("cost", "nm", "--target", "[/]"), "--target must be one of ecp5, gates, not '[/]'"),
        (
            (*MODEL, "--a", "random:2x4:1", "--out", "no/c.npy"),
            "--out must be a file in a folder that exists",
        ),
        ((*MODEL, "--a", "random:2x4:1", "--out", "a.npy/c.npy"), "--out must be a file in a folder that"),
        ((*MODEL, "--a", "random:2x4:1", "--out", "d.npy"), "--out must be a file in a folder that exists"),
        (
            ("run", "nm", "--n=-3", *MODEL[2:], "--a", "random:2x4:0.5"),
            "n of --n must be an integer from 1 to 2,",
        ),
        (("generate", "nm", "--mhz", "1e-310"), "--mhz must be a number from 0.001 to 10000, not 1e-310"),
    ],
)
def test_one_sentence_with_every_character_of_it(words, sentence, tmp_path):
    (tmp_path / "d.npy").mkdir()
    np.save(tmp_path / "a.npy", np.ones((2, 4), np.int8))
    code, out, err = run_cli(*words, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err.removeprefix("error: ").startswith(sentence)
    assert err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npy", "d.npy"]


def test_a_folder_of_any_name_is_written_and_shown(tmp_path):
    done = run_cli("generate", "dense", "-p", "rows=1", "-p", "cols=1", "-o", "[b] é", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.out.count("[b] é/zeroskip_dense") == len(list((tmp_path / "[b] é").iterdir())) == 8


def test_a_full_disk_is_named_and_nothing_is_left(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("8 requested and 0 written")

    monkeypatch.setattr(np, "save", full)
    code, _, err = run_cli(*MODEL, "--a", "random:2x4:1", "--out", "c.npy", cwd=tmp_path)
    assert (code, err) == (2, "error: c.npy cannot be written: 8 requested and 0 written\n")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_generation_says_nothing_of_its_parts(tmp_path):
    """In a process of its own: components that are never used tell so when it ends."""
    script = (
        "from zeroskip.gen.emit import EmitPlatform\ndef register(*_): raise KeyboardInterrupt\n"
        "EmitPlatform.register = register\nfrom zeroskip.cli import main; main()"
    )
    command = [sys.executable, "-c", script, "generate", "nm", "-p", "rows=1", "-p", "cols=1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "")


def test_a_failed_case_is_one_line_to_copy(monkeypatch):
    def wrong(cfg, count, *, seed, **_):
        return [Verdict(cfg, Case(seed + i, "none"), ["wrong"]) for i in range(count)]

    monkeypatch.setattr(verify, "verify", wrong)
    code, out, _ = run_cli("verify", "dense", "--cases", "1", columns=80)
    assert code == 1
    line = out.splitlines()[0]
    assert line.startswith("failed zeroskip verify dense -p rows=8 ")
    assert line.endswith(" --cases 1 --seed 0 --stalls none --simulator native")


def test_cases_are_bounded():
    code, out, err = run_cli("verify", "dense", "--cases", "99999999999")
    assert (code, out) == (2, "")
    assert "1000000" in err


def test_how_to_get_a_tool_keeps_its_brackets(monkeypatch):
    missing = Check("z3", False, "not found", "install '.[dev]'", False)
    monkeypatch.setattr(doctor, "checks", lambda: [missing])
    assert "install '.[dev]'" in run_cli("doctor").out


def test_survivors_keep_their_brackets(monkeypatch):
    survivor = Mutant(7, "top", 3, "a[i]", "a[/j]")
    report = MutationReport(1, 0, [], [survivor])
    monkeypatch.setattr(mutate, "run_mutation", lambda *_: report)
    shown = run_cli("mutate", "nm").out
    assert "a[i]" in shown and "a[/j]" in shown


def test_json_of_a_run_is_strict():
    done = run_cli("run", "nm", *MODEL[2:], "--a", "random:4x4:0", "--json")
    json.loads(done.out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
