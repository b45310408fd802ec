"""``scripts/conv.py``: a convolution layer on RTL, either factor sparse."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

SMALL = ["-p", "rows=4", "-p", "cols=4", "-p", "k_max=256", "--w", "random:4x3x3:0.3"]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("conv", Path(__file__).parents[1] / "scripts" / "conv.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(script: ModuleType, *words: str) -> str:
    app = typer.Typer()
    app.command()(script.main)
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_direct_convolution_by_hand(script: ModuleType) -> None:
    """One filter of a 2 x 2 corner: out[y, x] = x[y, x] + 2 x[y, x + 1] - x[y + 1, x]."""
    x = np.arange(9).reshape(1, 3, 3)
    w = np.array([[[[1, 2], [-1, 0]]]])
    assert script.direct(x, w, 0).tolist() == [[[-1, 1], [5, 7]]]
    assert script.direct(x, w, 1)[0, 0].tolist() == [0, 0, -1, -2]


@pytest.mark.slow
def test_filters_or_activations_are_skipped(script: ModuleType, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    maps = rng.integers(0, 200, (2, 5, 5, 6)) * (rng.random((2, 5, 5, 6)) < 0.3)
    np.savez(tmp_path / "maps.npz", layer=maps.astype(np.uint8))
    chosen = ["--x", f"{tmp_path}/maps.npz:layer"]
    out = run(script, "bitmask", *SMALL, "-p", "b_signed=false", *chosen)
    assert "zeros of a skipped, density 0.3" in out
    assert "0 of 100 outputs differ from a direct convolution" in out
    out = run(script, "activation", *SMALL, "-p", "a_signed=false", *chosen)
    padded = np.pad(maps[0] != 0, ((1, 1), (1, 1), (0, 0)))
    seen = sum(padded[y : y + 5, x : x + 5].sum() for y in range(3) for x in range(3))
    assert f"zeros of b skipped, density {seen / (54 * 25):.3f}" in out
    assert "0 of 100 outputs differ from a direct convolution" in out


def test_an_array_that_is_not_there(script: ModuleType, tmp_path: Path) -> None:
    np.savez(tmp_path / "maps.npz", layer=np.zeros((3, 3, 1), np.uint8))
    with pytest.raises(ValueError, match=r"^--x must name one of the arrays layer, not 'other'$"):
        script.image(f"{tmp_path}/maps.npz:other")
    with pytest.raises(ValueError, match=r"^--w must be random:OUTxKHxKW:DENSITY, not 'random:4x3:0\.5'$"):
        script.filters("random:4x3:0.5", 6)
