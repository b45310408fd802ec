"""``--layout`` and ``--pattern`` of ``run`` and ``formats``; those of ``sweep`` are in its own tests."""

import json

import numpy as np
import pytest
from command_line import run_cli

MODEL = ("csr", "-p", "rows=2", "-p", "cols=2", "--backend", "model", "--json")
REAL = "%%MatrixMarket matrix coordinate real general\n4 8 3\n1 1 0.5\n2 3 -1.5\n4 8 2\n"


def test_a_convolution_is_the_product_of_its_filters(tmp_path):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "net.npz", w=rng.integers(-9, 9, (2, 3, 3, 4)), x=rng.integers(-9, 9, (1, 2, 3, 36)))
    words = ("run", *MODEL, "--a", "net.npz:w", "--b", "random:36x3:1")
    code, out, err = run_cli(*words, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith(
        "error: --layout must have a letter for each of the 4 axes of net.npz:w, of shape (2, 3, 3, 4)"
    )
    for layout, shape in (("ohwi", [2, 36, 3]), ("hwio", [4, 18, 3])):
        words = ("run", *MODEL, "--a", "net.npz:w", "--b", f"random:{shape[1]}x3:1", "--layout", layout)
        found = json.loads(run_cli(*words, cwd=tmp_path).out)
        assert (found["shape"], found["errors"]) == (shape, 0)
    found = json.loads(run_cli("formats", "--a", "net.npz:x", "--layout", "nhwc", "--json", cwd=tmp_path).out)
    assert found["shape"] == [6, 36]


def test_only_the_pattern_of_a_file_is_run(tmp_path):
    (tmp_path / "a.mtx").write_text(REAL)
    words = ("run", *MODEL, "--a", "a.mtx", "--b", "random:8x3:1", "--seed", "4")
    code, _, err = run_cli(*words, cwd=tmp_path)
    assert code == 2
    assert err.startswith("error: a.mtx must hold integers (quantise first, ")
    found = json.loads(run_cli(*words, "--pattern", cwd=tmp_path).out)
    assert found["notes"] == ["a: values: made from seed 4, only the pattern of the file is taken"]
    assert (found["density"], found["errors"]) == (3 / 32, 0)


def test_only_the_pattern_of_a_file_is_stored(tmp_path):
    (tmp_path / "a.mtx").write_text(REAL)
    words = ("formats", "--a", "a.mtx", "--seed", "4")
    assert run_cli(*words, cwd=tmp_path).code == 2
    found = run_cli(*words, "--pattern", cwd=tmp_path)
    assert "note: values: made from seed 4, only the pattern of the file is taken" in found.out
    assert json.loads(run_cli(*words, "--pattern", "--json", cwd=tmp_path).out)["density"] == 3 / 32


@pytest.mark.parametrize("command", ["run", "sweep", "formats"])
def test_both_are_explained(command):
    shown = run_cli(command, "--help").out
    assert "--layout" in shown and "--pattern" in shown
