"""Every format has its view, and what the views have is of that format."""

import importlib
import pkgutil

import numpy as np
import pytest

import zeroskip.hw.decode
from formats import FORMATS, trials_of, view_of
from formats.by_hand import TINY, A, B
from zeroskip.sw.image import image_bits, pack
from zeroskip.sw.tiling import Tile

DECODERS = [
    module.name
    for module in pkgutil.iter_modules(zeroskip.hw.decode.__path__)
    if hasattr(importlib.import_module(f"zeroskip.hw.decode.{module.name}"), "DECODER")
]
BY_HAND = {
    name: entry
    for name, engine in FORMATS.items()
    if engine == "free"
    for name, entry in view_of(name).by_hand.items()
}


def test_every_decoder_is_of_a_design() -> None:
    assert set(DECODERS) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_view(name: str) -> None:
    view = view_of(name)
    assert "" in view.trials
    for trial in view.trials.values():
        assert (trial.cfg.format, trial.cfg.engine.name) == (name, FORMATS[name])
    if FORMATS[name] == "free":
        assert view.by_hand
        assert {entry.cfg.format for entry in view.by_hand.values()} == {name}
        assert {cfg.format for cfg in view.exact} <= {name}


def test_a_missing_view_is_named() -> None:
    with pytest.raises(LookupError, match=r"^formats/absent\.py must have the VIEW of absent, and is not"):
        view_of("absent")


@pytest.mark.parametrize("engine", sorted(set(FORMATS.values())))
def test_every_fault_spoils_its_tile(engine: str) -> None:
    """Some stream is another one then."""
    for name, trial in trials_of(engine).items():
        for what, fault in trial.every_fault.items():
            dense = {"dense": fault.dense} if engine == "free" else {}
            tile = trial.tile(np.random.default_rng(1), **dense)
            image, spoiled = pack(trial.cfg, [tile]), pack(trial.cfg, [tile])
            fault.spoil(*((trial.cfg, spoiled) if engine == "free" else (spoiled, trial.cfg)))
            assert any(not np.array_equal(image[stream], spoiled[stream]) for stream in image), (name, what)


@pytest.mark.parametrize("name", BY_HAND)
def test_strings_are_those_by_hand(name: str) -> None:
    entry = BY_HAND[name]
    image = pack(entry.cfg, [Tile(A, B)])
    for group, text in enumerate(entry.strings):
        bits = [int(bit) for bit in reversed(text.replace(" ", ""))]
        width = entry.cfg.beat_width
        beats = np.unpackbits(image[f"a{group}"], axis=1, bitorder="little")
        assert beats[:, :width].ravel().tolist() == bits + [0] * (beats.shape[0] * width - len(bits))
        assert beats[:, width].tolist() == [0] * (len(beats) - 1) + [1]
    stored = image_bits(entry.cfg, [Tile(A, B)])
    assert (stored.values, stored.metadata) == (entry.values * TINY["a_width"], entry.metadata)
