"""Presets are the published systems that they are named after."""

from zeroskip.gen.designs import configure
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.presets import PRESETS

PUBLISHED = {
    # 2:4 with 2-bit indices, both values of a block at once
    "ampere-2of4": ("nm", {"n": 2, "m": 4, "n_fixed": True, "lanes": 2, "encoding": "index"}),
    "bit-balance": ("bitbalance", {"ones": 3}),
    "bit-cigma": ("csd", {}),
    # 16 elements together, shifters of two stages
    "bit-pragmatic": ("pragmatic", {"block_size": 16, "recode": "magnitude", "skew": 2}),
    "bitlet-64": ("bitlet", {"block_size": 64, "recode": "magnitude"}),
    "bitwave": ("bitcolumn", {"block_size": 8}),
    "edgebert": ("bitmask", {"schedule": "decoupled"}),
    "envision": ("gated", {}),
    # parts of 2:4, any number of 8 parts
    "highlight": ("hss", {"g": 8, "h": 8, "n": 2, "m": 4, "lanes": 2}),
    "nullhop": ("activation", {}),
    # up to 4 of 8, one multiplier
    "s2ta": ("nm", {"n": 4, "m": 8, "lanes": 1, "encoding": "bitmask"}),
    "sibia": ("bitslice", {"serial": "sparser"}),
    # up to 8 of 8: dense too
    "sta": ("nm", {"n": 8, "m": 8, "encoding": "bitmask"}),
    "stripes": ("bitserial", {"block_size": 16, "trim": True}),
}


def test_presets_have_the_parameters_of_their_systems() -> None:
    assert {name: (preset.design, preset.params) for name, preset in PRESETS.items()} == PUBLISHED


def test_presets_configure() -> None:
    configured = {name: configure(name, rows=3) for name in PRESETS}
    wanted = {name: DESIGNS[design].config(rows=3, **params) for name, (design, params) in PUBLISHED.items()}
    assert configured == wanted


def test_what_designs_bring_along_is_that_of_their_systems() -> None:
    assert configure("nullhop").transposed
    assert configure("envision").gate
    assert not configure("sta").n_fixed and not configure("s2ta").n_fixed
