"""``zeroskip sweep``: many operands, every one on RTL and model, balanced and not."""

import json
from pathlib import Path

import numpy as np
import pytest
from command_line import run_cli

from zeroskip.explore import sweep as module

SMALL = ["-p", "rows=2", "-p", "cols=2", "-p", "k_max=64", "-p", "block_size=8"]


def sweep(*words: str) -> list[dict[str, object]]:
    code, out, err = run_cli("sweep", *words, "--json")
    assert (code, err) == (0, "")
    found: list[dict[str, object]] = json.loads(out)
    return found


def lopsided(path: Path) -> Path:
    """Rows 0 and 2 full, 1 and 3 empty but for a value: the worst order for two lanes."""
    a = np.zeros((4, 40), np.int8)
    a[::2] = 5
    a[1::2, 7] = -3
    np.save(path, a)
    return path


def test_both_backends_agree_and_balancing_pays(tmp_path: Path) -> None:
    found = sweep("bitmask", *SMALL, "--size", "4", "--iid", str(lopsided(tmp_path / "a.npy")))
    assert [(row["mask"], row["balanced"]) for row in found] == [
        *(("as is", False), ("as is", True)),
        *(("iid", False), ("iid", True)),
    ]
    assert {row["backend"] for row in found} == {"rtl"}
    assert {row["errors"] for row in found} == {0}
    plain, balanced = found[0], found[1]
    assert plain["cycles"] > 1.6 * balanced["cycles"]  # type: ignore[operator]
    assert found[0]["density"] == pytest.approx(82 / 160)
    assert found[2]["density"] == pytest.approx(82 / 160, abs=0.01)


def test_an_archive_gives_all_its_integer_arrays(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 3, (2, 3, 8)).astype(np.uint8)
    np.savez(tmp_path / "net.npz", w=images[0], scale=np.float32(2), images=images, shift=np.arange(3))
    words = ("activation", *SMALL, "-p", "scan=4", "--no-rtl", "--size", "2", "--layout", "nwc")
    found = sweep(*words, str(tmp_path / "net.npz"))
    assert [row["operand"] for row in found[::2]] == ["net.npz:w", "net.npz:images"]
    assert [row["shape"] for row in found[::2]] == [[2, 8, 3], [2, 8, 6]]
    assert found[2]["density"] == pytest.approx(np.count_nonzero(images) / images.size)
    assert {row["skipped"] for row in found} == {"b"}


@pytest.mark.parametrize("name", ["w.npz", "w.npy", "w.npz:w"])
def test_filters_are_measured_by_their_layout_or_not_at_all(name: str, tmp_path: Path) -> None:
    filters = np.random.default_rng(0).integers(-9, 9, (8, 3, 3, 3)).astype(np.int8)
    np.savez(tmp_path / "w.npz", w=filters)
    np.save(tmp_path / "w.npy", filters)
    words = ("sweep", "csr", *SMALL, "--no-rtl", "--size", "2", "--json", name)
    code, out, err = run_cli(*words, cwd=tmp_path)
    assert (code, err.count("\n")) == (2, 1)
    assert [row.keys() for row in json.loads(out)] == [{"operand", "error"}]
    key = ":w" if "npz" in name else ""
    assert err.startswith(f"error: --layout must have a letter for each of the 4 axes of {name[:5]}{key}, ")
    plain, balanced = json.loads(run_cli(*words, "--layout", "oihw", cwd=tmp_path).out)
    assert plain["shape"] == balanced["shape"] == [8, 27, 2]


def test_a_pattern_is_measured_as_one_and_says_so(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.array([[0, 0.5, 0, -0.1]] * 4))
    words = ("csr", *SMALL, "--no-rtl", "--size", "2", "--pattern", "--seed", "3", str(tmp_path / "w.npy"))
    found = sweep(*words)
    note = "values: made from seed 3, only the pattern of the file is taken"
    assert [(row["density"], row["note"]) for row in found] == [(0.5, note)] * 2
    assert f"1: w.npy (4x4x2), {note}" in run_cli("sweep", *words).out


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("none.npz", "none.npz cannot be read or written: No such file or directory"),
        ("empty.npz", "empty.npz must have integer arrays of two axes or more, and has none"),
        ("damaged.npz", "damaged.npz must be a .npz file of numbers, but reading failed: File is not a"),
        (
            "damaged.npz:w",
            "damaged.npz must be a .npz file of numbers, but reading failed: File is not a",
        ),
        ("array.npz", "array.npz must be a .npz file of numbers, but it is no zip archive"),
        ("coo.npz", "coo.npz must be a sparse matrix of scipy.sparse.save_npz, or be given as coo.npz:KEY"),
        ("empty.npz:w", "key of empty.npz must be one of scale, cube, not 'w'"),
        ("empty.npz:cube", "--layout must have a letter for each of the 3 axes of empty.npz:cube"),
    ],
)
def test_archives_without_operands(word: str, text: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "empty.npz", scale=np.float32(2), cube=np.ones((2, 2, 2)))
    np.savez(tmp_path / "coo.npz", data=np.ones(2, int), coords=np.eye(2, dtype=int))
    (tmp_path / "damaged.npz").write_bytes(b"PK\x03\x04 and nothing more")
    with (tmp_path / "array.npz").open("wb") as file:
        np.save(file, np.eye(3, dtype=int))
    code, out, err = run_cli("sweep", "csr", word, cwd=tmp_path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: {text}")


def test_the_table_names_every_operand_and_says_that_they_agree() -> None:
    code, out, _ = run_cli("sweep", "csr", *SMALL, "--size", "2", "random:4x40:0.3")
    assert code == 0
    for word in (
        "random:4x40:0.3 (4x40x2)",
        "as is, balanced",
        "RTL and model agree in every cycle; 0 wrong",
    ):
        assert word in out


@pytest.mark.parametrize("design", ["nm", "hss", "ampere-2of4"])
def test_random_operands_obey_the_design(design: str) -> None:
    """Those of ``--iid`` too, and with the same density; ``hss`` has no random ones but by pruning."""
    prune = ["--prune"] if design == "hss" else []
    words = ["-p", "rows=2", "-p", "cols=2", "--no-rtl", "--iid", "--size", "2", *prune]
    found = sweep(design, *words, "random:6x64:0.5")
    assert [row["mask"] for row in found] == ["as is", "as is", "iid", "iid"]
    assert len({row["density"] for row in found}) == 1
    assert found[0]["density"] == (0.5 if not prune else pytest.approx(0.23, abs=0.03))
    assert {row["errors"] for row in found} == {0}


def test_pruning_is_offered_and_told(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.array([[1, 2, 3, 0], [0, 0, 0, 9]]))
    words = ("sweep", "nm", "-p", "rows=2", "-p", "cols=2", "--no-rtl", "--size", "2")
    code, out, err = run_cli(*words, "w.npy", cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err == (
        "error: w.npy: matrix must have at most 2 nonzeros in each block of 4, not 3 in row 0, columns 0 to "
        "3; --prune drops the least nonzeros\n"
    )
    code, out, err = run_cli(*words, "--prune", "w.npy", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert "1: w.npy (2x4x2), pruned by magnitude, 1 nonzeros dropped\n" in out
    code, out, err = run_cli("sweep", "csr", "--prune", "w.npy", cwd=tmp_path)
    assert (code, out, err) == (2, "", "error: --prune needs an N:M design, and csr has no N:M\n")


def test_an_operand_that_fails_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    good, wide = np.eye(4, dtype=np.int64), np.full((4, 4), 300)
    np.savez(tmp_path / "net.npz", wide=wide, good=good)
    np.save(tmp_path / "good.npy", good)
    (tmp_path / "bad.mtx").write_text("no matrix\n")
    words = ("none.npy", "bad.mtx", "net.npz", "good.npy", "--no-rtl", "--size", "1", "--json")
    code, out, err = run_cli("sweep", "csr", *SMALL, *words, cwd=tmp_path)
    rows = json.loads(out)
    assert [row["operand"] for row in rows if "cycles" in row] == 2 * ["net.npz:good"] + 2 * ["good.npy"]
    told = [(row["operand"], row["error"]) for row in rows if "error" in row]
    assert [name for name, _ in told] == ["none.npy", "bad.mtx", "net.npz:wide"]
    assert all(name in sentence for name, sentence in told)
    assert err.splitlines() == [f"error: {sentence}" for _, sentence in told]
    assert code == 2
    code, out, err = run_cli("sweep", "csr", *SMALL, *words[:-1], cwd=tmp_path)
    assert (code, len(err.splitlines())) == (2, 3)
    assert "1: net.npz:good (4x4x1)" in out and "2: good.npy (4x4x1)" in out


def test_ctrl_c_keeps_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, calls = module.measure_layer, []

    def broken(*words: object, **named: object) -> object:
        calls.append(words)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return plain(*words, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "measure_layer", broken)
    words = ("random:4x8:0.3", "random:4x8:0.4", "--no-rtl", "--size", "1")
    code, out, err = run_cli("sweep", "csr", *SMALL, *words)
    assert (code, err) == (130, "")
    assert "1: random:4x8:0.3" in out and "2: random:4x8:0.4" in out
    calls.clear()
    code, out, err = run_cli("sweep", "csr", *SMALL, *words, "--json")
    assert (code, err) == (130, "")
    assert [row["operand"] for row in json.loads(out)] == [
        "random:4x8:0.3",
        "random:4x8:0.3",
        "random:4x8:0.4",
    ]


def test_names_keep_their_brackets(tmp_path: Path) -> None:
    np.save(tmp_path / "[red].npy", np.eye(4, dtype=np.int8))
    code, out, _ = run_cli("sweep", "csr", *SMALL, "--no-rtl", "[red].npy", cwd=tmp_path)
    assert code == 0
    assert "1: [red].npy (4x4x64)" in out
