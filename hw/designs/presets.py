"""Published systems: a design with their parameters each."""

from zeroskip.hw.design import Preset

__all__ = ["PRESETS"]

PRESETS: dict[str, Preset] = {
    "ampere-2of4": Preset(
        "nm",
        {"n": 2, "m": 4, "n_fixed": True, "lanes": 2, "encoding": "index"},
        "2:4 with indices, both values of a block in one cycle (NVIDIA A100 whitepaper, 2020)",
    ),
    "bit-balance": Preset(
        "bitbalance",
        {"ones": 3},
        "3 signed digits per weight (Sun et al., IEEE TC 2024)",
    ),
    "bit-cigma": Preset(
        "csd",
        {},
        "BSAA: canonical signed digits, packed in pairs of exponents (IEEE TC 2025)",
    ),
    "bit-pragmatic": Preset(
        "pragmatic",
        {"block_size": 16, "recode": "magnitude", "skew": 2},
        "nonzero bits of 16 elements at once, 2-stage shifters (Albericio et al., MICRO 2017)",
    ),
    "bitlet-64": Preset(
        "bitlet",
        {"block_size": 64, "recode": "magnitude"},
        "bits of 64 weights interleaved (Lu et al., MICRO 2021)",
    ),
    "bitwave": Preset(
        "bitcolumn",
        {"block_size": 8},
        "zero planes of 8 sign-magnitude weights skipped (Shi et al., HPCA 2024)",
    ),
    "edgebert": Preset(
        "bitmask",
        {"schedule": "decoupled"},
        "bitmask, rows decoupled, in the manner of EdgeBERT (Tambe et al., MICRO 2021)",
    ),
    "envision": Preset(
        "gated",
        {},
        "zero guarding: a zero holds its multiplier, cycles stay (Moons et al., ISSCC 2017)",
    ),
    "highlight": Preset(
        "hss",
        {"g": 8, "h": 8, "n": 2, "m": 4, "lanes": 2},
        "2:4 in each part, up to 8 of 8 parts (HighLight, Wu et al., MICRO 2023; its weights only)",
    ),
    "nullhop": Preset(
        "activation",
        {},
        "zeros of activations skipped as they arrive, as NullHop does (Aimar et al., TNNLS 2019)",
    ),
    "s2ta": Preset(
        "nm",
        {"n": 4, "m": 8, "lanes": 1, "encoding": "bitmask"},
        "up to 4 of 8, one value per cycle; S2TA's weight side (Liu et al., HPCA 2022)",
    ),
    "sibia": Preset(
        "bitslice",
        {"serial": "sparser"},
        "signed 4-bit slices, zero slices of the sparser operand skipped (Im et al., HPCA 2023)",
    ),
    "sta": Preset(
        "nm",
        {"n": 8, "m": 8, "encoding": "bitmask"},
        "any N of 8 per tile, with a bitmask; also dense (DMME of Fang et al., TVLSI 2022)",
    ),
    "stripes": Preset(
        "bitserial",
        {"block_size": 16, "trim": True},
        "bit-serial, 16 elements at once, only the bits that values need (Judd et al., MICRO 2016)",
    ),
}
