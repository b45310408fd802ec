"""``run`` with a pattern: it is that of every tile, of random operands and of what pruning leaves."""

import json

import numpy as np
import pytest
from command_line import run_cli

GIVEN = "--n"

ROWS, K, COLS = 6, 32, 2  # in three tiles of two rows
DESIGNS = {
    "nm": ("-p", "n=4", "-p", "m=4"),
    "hss": ("-p", "n=4", "-p", "m=4", "-p", "g=2", "-p", "h=2"),
}
BLOCK = {"nm": 4, "hss": 8}


def ended(folder, design, a, *words, b=None):
    """How ``run`` of the model ends, `a` a matrix or words, `b` all ones unless given."""
    np.save(folder / "b.npy", np.ones((K, COLS), np.int64) if b is None else b)
    if not isinstance(a, str):
        np.save(folder / "a.npy", a)
        a = "a.npy"
    sizes = ("-p", "rows=2", "-p", "cols=2", *DESIGNS[design])
    files = ("--a", a, "--b", "b.npy", "--out", "c.npy", "--backend", "model", "--json")
    return run_cli("run", design, *sizes, *files, *words, cwd=folder)


@pytest.fixture
def run(tmp_path):
    """What it prints, and the product."""

    def run(design, a, *words, b=None):
        code, out, err = ended(tmp_path, design, a, *words, b=b)
        assert (code, err) == (0, "")
        return json.loads(out), np.load(tmp_path / "c.npy")

    return run


@pytest.mark.parametrize(
    ("design", "pattern", "beats"),
    [
        *(("nm", str(n), n) for n in (1, 2, 3, 4)),
        *(("hss", f"{g},{n}", g * n) for g in (1, 2) for n in (1, 3, 4)),
    ],
)
def test_every_tile_has_it(run, design, pattern, beats):
    """One value of a block, of the first tile only: all tiles take the beats of the pattern."""
    a = np.zeros((ROWS, K), np.int64)
    a[0, ::8] = 5
    found, c = run(design, a, GIVEN, pattern)
    blocks = K // BLOCK[design]
    assert found["counters"]["busy"] == 3 * blocks * beats
    pair = 8 + 2  # bits of a value and its position
    mask = 2 if design == "hss" else 0
    assert found["bits_per_element"] == ROWS * blocks * (beats * pair + mask) / (ROWS * K)
    assert c[0].tolist() == [20, 20] and not c[1:].any()


@pytest.mark.parametrize("design", DESIGNS)
def test_without_one_each_tile_has_its_least(run, design):
    a = np.zeros((ROWS, K), np.int64)
    a[0, [0, 1, 2]] = 5  # 3 of a part: all blocks of the tile have them
    blocks = K // BLOCK[design]
    assert run(design, a)[0]["counters"]["busy"] == (3 + 1 + 1) * blocks


@pytest.mark.parametrize(
    ("design", "pattern", "sentence"),
    [
        ("nm", "1", "1 nonzeros in each block of 4, not 2 in row 3, columns 4 to 7"),
        (
            "hss",
            "2,1",
            "1 nonzeros in a part in each block of 2 parts of 4, not 2 in row 3, columns 0",
        ),
        (
            "hss",
            "1,2",
            "1 parts with nonzeros in each block of 2 parts of 4, not 2 in row 4, columns",
        ),
    ],
)
def test_what_does_not_obey_it_is_refused(tmp_path, design, pattern, sentence):
    a = np.zeros((ROWS, K), np.int64)
    a[3, [5, 6]] = 1
    a[4, [8, 12]] = 1
    code, out, err = ended(tmp_path, design, a, GIVEN, pattern)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: matrix must have at most {sentence}")


def test_random_operands_obey_it(run):
    found, _ = run("nm", f"random:{ROWS}x{K}:0.25", GIVEN, "1")
    assert found["density"] == 0.25
    assert found["counters"]["busy"] == 3 * K // 4


def test_pruning_is_to_it(run):
    """Of (1 -9 3 2) and (0 4 0 5) of each 8: all but the largest; parts, all but the heaviest."""
    a = np.tile([1, -9, 3, 2, 0, 4, 0, 5], (ROWS, K // 8))
    kept = {
        ("nm", "1"): [0, -9, 0, 0, 0, 0, 0, 5],
        ("nm", "3"): [0, -9, 3, 2, 0, 4, 0, 5],
        ("hss", "2,1"): [0, -9, 0, 0, 0, 0, 0, 5],
        ("hss", "1,2"): [0, -9, 3, 0, 0, 0, 0, 0],
    }
    b = np.arange(K * COLS).reshape(K, COLS) - 30
    for (design, pattern), left in kept.items():
        found, c = run(design, a, GIVEN, pattern, "--prune", b=b)
        pruned = np.tile(left, (ROWS, K // 8))
        dropped = np.count_nonzero(a) - np.count_nonzero(pruned)
        assert found["notes"] == [f"a: pruned by magnitude, {dropped} nonzeros dropped"]
        assert np.array_equal(c, pruned @ b)
        assert found["counters"]["busy"] == 3 * K // BLOCK[design] * np.prod([*map(int, pattern.split(","))])
