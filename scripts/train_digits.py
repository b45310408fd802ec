"""Train the demo network: an int8 MLP 64-128-64-10 on handwritten digits, dense and 2:4.

    python scripts/train_digits.py [output.npz]

1. Train in float64 (Adam, cross-entropy).
2. For the 2:4 version, keep the two largest magnitudes of every four consecutive input features of
   each output row, then go on training with that mask held.
3. Quantise both versions to int8 weights, one scale per layer (``zeroskip.sw.mlp`` has the arithmetic).

The split, the initial weights and the order of batches come from one seed; the test set gives the
accuracies written into the file and decides nothing.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from zeroskip.sw.mlp import SHIFT, X_MAX, infer, layers

SEED = 2024
SIZES = (64, 128, 64, 10)
TEST = 450
N, M = 2, 4
EPOCHS, BATCH, RATE, DECAY = 80, 32, 2e-3, 1e-4
PIXEL = 16  # the data's brightest pixel; the float network sees x / PIXEL
OUTPUT = Path(__file__).parent / "data" / "digits.npz"

Floats = NDArray[np.float64]


def forward(ws: list[Floats], bs: list[Floats], x: Floats) -> list[Floats]:
    """Activations of every layer, the inputs first and the logits last."""
    acts = [x]
    for w, b in zip(ws, bs, strict=True):
        z = acts[-1] @ w.T + b
        acts.append(z if w is ws[-1] else np.maximum(z, 0))
    return acts


def gradients(ws: list[Floats], bs: list[Floats], x: Floats, y: NDArray[np.int64]) -> list[Floats]:
    """Of the mean cross-entropy: those of all weights, then those of all biases."""
    acts = forward(ws, bs, x)
    delta = np.exp(acts[-1] - acts[-1].max(axis=1, keepdims=True))
    delta /= delta.sum(axis=1, keepdims=True)
    delta[np.arange(len(y)), y] -= 1
    delta /= len(y)
    dws: list[Floats] = []
    dbs: list[Floats] = []
    for w, act in zip(reversed(ws), reversed(acts[:-1]), strict=True):
        dws.insert(0, delta.T @ act + DECAY * w)
        dbs.insert(0, delta.sum(axis=0))
        delta = (delta @ w) * (act > 0)
    return dws + dbs


def train(
    ws: list[Floats],
    bs: list[Floats],
    masks: list[NDArray[np.bool_]],
    data: tuple[Floats, NDArray[np.int64]],
    rng: np.random.Generator,
) -> None:
    """Adam in place, with a learning rate falling to zero; weights outside ``masks`` stay zero."""
    x, y = data
    params = ws + bs
    mean = [np.zeros_like(p) for p in params]
    square = [np.zeros_like(p) for p in params]
    steps = EPOCHS * (len(x) // BATCH)
    for step in range(steps):
        batch = rng.choice(len(x), BATCH, replace=False)
        rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
        for i, g in enumerate(gradients(ws, bs, x[batch], y[batch])):
            mean[i] += 0.1 * (g - mean[i])
            square[i] += 0.001 * (g * g - square[i])
            deviation = np.sqrt(square[i] / (1 - 0.999 ** (step + 1))) + 1e-8
            params[i] -= rate * mean[i] / (1 - 0.9 ** (step + 1)) / deviation
        for i, mask in enumerate(masks):
            ws[i] *= mask


def largest(w: Floats) -> NDArray[np.bool_]:
    """True at the N largest magnitudes of each group of M consecutive input features."""
    groups = np.abs(w).reshape(-1, M)
    order = np.argsort(-groups, axis=1, kind="stable")
    mask = np.zeros(groups.shape, dtype=np.bool_)
    np.put_along_axis(mask, order[:, :N], True, axis=1)
    return mask.reshape(w.shape)


def quantise(name: str, ws: list[Floats], bs: list[Floats], x: Floats) -> dict[str, NDArray[Any]]:
    """The arrays of one network; activation scales are the greatest activations on the training set."""
    arrays: dict[str, NDArray[Any]] = {}
    scales = []
    unit = 1 / PIXEL  # what one step of the layer's integer input is worth
    for i, (w, b, act) in enumerate(zip(ws, bs, forward(ws, bs, x)[1:], strict=True)):
        step = np.abs(w).max() / 127
        arrays[f"{name}_w{i}"] = np.rint(w / step).astype(np.int8)
        arrays[f"{name}_b{i}"] = np.rint(b / (step * unit)).astype(np.int32)
        after = act.max() / X_MAX
        scales.append(round(step * unit / after * (1 << SHIFT)))
        unit = after
    arrays[f"{name}_scales"] = np.array(scales[:-1], dtype=np.int64)
    return arrays


def main() -> None:
    """Train, quantise, measure, write."""
    rng = np.random.default_rng(SEED)
    digits = load_digits()
    order = rng.permutation(len(digits.data))
    pixels, labels = digits.data[order].astype(np.uint8), digits.target[order].astype(np.int64)
    data = (pixels[TEST:] / PIXEL, labels[TEST:])

    shapes = list(zip(SIZES[1:], SIZES, strict=False))
    ws = [rng.normal(0, np.sqrt(2 / shape[1]), shape) for shape in shapes]
    bs = [np.zeros(shape[0]) for shape in shapes]
    train(ws, bs, [np.ones(shape, dtype=np.bool_) for shape in shapes], data, rng)
    arrays = quantise("dense", ws, bs, data[0])

    masks = [largest(w) for w in ws]
    ws = [w * mask for w, mask in zip(ws, masks, strict=True)]
    train(ws, bs, masks, data, rng)
    arrays |= quantise("nm", ws, bs, data[0])

    arrays |= {"x": pixels[:TEST], "labels": labels[:TEST].astype(np.uint8)}
    for name in ("dense", "nm"):
        classes = infer(layers(arrays, name), pixels[:TEST], np.matmul).argmax(axis=1)
        accuracy = np.mean(classes == labels[:TEST])
        arrays[f"{name}_accuracy"] = np.array(accuracy)
        print(f"{name}: {accuracy:.2%} of {TEST}")
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    output.parent.mkdir(exist_ok=True)
    np.savez_compressed(output, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
