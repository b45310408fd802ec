"""The packer's proofs hold for ever, and see it being broken."""

from functools import partial

import pytest
from test_mutants import Mutant, install

from zeroskip.hw.encode import packer as module
from zeroskip.hw.encode.config import BitmaskEncoderConfig, PackerConfig, RunLengthEncoderConfig
from zeroskip.verif.formal import prove
from zeroskip.verif.formal.encode import packer

SHAPES = {
    "units-of-one": PackerConfig(beat_bits=4, widest=3, unit=1),
    "fields-of-a-beat": PackerConfig(beat_bits=5, widest=5, unit=1),
    "three-places": PackerConfig(beat_bits=6, widest=4, unit=2),
    "one-place": PackerConfig(beat_bits=4, widest=4, unit=4),
    "rlc": RunLengthEncoderConfig().packer,
    "bitmask": BitmaskEncoderConfig().packer,
}


@pytest.mark.parametrize("name", SHAPES)
def test_claims_hold(name: str) -> None:
    proof = prove(partial(packer, cfg=SHAPES[name]), depth=2)
    assert proof.result == "proved", proof.report()


@pytest.mark.parametrize("name", ["units-of-one", "fields-of-a-beat", "three-places"])
def test_interesting_states_are_reached(name: str) -> None:
    proof = prove(partial(packer, cfg=SHAPES[name]), depth=12, mode="cover")
    assert proof.result == "reached", proof.report()


MUTANTS = [
    ("free.eq(~self.o.valid | self.o.ready)", "free.eq(self.o.ready)"),
    ("free.eq(~self.o.valid | self.o.ready)", "free.eq(1)"),
    ("filled.eq(total >= units)", "filled.eq(total > units)"),
    ("field.last & (total > units)", "field.last & (total >= units)"),
    ("Mux(whole, 0, C((1 << units) - 1, units) << place)", "C((1 << units) - 1, units) << place"),
    ("fresh = turned & ~here", "fresh = turned"),
    ("Mux(whole | completes, fresh, merged)", "Mux(completes, fresh, merged)"),
    ("Mux(whole, completes, rest)", "rest"),
    ("Mux(whole, whole_last, field.last & ~rest)", "field.last & ~rest"),
    ("Mux(field.last, 0, Mux(filled", "Mux(0, 0, Mux(filled"),
    ("m.If(free & gives)", "m.If(gives)"),
    ("(unit << stage)", "(unit + stage)"),
]


@pytest.mark.parametrize(("old", "new"), MUTANTS, ids=[f"{old}: {new}" for old, new in MUTANTS])
def test_a_broken_packer_is_refuted(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Mutant("packer", module, old, new))
    proof = prove(partial(packer, cfg=PackerConfig(beat_bits=6, widest=4)), depth=8, mode="bmc")
    assert proof.result == "refuted"
    assert proof.failed
