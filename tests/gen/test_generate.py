import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields, replace

import pytest
from command_line import run_cli
from linters import LINTERS, lint
from small_designs import BEATS, DIGITS, VALUES

from zeroskip.gen.designs import configure, configure_words, paired_dense, parameters
from zeroskip.gen.emit import emit
from zeroskip.gen.generate import generate
from zeroskip.gen.manifest import artifacts
from zeroskip.gen.write import write_files
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.designs.presets import PRESETS

CONFIGS = [*BEATS, *VALUES]


@pytest.mark.parametrize("cfg", [*CONFIGS, *DIGITS[::4]], ids=str)
def test_linters_have_nothing_to_ask(cfg, tmp_path):
    (tmp_path / "dut.v").write_text(emit(cfg.core(), "dut"))
    asked = {which: lint(which, tmp_path / "dut.v", top="dut") for which in LINTERS}
    assert not any(asked.values()), asked


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
@pytest.mark.parametrize("cfg", CONFIGS[::4], ids=str)
def test_icarus_compiles_it_without_a_word(cfg, tmp_path):
    (tmp_path / "dut.v").write_text(emit(cfg.core(), "dut"))
    done = subprocess.run(
        ["iverilog", "-g2005", "-Wall", "-s", "dut", "-o", "dut.vvp", "dut.v"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    complaints = [line for line in done.stderr.splitlines() if "sensitive to all" not in line]
    assert (done.returncode, complaints) == (0, [])


def test_the_same_bytes_in_another_process_and_folder(tmp_path):
    script = (
        "from zeroskip.gen.designs import configure; from zeroskip.gen.manifest import artifacts\n"
        "import hashlib\ncfg = configure('ampere-2of4', rows=3, cols=2)\n"
        "print(hashlib.sha256(repr(artifacts(cfg.core(), 'x')).encode()).hexdigest())"
    )
    digests = set()
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout.strip())
    mine = repr(artifacts(configure("ampere-2of4", rows=3, cols=2).core(), "x"))
    assert digests == {hashlib.sha256(mine.encode()).hexdigest()}


def test_artifacts_hold_no_path_and_no_date():
    text = "".join(artifacts(NMConfig(rows=2, cols=2).core(), "dut").values())
    assert not re.search(r"/(home|root|tmp|usr)/|\b20\d\d-\d\d-\d\d\b", text)


def test_manifest_hashes_are_of_the_files():
    files = artifacts(DenseConfig(rows=2, cols=2).core(), "dut")
    hashes = json.loads(files.pop("dut.json"))["sha256"]
    assert hashes == {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}


def test_header_compiles_and_agrees_with_the_design(tmp_path):
    cfg = NMConfig(rows=3, cols=2, n=2, m=8, k_max=100)
    (tmp_path / "dut.h").write_text(artifacts(cfg.core(), "dut")["dut.h"])
    (tmp_path / "t.c").write_text(
        '#include "dut.h"\n#include "dut.h"\n#include <stdio.h>\nint main(void){'
        'printf("%d %d %d %d", DUT_ROWS, DUT_ACC_BITS, DUT_I_A_BITS, DUT_CAUSE_INDEX_ORDER);return 0;}'
    )
    subprocess.run(["c++", "-Wall", "-Werror", "-o", "t", "t.c"], cwd=tmp_path, check=True)
    out = subprocess.run(["./t"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert out == f"3 {cfg.acc_bits} {3 * (8 + 3) + 1} 256"


def test_headers_of_all_designs_in_one_program(tmp_path):
    """Twice each, so that a macro that is a design's own and a guard's would be seen."""
    cfgs = {f"x_{name}": entry.config(**entry.cases[0]) for name, entry in DESIGNS.items()} | {
        "highlight_1": configure("highlight", rows=2, cols=2)
    }
    for name, cfg in cfgs.items():
        (tmp_path / f"{name}.h").write_text(artifacts(cfg.core(), name)[f"{name}.h"])
    lines = [f'#include "{name}.h"' for name in cfgs for _ in range(2)]
    (tmp_path / "t.c").write_text("\n".join([*lines, "int main(void) { return X_HSS_H - 4; }", ""]))
    flags = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
    for compiler in ("cc", "c++"):
        subprocess.run([compiler, *flags, "-o", "t", "t.c"], cwd=tmp_path, check=True)
        left = subprocess.run(["./t"], cwd=tmp_path, check=False).returncode
        assert left == (cfgs["x_hss"].h - 4) % 256


@pytest.mark.parametrize("mhz", ["x", True, 0, 1e5])
def test_a_clock_is_a_number(mhz):
    with pytest.raises(ValueError, match=f"^mhz must be a number from 0.001 to 10000, not {mhz!r}$"):
        artifacts(DenseConfig().core(), "top", mhz)


@pytest.mark.parametrize("name", ["", 5])
def test_a_name_that_is_given_is_taken_or_refused(name, tmp_path):
    with pytest.raises(ValueError, match=r"^name must be a lower-case letter, followed by "):
        generate(DenseConfig(rows=1, cols=1), tmp_path, name)
    assert not list(tmp_path.iterdir())


def test_only_what_changed_is_written(tmp_path):
    first = write_files(tmp_path / "new", {"a.v": "1", "b.v": "2"})
    assert first == {"a.v": True, "b.v": True}
    before = (tmp_path / "new" / "a.v").stat().st_mtime_ns
    assert write_files(tmp_path / "new", {"a.v": "1", "b.v": "3"}) == {"a.v": False, "b.v": True}
    assert (tmp_path / "new" / "a.v").stat().st_mtime_ns == before
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["a.v", "b.v"]


def test_a_file_in_the_way_is_an_error_that_names_it(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(ValueError, match=re.escape(f"{tmp_path / 'taken'} cannot be written: File exists")):
        write_files(tmp_path / "taken", {"a.v": "1"})


@pytest.mark.parametrize("name", ["1x", "a b", "a__b", "", "a-b", "é", "X", "aB", "a_", "_a"])
def test_names_that_verilog_would_not_take(name):
    with pytest.raises(ValueError, match="name must be a lower-case letter, followed by"):
        emit(DenseConfig(rows=1, cols=1).core(), name)


def test_generated_sizes_stay_within_their_targets():
    assert emit(NMConfig(rows=16, cols=16, k_max=256).core()).count("\n") <= 20_000


def test_one_module_per_component_however_large():
    text = emit(DenseConfig(rows=4, cols=4).core(), "dut")
    modules = re.findall(r"^module (\S+?)\(", text, re.M)
    assert sorted(modules) == sorted(set(modules))
    assert "dut__pe" in modules and len(re.findall(r"^\s+dut__pe \w+ \(", text, re.M)) == 16


def test_toml_and_overrides(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('preset = "ampere-2of4"\nrows = 3\ncols = 5\n')
    cfg = configure_words(str(path), ["cols=7", "a_signed=false", "acc_width=none"])
    assert (cfg.rows, cfg.cols, cfg.n_fixed, cfg.a_signed, cfg.acc_width) == (3, 7, True, False, None)


def test_defaults_are_weaker_than_words_and_presets_and_only_of_parameters_there_are():
    cfg = configure_words("bit-pragmatic", ["rows=3"], rows=2, cols=5, block_size=8, n=1)
    assert cfg == configure("pragmatic", rows=3, cols=5, block_size=16, recode="magnitude", skew=2)


@pytest.mark.parametrize(
    ("spec", "words", "sentence"),
    [
        (
            "nmm",
            [],
            "there is no design or preset 'nmm', did you mean 'nm'?",
        ),
        ("nm", ["row=3"], "nm has no parameter 'row', did you mean 'rows'?"),
        ("nm", ["rows"], "-p must be key=value, for example -p rows=16, not 'rows'"),
        ("nm", ["rows=x"], "rows must be an integer, not 'x'"),
        ("nm", ["probe=perhaps"], "probe must be true or false, not 'perhaps'"),
        ("nowhere.toml", [], "nowhere.toml cannot be read: No such file or directory"),
    ],
)  # fmt: skip
def test_wrong_words_get_one_sentence(spec, words, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence) + r"\Z"):
        configure_words(spec, words)


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("toml", "rows = 3", 'must name one design = "..." or one preset = "..."'),
        (
            "toml",
            'design = "nm"\npreset = "ampere-2of4"',
            'must name one design = "..." or one preset = "..."',
        ),
        ("toml", "design = 3", "design must be the name of a design or preset, not 3"),
        ("toml", "rows = ", "is not valid TOML"),
        ("toml", 'design = "nm"\nrow = 3', "nm has no parameter 'row', did you mean 'rows'?"),
        ("toml", 'design = "nm"\nrows = "3"', "rows must be an integer from 1 to 32, not '3'"),
        ("json", "{", "is not valid JSON: "),
        ("json", "[" * 100_000, "is not valid JSON: "),
        ("json", "[]", 'must be a manifest, with a "design" and its "config"'),
        ("json", '{"design": "nm"}', 'must be a manifest, with a "design" and its "config"'),
        ("json", '{"design": "nmm", "config": {}}', "design must be the name of a design, not 'nmm'"),
        ("json", '{"design": "nm", "config": {"row": 3}}', "nm has no parameter 'row', did you mean 'rows'?"),
        (
            "json",
            '{"design": "nm", "config": {"rows": "3"}}',
            "rows must be an integer from 1 to 32, not '3'",
        ),
    ],
)
def test_wrong_files_get_one_sentence(kind, text, sentence, tmp_path):
    path = tmp_path / f"bad.{kind}"
    path.write_text(text)
    with pytest.raises((ValueError, TypeError), match=re.escape(sentence)):
        configure(str(path))


@pytest.mark.parametrize("spec", [*DESIGNS, *PRESETS])
def test_a_manifest_is_the_configuration_that_it_was_made_from(spec, tmp_path):
    cfg = configure(spec, rows=4, cols=3)
    path = tmp_path / "dut.json"
    path.write_text(json.dumps(cfg.core().description))  # all that a manifest has of it
    again = configure(path)
    assert (type(again), again) == (type(cfg), cfg)
    assert configure_words(str(path), ["cols=5"]) == replace(cfg, cols=5)


def test_generated_again_from_a_manifest_is_the_same_to_the_byte(tmp_path):
    words = ("generate", "sibia", "-p", "rows=2", "-p", "cols=1", "--name", "mine", "-o", "first")
    assert run_cli(*words, cwd=tmp_path).code == 0
    assert run_cli("generate", "first/mine.json", "-o", "again", cwd=tmp_path).code == 0
    first, again = ({p.name: p.read_bytes() for p in (tmp_path / d).iterdir()} for d in ("first", "again"))
    assert first == again
    assert "mine.v" in first


@pytest.mark.parametrize("cfg", CONFIGS, ids=str)
def test_paired_dense_is_equal_but_for_the_technique(cfg):
    dense = paired_dense(cfg)
    same = ("rows", "cols", "lanes", "a_width", "b_width", "a_signed", "b_signed", "k_max", "stages")
    assert [getattr(dense, f) for f in same] == [getattr(cfg, f) for f in same]
    assert (dense.design, dense.multipliers, dense.acc_bits) == ("dense", cfg.multipliers, cfg.acc_bits)
    # and its windows never keep it waiting: that would flatter what is measured against it
    assert (dense.chunks, dense.overflow, dense.probe) == (1, cfg.overflow, False)


def test_every_design_lists_its_parameters():
    for name, design in DESIGNS.items():
        assert parameters(name).keys() == {field.name for field in fields(design.config)}
    assert {"rows", "n", "m", "encoding"} <= parameters("nm").keys()
