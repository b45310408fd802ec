"""The command line as a user meets it."""

import gzip
import json
import re
from pathlib import Path

import numpy as np
import pytest
import typer
from command_line import run_cli

from zeroskip.cli import doctor
from zeroskip.cli.doctor import Check
from zeroskip.gen.designs import DESIGNS
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import tile_matmul
from zeroskip.verif.golden import golden_matmul

KEYS = {
    "design", "backend", "cycles", "multipliers", "macs_dense", "macs_useful", "utilisation", "speedup",
    "ideal_speedup", "eta", "errors", "b_bandwidth", "bits_per_element", "counters", "notes",
}  # fmt: skip


def zeroskip(*words, cwd, status=0):
    """What it prints."""
    ended = run_cli(*words, cwd=cwd)
    assert ended.code == status, ended
    return ended.out


def fails(*words, cwd):
    """The one sentence on standard error."""
    code, out, err = run_cli(*words, cwd=cwd)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1, err
    return err.strip().removeprefix("error: ")


def test_help_lists_every_command_and_names_examples(tmp_path):
    text = zeroskip("--help", cwd=tmp_path)
    for command in ("designs", "generate", "run", "verify", "bench", "cost", "mutate", "doctor"):
        assert command in text
        assert "Usage" in zeroskip(command, "--help", cwd=tmp_path)
    assert "zeroskip run nm" in zeroskip("run", "--help", cwd=tmp_path)


def test_designs(tmp_path):
    text = zeroskip("designs", cwd=tmp_path)
    assert all(name in text for name in (*DESIGNS, "ampere-2of4"))
    assert "b_bandwidth" in zeroskip("designs", "nm", cwd=tmp_path)


def test_generate_twice(tmp_path):
    words = ("generate", "nm", "-p", "rows=2", "-p", "cols=2", "-o", "out")
    assert zeroskip(*words, cwd=tmp_path).count("written") == 8
    assert zeroskip(*words, cwd=tmp_path).count("unchanged") == 8
    names = {path.name.removeprefix("zeroskip_nm") for path in (tmp_path / "out").iterdir()}
    assert names == {".v", ".veo", ".h", ".pack.h", ".core", ".sdc", "__tb.sv", ".json"}


def test_run_on_both_backends_agrees_and_writes_the_product(tmp_path):
    rng = np.random.default_rng(1)
    a, b = rng.integers(-128, 128, (9, 21)), rng.integers(-128, 128, (21, 7))
    a[:, np.arange(21) % 4 > 1] = 0
    np.save(tmp_path / "a.npy", a.astype(np.int8))
    with gzip.open(tmp_path / "b.npy.gz", "wb") as file:
        np.save(file, b)
    results = []
    for backend in ("rtl", "model"):
        words = ("run", "nm", "-p", "rows=4", "-p", "cols=3", "--a", "a.npy", "--b", "b.npy.gz")
        done = zeroskip(*words, "--out", f"{backend}.npy", "--backend", backend, "--json", cwd=tmp_path)
        results.append(json.loads(done))
        assert np.array_equal(np.load(tmp_path / f"{backend}.npy"), a @ b)
    rtl, model = results
    assert rtl.keys() >= KEYS
    assert {**rtl, "backend": ""} == {**model, "backend": ""}
    assert (rtl["errors"], rtl["macs_dense"], rtl["multipliers"]) == (0, 9 * 21 * 7, 12)
    assert rtl["macs_useful"] == np.count_nonzero(a) * 7
    assert rtl["utilisation"] == rtl["macs_useful"] / (12 * rtl["cycles"])
    assert rtl["speedup"] == rtl["dense_cycles"] / rtl["cycles"]
    assert rtl["eta"] == pytest.approx(rtl["speedup"] * rtl["density"])
    paired = DenseConfig(rows=4, cols=3)
    assert rtl["dense_cycles"] == golden_matmul(paired, a, b).cycles
    stored = pack(NMConfig(rows=4, cols=3), tile_matmul(NMConfig(rows=4, cols=3), a, b[:, :1]))["a"]
    assert rtl["bits_per_element"] == 4 * (8 + 2) * len(stored) / a.size  # 4 rows, last not counted


def test_run_says_what_it_made_up(tmp_path):
    (tmp_path / "a.smtx").write_text("2, 4, 3\n0 1 3\n2 0 1\n")
    words = (
        "run",
        "nm",
        "-p",
        "rows=2",
        "--a",
        "a.smtx",
        "--b",
        "random:4x3:1",
        "--backend",
        "model",
        "--json",
    )
    notes = json.loads(zeroskip(*words, cwd=tmp_path))["notes"]
    assert notes == ["a: values: made from seed 0, the file has a pattern only"]


def test_a_narrow_accumulator_is_reported_as_errors(tmp_path):
    np.save(tmp_path / "a.npy", np.full((1, 8), 127))
    np.save(tmp_path / "b.npy", np.full((8, 1), 127))
    words = (
        "run",
        "dense",
        "-p",
        "acc_width=16",
        "--a",
        "a.npy",
        "--b",
        "b.npy",
        "--backend",
        "model",
        "--json",
    )
    result = json.loads(zeroskip(*words, cwd=tmp_path, status=1))
    assert (result["errors"], result["overflow"]) == (1, True)


def test_pruning_is_never_silent(tmp_path):
    words = ("run", "nm", "--a", "a.npy", "--b", "random:8x2:1", "--backend", "model")
    np.save(tmp_path / "a.npy", np.array([[1, 2, 0, 0, 9, -3, 5, 1]]))
    assert fails(*words, cwd=tmp_path) == (
        "matrix must have at most 2 nonzeros in each block of 4, not 4 in row 0, columns 4 to 7; "
        "--prune drops the least nonzeros"
    )
    notes = json.loads(zeroskip(*words, "--prune", "--json", cwd=tmp_path))["notes"]
    assert notes == ["a: pruned by magnitude, 2 nonzeros dropped"]


def test_balancing_takes_fewer_cycles_for_the_same_product(tmp_path):
    words = ("run", "bitmask", "-p", "rows=4", "-p", "cols=2", "-p", "k_max=64")
    rng = np.random.default_rng(3)
    a = rng.integers(1, 100, (16, 64)) * (rng.random((16, 64)) < np.linspace(0.9, 0.05, 16)[:, None])
    b = rng.integers(-100, 100, (64, 4))
    np.save(tmp_path / "a.npy", a[rng.permutation(16)])
    np.save(tmp_path / "b.npy", b)
    results = []
    for more in ((), ("--balance",)):
        files = ("--a", "a.npy", "--b", "b.npy", "--out", "c.npy", "--backend", "model", "--json")
        results.append(json.loads(zeroskip(*words, *files, *more, cwd=tmp_path)))
        assert np.array_equal(np.load(tmp_path / "c.npy"), np.load(tmp_path / "a.npy") @ b)
    assert results[1]["cycles"] < results[0]["cycles"]
    assert "rows reordered" in results[1]["notes"][0]


def test_all_zero_operand(tmp_path):
    words = ("run", "nm", "--a", "random:8x8:0", "--b", "random:8x8:1", "--backend", "model")
    assert json.loads(zeroskip(*words, "--json", cwd=tmp_path))["eta"] is None
    assert "eta" in zeroskip(*words, cwd=tmp_path)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("generate", "nmm"), "there is no design or preset 'nmm', did you mean 'nm'?"),
        (("generate", "nm", "-p", "m=5"), "m must be 2, 4, 8, 16 or 32, not 5"),
        (("generate", "nm", "--name", "a-b"), "--name must be a lower-case letter, followed by"),
        (("generate", "nm", "--mhz", "0"), "--mhz must be a number from 0.001 to 10000, not 0.0"),
        (("run", "nm", "--a", "no.npy", "--b", "random:2x2:1"), "no.npy cannot be read"),
        (
            ("run", "nm", "--a", "random:2x3:0.5", "--b", "random:2x2:1"),
            "b must have as many rows as a has columns, 3",
        ),
        (
            ("run", "nm", "--a", "random:2x4:0.9", "--b", "random:4x2:1"),
            "density of 2:4 operands must be a number from 0 to 0.5, not 0.9; --prune drops",
        ),
        (
            ("run", "dense", "--prune", "--a", "random:2x2:1", "--b", "random:2x2:1"),
            "--prune needs an N:M design",
        ),
        (
            ("run", "nm", "--n", "9", "--a", "random:2x4:0.2", "--b", "random:4x2:1"),
            "n of --n must be an integer from 1 to",
        ),
        (
            ("run", "csr", "--n", "2", "--a", "random:2x4:0.2", "--b", "random:4x2:1"),
            "--n must be left out for csr, whose tiles choose none, not '2'",
        ),
        (
            ("run", "hss", "--n", "2", "--a", "random:2x4:0.2", "--b", "random:4x2:1"),
            "--n must be G and N of hss, integers with a comma between, not '2'",
        ),
        (("verify", "-p", "rows=2"), "-p needs a DESIGN"),
        (("verify", "--stalls", "nome"), "--stalls must be one of none, "),
        (("cost", "nm", "--target", "asic"), "--target must be one of ecp5, gates, not 'asic'"),
        (("cost", "nm", "--delay", "0"), "--delay must be from 0.001 to 1000 ns, not 0.0"),
        (("designs", "x.toml"), "x.toml cannot be read"),
    ],
)
def test_mistakes_get_one_sentence_and_write_nothing(words, sentence, tmp_path):
    assert fails(*words, cwd=tmp_path).startswith(sentence)
    assert list(tmp_path.iterdir()) == []


def test_out_must_be_npy_before_anything_runs(tmp_path):
    words = ("run", "nm", "--a", "random:2x4:0.2", "--b", "random:4x2:1", "--out", "c.txt")
    assert fails(*words, cwd=tmp_path) == "--out must end in .npy, not 'c.txt'"


def test_verify_counts_what_it_ran_and_repeats_a_case(tmp_path):
    words = ("verify", "dense", "-p", "rows=2", "-p", "cols=2", "-p", "k_max=16")
    done = json.loads(zeroskip(*words, "--cases", "12", "--seed", "5", "--json", cwd=tmp_path))
    assert done == {"cases": 12, "passed": 12, "failed": []}
    text = zeroskip(*words, "--cases", "1", "--seed", "9", "--stalls", "random", cwd=tmp_path)
    assert "1 passed, 0 failed" in text


def test_doctor(tmp_path):
    found = {check["name"] for check in json.loads(zeroskip("doctor", "--json", cwd=tmp_path))}
    assert {"python", "C++ compiler", "verilator", "yosys", "z3"} <= found


def test_doctor_fails_only_where_a_tool_that_is_needed_is_missing(monkeypatch):
    tools = [Check("c", True, "1.0", "get it"), Check("i", False, "not found", "get it", required=False)]
    monkeypatch.setattr(doctor, "checks", lambda: tools)
    doctor.command(as_json=True)
    tools.append(Check("z", False, "not found", "get it"))
    with pytest.raises(typer.Exit) as left:
        doctor.command(as_json=True)
    assert left.value.exit_code == 1


def test_a_tool_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("ZEROSKIP_CACHE", str(tmp_path / "cache"))
    words = ("run", "nm", "-p", "k_max=1000", "--a", "random:2x4:0.2", "--b", "random:4x2:1")
    assert fails(*words, cwd=tmp_path).startswith("a C++ compiler must be on PATH")


@pytest.mark.slow
def test_cost_by_module(tmp_path):
    words = ("cost", "nm", "-p", "rows=2", "-p", "cols=2", "-p", "k_max=256")
    found = json.loads(zeroskip(*words, "--json", cwd=tmp_path))
    assert found["modules"]["top__pe"]["instances"] == 4
    cells = [(entry["instances"], entry["cells"]["LUT4"]) for entry in found["modules"].values()]
    assert sum(instances * luts for instances, luts in cells) == found["total"]["LUT4"]
    assert found["total"]["DSP"] == 4
    shown = zeroskip(*words, cwd=tmp_path)
    assert "added" in shown
    for room, entry in found["rooms"].items():
        assert re.search(rf"{room} +│ +{entry['area']:.0f} +│ {100 * entry['share']:.1f}%", shown)


def test_presets_and_files_work_everywhere_a_design_does(tmp_path):
    Path(tmp_path / "mine.toml").write_text('design = "nm"\nrows = 2\ncols = 2\nn = 1\n')
    words = (
        "run",
        "mine.toml",
        "--a",
        "random:4x8:0.2",
        "--b",
        "random:8x4:1",
        "--backend",
        "model",
        "--json",
    )
    assert json.loads(zeroskip(*words, cwd=tmp_path))["multipliers"] == 4
