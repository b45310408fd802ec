"""Every format has its view, and what the views have is of that format."""

import importlib
import pkgutil
from functools import reduce
from operator import or_
from pathlib import Path

import numpy as np
import pytest
from stored_tiles import stored_tiles

import zeroskip.hw.decode
from formats import FORMATS, trials_of, view_of
from formats.by_hand import TINY, A, B
from zeroskip.gen.designs import configure
from zeroskip.gen.emit import emit
from zeroskip.gen.yosys import run_yosys
from zeroskip.hw.decode import decoder
from zeroskip.hw.decode.step import PARSE_CAUSES, parsed_layout
from zeroskip.sw.image import pack, unpack
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
    stored = stored_tiles(entry.cfg, [Tile(A, B)])
    assert (stored.values, stored.metadata) == (entry.values * TINY["a_width"], entry.metadata)


@pytest.mark.parametrize("name", FORMATS)
def test_a_manifest_lists_the_causes_that_faults_raise(name: str) -> None:
    """Faults of the first trial raise all that its design can raise, those of others nothing else."""
    for which, trial in view_of(name).trials.items():
        raised = reduce(or_, (fault.cause for fault in trial.every_fault.values()))
        listed = set(trial.cfg.core().description["causes"])
        found = {cause.name for cause in raised}
        assert found == listed if not which else found <= listed, which


MAYBE = [
    *(configure("csd", rows=1, block_size=4, a_width=width) for width in (3, 4)),
    *(configure("bitbalance", rows=1, block_size=4, a_width=width, ones=1) for width in (3, 4)),
    *(configure("bitserial", rows=1, block_size=4, a_width=width) for width in (15, 16)),
]
"""Designs of which the widths decide whether they can raise a cause of their format."""


def test_what_no_string_can_raise_is_not_listed(tmp_path: Path) -> None:
    """A parser is combinational: whether any bits at all raise a cause is one question to a solver."""
    script = []
    for number, cfg in enumerate(MAYBE):
        (tmp_path / f"p{number}.v").write_text(emit(decoder(cfg)(cfg, 1), f"p{number}"))
        script += [f"read_verilog p{number}.v", f"cd p{number}", "proc", "opt_clean"]
        for cause in PARSE_CAUSES:
            bit = parsed_layout(cfg)[cause].offset
            wanted = "falsify" if cause in decoder(cfg).raises(cfg) else "verify"
            script.append(f"sat -prove o[{bit}] 0 -{wanted} -set-def-inputs")
        script.append("cd")
    run_yosys("\n".join(script).replace("\n", "; "), tmp_path)
    assert {bool(decoder(cfg).raises(cfg)) for cfg in MAYBE} == {False, True}


@pytest.mark.parametrize("name", trials_of("free"))
def test_software_refuses_what_hardware_tells(name: str) -> None:
    """A string is read if nothing is told of it, and refused in a sentence about its tile if something is."""
    trial = trials_of("free")[name]
    judged = {True: 0, False: 0}
    for what, fault in trial.every_fault.items():
        if fault.streams != "a" or fault.more:  # of `more` it is not said whether it is there
            continue
        tile = trial.tile(np.random.default_rng(1), dense=fault.dense)
        image = pack(trial.cfg, [tile])
        fault.spoil(trial.cfg, image)
        refused = bool(fault.cause) or fault.refused
        judged[refused] += 1
        if refused:
            with pytest.raises(ValueError, match=r"^tile 0: a\d"):
                unpack(trial.cfg, image)
        else:
            (read,) = unpack(trial.cfg, image)
            expected = tile.a if fault.value is None else np.full_like(tile.a[1], fault.value)
            if fault.value is not None:
                np.testing.assert_array_equal(read.a[1], expected, what)
    assert judged[True] >= 6
    assert judged[False] or not trial.cfg.checked
