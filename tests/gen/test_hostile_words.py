"""Words, names and places that a command line could stumble over: still one sentence, and nothing lost."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from zeroskip.gen.cli import doctor, mutate
from zeroskip.gen.designs import configure
from zeroskip.gen.doctor import Check
from zeroskip.gen.emit import emit
from zeroskip.gen.manifest import artifacts
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.verif.mutation import MutationReport
from zeroskip.verif.mutation.mutants import Mutant

MODEL = ("run", "dense", "-p", "rows=2", "-p", "cols=2", "--backend", "model", "--b", "random:4x3:1")


def run(*words, cwd, before="", columns=200):
    script = f"{before}\nfrom zeroskip.gen.cli import main; main()"
    env = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-c", script, *words], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("generate", "nm[/red]"), "there is no design or preset 'nm[/red]' (it has dense, gated,"),
        (("generate", "nm", "-p", "rows=[bold]"), "rows must be an integer, not '[bold]'"),
        (("run", "nm", "--a", "[/b].npy", "--b", "x"), "[/b].npy cannot be read or written: No such file"),
        (("cost", "nm", "--target", "[/]"), "target must be one of ecp5, gates, not '[/]'"),
        (
            (*MODEL, "--a", "random:2x4:1", "--out", "no/c.npy"),
            "--out must be a file in a folder that exists",
        ),
        ((*MODEL, "--a", "random:2x4:1", "--out", "a.npy/c.npy"), "--out must be a file in a folder that"),
        ((*MODEL, "--a", "random:2x4:1", "--out", "d.npy"), "--out must be a file in a folder that exists"),
        (
            ("run", "nm", "--n", "-3", *MODEL[2:], "--a", "random:2x4:0.5"),
            "n must be an integer from 1 to 2,",
        ),
        (("generate", "nm", "--mhz", "1e-310"), "--mhz must be from 0.001 to 10000, not 1e-310"),
    ],
)
def test_one_sentence_with_every_character_of_it(words, sentence, tmp_path):
    (tmp_path / "d.npy").mkdir()
    np.save(tmp_path / "a.npy", np.ones((2, 4), np.int8))
    done = run(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.removeprefix("error: ").startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npy", "d.npy"]


def test_a_folder_of_any_name_is_written_and_shown(tmp_path):
    done = run("generate", "dense", "-p", "rows=1", "-p", "cols=1", "-o", "[b] é", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("[b] é/zeroskip_dense.") == len(list((tmp_path / "[b] é").iterdir())) == 5


def test_a_full_disk_is_named_and_nothing_is_left(tmp_path):
    full = "import numpy as np\ndef save(*_): raise OSError('8 requested and 0 written')\nnp.save = save"
    done = run(*MODEL, "--a", "random:2x4:1", "--out", "c.npy", cwd=tmp_path, before=full)
    assert done.returncode == 2
    assert done.stderr == "error: c.npy cannot be written: 8 requested and 0 written\n"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_generation_says_nothing_of_its_parts(tmp_path):
    broken = (
        "from zeroskip.gen.emit import EmitPlatform\ndef register(*_): raise KeyboardInterrupt\n"
        "EmitPlatform.register = register"
    )
    done = run("generate", "nm", "-p", "rows=1", "-p", "cols=1", cwd=tmp_path, before=broken)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "")


def test_a_failed_case_is_one_line_to_copy(tmp_path):
    wrong = (
        "from zeroskip.gen.cli import verify as command\nfrom zeroskip.verif.verify import Verdict\n"
        "command.verify = lambda cfg, cases, _: (Verdict(cfg, case, ['wrong']) for case in cases)"
    )
    done = run("verify", "dense", "--cases", "1", cwd=tmp_path, before=wrong, columns=80)
    assert done.returncode == 1
    line = done.stdout.splitlines()[0]
    assert line.startswith("failed zeroskip verify dense -p rows=8 ")
    assert line.endswith(" --cases 1 --seed 0 --pattern none --simulator native")


def test_cases_are_bounded(tmp_path):
    done = run("verify", "dense", "--cases", "99999999999", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "1000000" in done.stderr


def test_how_to_get_a_tool_keeps_its_brackets(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(
        doctor, "checks", lambda: [Check("z3", False, "not found", "install '.[dev]'", False)]
    )
    doctor.command()
    assert "install '.[dev]'" in capsys.readouterr().out


def test_survivors_keep_their_brackets(monkeypatch, capsys):
    survivor = Mutant(7, "top", 3, "a[i]", "a[/j]")
    report = MutationReport(1, 0, [], [survivor])
    monkeypatch.setattr(mutate, "run_mutation", lambda *_: report)
    mutate.command("nm")
    shown = capsys.readouterr().out
    assert "a[i]" in shown and "a[/j]" in shown


@pytest.mark.parametrize("name", ["clk", "rst", "i_clear", "o_error", "rows"])
def test_names_of_the_designs_own_signals_are_refused(name):
    told = f"name must differ from the design's own ports and signals, not be '{name}'"
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        emit(DenseConfig(rows=1, cols=1).core(), name)


@pytest.mark.parametrize("name", ["reg", "module", "dut", "row"])
def test_other_names_are_taken(name):
    text = emit(DenseConfig(rows=1, cols=1).core(), name)
    assert re.search(rf"^module \\?{name} ?\(", text, re.MULTILINE)


def test_the_header_is_c_and_cpp(tmp_path):
    (tmp_path / "reg.h").write_text(artifacts(configure("nm", ["rows=1", "cols=1"]).core(), "reg")["reg.h"])
    (tmp_path / "t.c").write_text('#include "reg.h"\nint rows = REG_ROWS;\n')
    for language in ("c", "c++"):
        command = ["c++", "-x", language, "-fsyntax-only", "-Wall", "-Wextra", "-pedantic", "-Werror", "t.c"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("text", [f"a = {'[' * 9999}", "rows = [1"])
def test_toml_that_cannot_be_parsed_is_named(text, tmp_path):
    path = tmp_path / "deep.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))} is not valid TOML: "):
        configure(str(path))


def test_the_design_must_be_words():
    with pytest.raises(TypeError, match=r"^spec must be a design, a preset or a \.toml file by name, not 3$"):
        configure(3)  # type: ignore[arg-type]


def test_json_of_a_run_is_strict(tmp_path):
    done = run("run", "nm", *MODEL[2:], "--a", "random:4x4:0", "--json", cwd=tmp_path)
    json.loads(done.stdout, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
