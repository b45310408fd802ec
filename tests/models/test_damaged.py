"""Model files that are not whole: one sentence that begins with the file, or what the whole file gives."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from models.tflite_file import Step, Tensor, write
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

from zeroskip.sw.models import KINDS, layer_of, model_and_layer, read_model
from zeroskip.sw.models.quantise import integer_rows, quantise_rows


def whole(path: Path) -> bytes:
    """A small model of the kind that the path ends in."""
    data = np.arange(-8, 8, dtype=np.int8).reshape(2, 8)
    match path.suffix:
        case ".safetensors":
            save_file({"a.weight": data, "b.weight": data}, str(path))
        case ".tflite":
            tensors = [
                Tensor("x", (1, 8)),
                Tensor("a", (2, 8), data=data.tobytes(), scale=(1.0,), zero_point=(0,)),
            ]
            write(path, tensors, [Step("FULLY_CONNECTED", (0, 1), (0,))])
        case _:
            nodes = [helper.make_node("Gemm", ["x", "a"], ["y"], transB=1)]
            values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in "xy"]
            graph = helper.make_graph(
                nodes, "g", values[:1], values[1:], [numpy_helper.from_array(data, "a")]
            )
            onnx.save(helper.make_model(graph), str(path))
    return path.read_bytes()


def read_all(path: Path) -> None:
    """Every layer of a file, which may be refused in a sentence."""
    try:
        layers = read_model(str(path)).layers
        for layer in layers:
            integer_rows(layer, True, str(path))
    except (ValueError, TypeError) as error:
        assert str(error).startswith(str(path))
        assert "\n" not in str(error).strip()


@pytest.mark.parametrize("kind", KINDS)
def test_every_cut_and_every_spoilt_byte(tmp_path: Path, kind) -> None:
    path = tmp_path / f"m.{kind}"
    data = whole(path)
    assert read_model(str(path)).layers[0].rows().tolist() == np.arange(-8, 8).reshape(2, 8).tolist()
    for length in range(0, len(data), 3):
        path.write_bytes(data[:length])
        read_all(path)
    rng = np.random.default_rng(0)
    for place in range(len(data)):
        spoilt = bytearray(data)
        spoilt[place] ^= int(rng.integers(1, 256))
        path.write_bytes(spoilt)
        read_all(path)


@pytest.mark.parametrize("kind", KINDS)
def test_no_model_at_all(tmp_path: Path, kind) -> None:
    path = tmp_path / f"m.{kind}"
    path.write_text("this is a text and no model, and it is longer than any header")
    with pytest.raises(ValueError, match=f"^{path} must be an? .*{kind}"):
        read_model(str(path))


def test_the_words_for_a_layer() -> None:
    assert model_and_layer("a/b.onnx") == ("a/b.onnx", None)
    assert model_and_layer("b.ONNX:/conv:1;x") == ("b.ONNX", "/conv:1;x")
    assert model_and_layer("b.npz:key") is None
    assert model_and_layer("x.tflite.gz") is None


def test_a_layer_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    whole(path)
    with pytest.raises(ValueError, match=r"must be one of its 2, such as a.weight, b.weight, not 'a.wight'"):
        layer_of(str(path), "a.wight")


def test_quantised_by_row() -> None:
    rows, error = quantise_rows(np.array([[1.0, -2.0, 0.0], [0.0, 0.0, 0.0], [0.5, 127, -126.5]]), "w")
    assert rows.tolist() == [[64, -127, 0], [0, 0, 0], [0, 127, -126]]
    kept = np.array([64 * 2 / 127, -2, 0, 0, 0, 0, 0, 127, -126])
    exact = np.array([1, -2, 0, 0, 0, 0, 0.5, 127, -126.5])
    assert error == pytest.approx(np.linalg.norm(kept - exact) / np.linalg.norm(exact), rel=1e-12)
    with pytest.raises(ValueError, match=r"^w must be finite to be quantised, not inf in row 0, column 1$"):
        quantise_rows(np.array([[1, np.inf]]), "w")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_has_changed_is_read_again(tmp_path: Path, kind) -> None:
    path = tmp_path / f"m.{kind}"
    data = whole(path)
    assert read_model(str(path)) is read_model(str(path))
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match=rf"^{path} "):
        [layer.rows() for layer in read_model(str(path)).layers]
