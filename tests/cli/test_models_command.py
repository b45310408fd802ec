"""Model files on the command line: ``layers``, and their layers as operands of other commands."""

import json
from pathlib import Path

import numpy as np
import pytest
from command_line import run_cli
from models.tflite_file import Step, Tensor, write
from safetensors.numpy import save_file
from scipy.signal import correlate

RNG = np.random.default_rng(6)
CONV = np.where(RNG.random((4, 3, 3, 2)) < 0.4, RNG.integers(-9, 10, (4, 3, 3, 2)), 0).astype(np.int8)
DEPTH = RNG.integers(-9, 10, (1, 2, 2, 2)).astype(np.int8)
DENSE = np.array([[1, 0, 0, 2, 0, 3, 4, 0], [0, 5, 6, 0, 0, 0, 0, -7]], np.int8)
NAMES = ["m.tflite:conv", "m.tflite:depth", "m.tflite:dense"]
SMALL = ("-p", "rows=2", "-p", "cols=2", "-p", "k_max=32")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A .tflite of three layers, a float .safetensors, and maps."""
    tensors = [
        Tensor("x", (1, 6, 5, 2)),
        Tensor("conv", CONV.shape, data=CONV.tobytes()),
        Tensor("depth", DEPTH.shape, data=DEPTH.tobytes()),
        Tensor("dense", DENSE.shape, data=DENSE.tobytes()),
        Tensor("flat", (1, 8)),
    ]
    steps = [
        Step("CONV_2D", (0, 1), (0,), stride=(2, 1), same=True),
        Step("DEPTHWISE_CONV_2D", (0, 2), (0,)),
        Step("FULLY_CONNECTED", (4, 3), (4,)),
    ]
    write(tmp_path / "m.tflite", tensors, steps)
    save_file({"w": np.array([[0.5, -1, 0, 0.25]], np.float32)}, str(tmp_path / "f.safetensors"))
    np.save(tmp_path / "maps.npy", RNG.integers(-9, 10, (3, 6, 5, 2)))
    return tmp_path


def answer(folder: Path, *words: str) -> dict:
    done = run_cli(*words, "--json", cwd=folder)
    assert done.code == 0, done.err
    return json.loads(done.out)


def refusal(folder: Path, *words: str) -> str:
    done = run_cli(*words, cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    return done.err.removeprefix("error: ").strip()


def test_layers(folder: Path) -> None:
    conv, depth, dense = answer(folder, "layers", "m.tflite")["layers"]
    assert [conv["kind"], depth["kind"], dense["kind"]] == ["conv", "depthwise conv", "matmul"]
    assert [layer["k"] for layer in (conv, depth, dense)] == [18, 4, 8]
    assert conv["density"] == np.count_nonzero(CONV) / CONV.size
    ones = sum(bin(int(value) & 255).count("1") for value in DENSE.ravel())
    assert dense["zero_bits"] == 1 - ones / 128
    assert (dense["two_of_four"], dense["best"]) == (True, "2:4")
    assert dense["error"] is None
    text = run_cli("layers", "m.tflite", cwd=folder).out
    assert [line for line in text.splitlines() if line.startswith("3: ")] == ["3: dense"]


def test_two_of_four_along_the_inputs_of_each_tap(folder: Path) -> None:
    """Filters oihw of four inputs and two taps: along k 3 of 4 are nonzero, of each tap's inputs 2 of 4."""
    save_file(
        {"w": np.array([[[[1, 1]], [[1, 0]], [[0, 1]], [[0, 0]]]], np.int8)}, str(folder / "t.safetensors")
    )
    (layer,) = answer(folder, "layers", "t.safetensors")["layers"]
    assert (layer["two_of_four"], layer["along_inputs"]) == (False, True)


def test_floats_are_counted_as_they_are_or_quantised(folder: Path) -> None:
    (plain,) = answer(folder, "layers", "f.safetensors")["layers"]
    assert (plain["density"], plain["zero_bits"], plain["error"]) == (0.75, None, None)
    (counted,) = answer(folder, "layers", "f.safetensors", "--quantise", "int8")["layers"]
    exact, kept = np.array([0.5, -1, 0, 0.25]), np.array([64, -127, 0, 32]) / 127
    assert counted["error"] == pytest.approx(np.linalg.norm(exact - kept) / np.linalg.norm(exact))


def test_a_convolution_of_real_maps(folder: Path) -> None:
    words = ("run", "csr", *SMALL, "--a", "m.tflite:conv", "--b", "maps.npy", "--backend", "model")
    found = answer(folder, *words, "--out", "c.npy")
    maps, result = np.load(folder / "maps.npy"), np.load(folder / "c.npy")
    padded = np.pad(maps, ((0, 0), (0, 1), (1, 1), (0, 0)))  # same: 6 rows by 2 need 1, 5 columns 2
    expected = [
        [correlate(image, each, "valid", method="direct")[::2, :, 0] for each in CONV.astype(np.int64)]
        for image in padded
    ]
    assert np.array_equal(result, np.array(expected).transpose(0, 2, 3, 1))
    assert (found["shape"], found["errors"]) == ([4, 18, 45], 0)


def test_all_layers_and_their_sum(folder: Path) -> None:
    words = ("run", "csr", *SMALL, "--a", "m.tflite", "--backend", "model")
    found = answer(folder, *words)
    assert [layer["operand"] for layer in found["layers"]] == [
        f"m.tflite:{name}" for name in ("conv", "depth", "dense")
    ]
    assert [layer["shape"] for layer in found["layers"]] == [[4, 18, 15], [2, 4, 20], [2, 8, 64]]
    assert found["cycles"] == sum(layer["cycles"] for layer in found["layers"])
    useful = np.count_nonzero(CONV) * 15 + np.count_nonzero(DEPTH) * 20 + np.count_nonzero(DENSE) * 64
    assert found["macs_useful"] == useful
    assert found["notes"] == [
        "conv, depth, b: random, one map of the size that the model says",
        "dense, b: random, 64 columns",
    ]
    lines = run_cli(*words, cwd=folder).out.splitlines()
    assert [line for line in lines if line.startswith("2: ")] == ["2: depth"]
    assert "--out takes the product of one layer, not of 3" in refusal(folder, *words, "--out", "c.npy")


def test_sweep_and_formats_take_all_layers(folder: Path) -> None:
    swept = answer(folder, "sweep", "csr", *SMALL, "--no-rtl", "m.tflite")
    assert [each["operand"] for each in swept[::2]] == [
        f"m.tflite:{name}" for name in ("conv", "depth", "dense")
    ]
    assert [each["shape"] for each in swept[::2]] == [[4, 18, 64], [2, 4, 64], [2, 8, 64]]
    whole = answer(folder, "formats", "--a", "m.tflite")
    parts = [answer(folder, "formats", "--a", name) for name in NAMES]
    assert (whole["layers"], whole["shape"], whole["elements"]) == (3, None, 72 + 8 + 16)
    for design, found in whole["formats"].items():
        if "refused" not in found:
            assert found["total"] == sum(part["formats"][design]["total"] for part in parts), design
    assert "total" in whole["formats"]["csr"]
    assert "refused" in whole["formats"]["nm"]
    words = ("formats", "--a", "m.tflite", "--curve", "x.svg")
    assert refusal(folder, *words).startswith("--curve takes one operand, not the 3 layers of m.tflite")


def test_quantised_weights_and_what_they_lose(folder: Path) -> None:
    words = ("run", "csr", *SMALL, "--a", "f.safetensors", "--backend", "model", "--quantise", "int8")
    assert answer(folder, *words)["notes"][0].startswith("a: quantised to int8 by row, error 0.")
    assert refusal(folder, *words[:-2]) == (
        "f.safetensors:w must hold integers, not f32: --quantise int8 makes int8 of them"
    )


def test_filters_of_arrays_and_of_random_operands(folder: Path) -> None:
    """The same convolution from an array with its layout, and from its matrix with --kernel."""
    np.save(folder / "w.npy", CONV)
    np.save(folder / "rows.npy", CONV.transpose(0, 3, 1, 2).reshape(4, 18))
    np.save(folder / "chw.npy", np.load(folder / "maps.npy").transpose(0, 3, 1, 2))
    base = ("run", "csr", *SMALL, "--backend", "model", "--stride", "2,1", "--padding", "same")
    by_layout = answer(folder, *base, "--a", "w.npy", "--layout", "ohwi", "--b", "maps.npy", "--out", "a.npy")
    answer(folder, *base, "--a", "rows.npy", "--kernel", "3", "--b", "chw.npy", "--out", "b.npy")
    assert np.array_equal(np.load(folder / "a.npy"), np.load(folder / "b.npy").transpose(0, 2, 3, 1))
    own = answer(
        folder, "run", "csr", *SMALL, "--backend", "model", "--a", "m.tflite:conv", "--b", "maps.npy"
    )
    assert own["cycles"] == by_layout["cycles"]


RANDOM = ("--a", "random:2x2:1", "--b", "random:2x2:1")
ENDING = "FILE must end in .safetensors, .onnx, .tflite, not "


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("layers", "m.tflite:conv"), ENDING + "'m.tflite:conv'"),
        (("layers", "w.npy"), ENDING + "'w.npy'"),
        (("layers", "no.onnx"), "no.onnx cannot be read or written: No such file or directory"),
        (("run", "csr", "--a", "m.tflite:con"), "layer of m.tflite must be one of its 3, such as conv,"),
        (("run", "csr", "--a", "random:2x2:1"), "--b must be given"),
        (("run", "csr", *RANDOM, "--stride", "2"), "--stride needs filters"),
        (("run", "csr", *RANDOM, "--groups", "2"), "--groups needs filters"),
        (
            ("run", "csr", "--a", "m.tflite:conv", "--stride", "0"),
            "--stride must be H or H,W, integers from 1",
        ),
        (("run", "csr", "--a", "m.tflite:conv", "--kernel", "3,3,3"), "--kernel must be H or H,W, integers"),
        (
            ("run", "csr", "--a", "m.tflite:conv", "--padding", "valid"),
            "--padding must be H or H,W, same, or ",
        ),
        (
            ("run", "csr", "--a", "m.tflite:depth", "--b", "random:4x2:1"),
            "b must have 8 rows, k of each group",
        ),
        (
            ("run", "csr", "--a", "random:4x54:1", "--kernel", "3", "--b", "maps.npy"),
            "kernel must be at most 5 x 2",
        ),
        (
            ("run", "csr", "--a", "random:4x18:1", "--kernel", "2,1", "--b", "maps.npy"),
            "b must have 9 channels",
        ),
        (
            ("run", "csr", "--a", "random:4x20:1", "--kernel", "3", "--b", "maps.npy"),
            "a must have the 3 x 3 taps",
        ),
    ],
)
def test_one_sentence(folder: Path, words: tuple[str, ...], sentence: str) -> None:
    assert refusal(folder, *words).startswith(sentence)
