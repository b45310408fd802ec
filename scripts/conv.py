"""A convolution layer on a design: im2col, every product on the RTL, held against a direct convolution.

Either factor is the sparse one: filters with `bitmask`, `csr` ..., activations with `activation`:

    python scripts/conv.py bitmask -p b_signed=false --w random:32x3x3:0.2
    python scripts/conv.py activation -p a_signed=false --x activations.npz:op8_CONV_2D

Without --x the image is made: smooth noise after a ReLU, about half of it zeros.
"""

from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.signal import correlate

from zeroskip.explore.measure import Measurement, measure
from zeroskip.explore.progress import progress_bar
from zeroskip.gen.designs import configure_words
from zeroskip.sw.im2col import conv2d
from zeroskip.sw.operands import load
from zeroskip.sw.random_operands import random_matrix

Ints = NDArray[np.int64]


def made_image(channels: int = 16, side: int = 16) -> Ints:
    """Int64 (channels, side, side), 0 to 255: what a layer before this one could leave."""
    noise = np.random.default_rng(0).normal(size=(channels, side, side))
    smooth = gaussian_filter(noise, (0, 1, 1))
    pixels: Ints = np.round(255 * np.maximum(smooth, 0) / smooth.max()).astype(np.int64)
    return pixels


def image(spec: str | None) -> Ints:
    """Int64 (C, H, W) of FILE.npz:KEY, an array (..., H, W, C) of which the first image is taken."""
    if spec is None:
        return made_image()
    path, _, key = spec.rpartition(":")
    with np.load(path) as arrays:
        if key not in arrays.files:
            raise ValueError(f"--x must name one of the arrays {', '.join(arrays.files)}, not {key!r}")
        first: Ints = arrays[key].reshape(-1, *arrays[key].shape[-3:])[0].transpose(2, 0, 1).astype(np.int64)
    return first


def filters(spec: str, channels: int) -> Ints:
    """Int64 (out, C, kh, kw): random:OUTxKHxKW:DENSITY, or a matrix (out, C) of 1 x 1 filters."""
    if not spec.startswith("random:"):
        matrix = load(spec).matrix
        if matrix.shape[1] != channels:
            raise ValueError(f"--w must have {channels} columns, as x has channels, not {matrix.shape[1]}")
        return matrix[:, :, None, None]
    try:
        _, shape, density = spec.split(":")
        out, height, width = (int(size) for size in shape.split("x"))
        share = float(density)
    except ValueError:
        raise ValueError(f"--w must be random:OUTxKHxKW:DENSITY, not {spec!r}") from None
    return random_matrix(out, channels * height * width, share).reshape(out, channels, height, width)


def direct(x: Ints, w: Ints, padding: int) -> Ints:
    """The convolution as it is defined, channel by channel: int64 (out, oh, ow)."""
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    return np.stack([correlate(padded, each, "valid", method="direct")[0] for each in w])


def main(
    design: str,
    x: Annotated[str | None, typer.Option("--x", help="Activations: FILE.npz:KEY, (..., H, W, C).")] = None,
    w: Annotated[
        str, typer.Option("--w", help="Filters: random:OUTxKHxKW:DENSITY, or a file as of run.")
    ] = "random:32x3x3:1",
    padding: Annotated[int, typer.Option(min=0, help="Zeros on each side.")] = 1,
    param: Annotated[
        list[str], typer.Option("-p", "--param", metavar="KEY=VALUE", help="Set a parameter; may repeat.")
    ] = [],  # noqa: B006 - typer makes a list of its own
) -> None:
    """Run one layer on the RTL of DESIGN and print what it cost."""
    cfg = configure_words(design, param, rows=16, cols=16)
    activations = image(x)
    weights = filters(w, len(activations))
    padding = padding if weights.shape[2] > 1 else 0
    costs: list[Measurement] = []

    with progress_bar(True) as progress:

        def matmul(a: Ints, b: Ints) -> Ints:
            cost, product = measure(cfg, a, b, progress=progress)
            costs.append(cost)
            return product

        result = conv2d(activations, weights, matmul, padding=padding)[0]
    wrong = np.count_nonzero(result != direct(activations, weights, padding))
    (cost,) = costs
    print(f"{design}: {weights.shape} filters, {activations.shape} activations, {cost.shape} product")
    empty = [f"{np.mean(factor == 0):.1%}" for factor in (weights, activations)]
    print(f"zeros: {empty[0]} of the filters, {empty[1]} of the activations")
    print(f"zeros of {cost.skipped} skipped, density {cost.density:.3f} with the padding")
    print(
        f"{cost.cycles} cycles, {cost.dense_cycles} on the paired dense array: speedup {cost.speedup:.2f}, "
        f"eta {cost.eta or 0:.3f}, utilisation {cost.utilisation:.3f}"
    )
    print(f"{wrong} of {result.size} outputs differ from a direct convolution")
    if wrong:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
