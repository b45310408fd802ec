"""Published systems: a design with their parameters each."""

from zeroskip.hw.design import Preset

__all__ = ["PRESETS"]

PRESETS: dict[str, Preset] = {
    "ampere-2of4": Preset(
        "nm",
        {"n": 2, "m": 4, "n_fixed": True, "lanes": 2, "encoding": "index"},
        "2:4 with 2-bit indices, both values of a group at once (NVIDIA A100 whitepaper, 2020)",
    ),
    "bit-balance": Preset(
        "bitbalance",
        {"ones": 3},
        "3 digits a weight, each with its sign and exponent (Sun et al., IEEE TC 2024)",
    ),
    "bit-cigma": Preset(
        "csd",
        {},
        "BSAA: canonical signed digits, packed in pairs (IEEE TC 2025)",
    ),
    "bit-pragmatic": Preset(
        "pragmatic",
        {"block_size": 16, "recode": "magnitude", "skew": 2},
        "16 lanes of essential bits, 2-stage shifters (Albericio et al., MICRO 2017)",
    ),
    "bitlet-64": Preset(
        "bitlet",
        {"block_size": 64, "recode": "magnitude"},
        "bits of 64 weights interleaved (Lu et al., MICRO 2021)",
    ),
    "bitwave": Preset(
        "bitcolumn",
        {"block_size": 8},
        "sign-magnitude planes of 8 weights, zero planes skipped (Shi et al., HPCA 2024)",
    ),
    "edgebert": Preset(
        "bitmask",
        {"schedule": "decoupled"},
        "bitmask decode and skip of one operand (in the manner of EdgeBERT, Tambe et al., MICRO 2021)",
    ),
    "envision": Preset(
        "gated",
        {},
        "zero guarding: a zero holds its multiplier, cycles unchanged (Moons et al., ISSCC 2017)",
    ),
    "nullhop": Preset(
        "activation",
        {},
        "sparse activation map, its nonzeros broadcast to all MACs (Aimar et al., TNNLS 2019)",
    ),
    "s2ta": Preset(
        "nm",
        {"n": 4, "m": 8, "lanes": 1, "encoding": "bitmask"},
        "density-bound blocks, time-unrolled, the weight side of it (Liu et al., HPCA 2022)",
    ),
    "sibia": Preset(
        "bitslice",
        {"serial": "sparser"},
        "signed slices of radix 16, zero slices skipped (Im et al., HPCA 2023)",
    ),
    "sta": Preset(
        "nm",
        {"n": 8, "m": 8, "encoding": "bitmask"},
        "bitmap N:M, any N of 8 per tile, and dense on one engine (the DMME of Fang et al., TVLSI 2022)",
    ),
    "stripes": Preset(
        "bitserial",
        {"block_size": 16, "trim": True},
        "16 lanes of bit-serial words, as many bits as the values need (Judd et al., MICRO 2016)",
    ),
}
