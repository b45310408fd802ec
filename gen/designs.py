"""The designs and presets that exist, and how a user's words become a configuration.

A new design is one entry in ``DESIGNS``; a published system is one entry in ``PRESETS``.
"""

import difflib
import tomllib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from math import log2
from pathlib import Path

from zeroskip.hw.bit_config import BitColumnConfig, BitConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.config import ArrayConfig, DenseConfig, NMConfig
from zeroskip.hw.digit_config import BitBalanceConfig, BitSliceConfig, CSDConfig, PragmaticConfig
from zeroskip.hw.format_config import (
    ActivationConfig,
    BitmaskConfig,
    BSRConfig,
    COOConfig,
    CSCConfig,
    CSRConfig,
    ELLConfig,
    PlainConfig,
    RLCConfig,
)

__all__ = [
    "DESIGNS",
    "PRESETS",
    "Design",
    "Preset",
    "configure",
    "configure_words",
    "paired_dense",
    "paired_serial",
    "parameters",
]


@dataclass(frozen=True)
class Design:
    """A design by name: its configuration class, what sets it apart, and one line about it."""

    config: type[ArrayConfig]
    summary: str
    fixed: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Preset:
    """A named choice of parameters of one design, with where it comes from."""

    design: str
    params: Mapping[str, object]
    summary: str


def _bit_level(config: type[BitConfig], summary: str) -> Design:
    return Design(
        config, f"bit-level: {summary}", {"fallback": False, "share": False, "lanes": 1, "overflow": "wrap"}
    )


DESIGNS: dict[str, Design] = {
    "dense": Design(DenseConfig, "output-stationary array, every element costs a multiplier-cycle"),
    "gated": Design(
        DenseConfig,
        "dense, but a zero operand holds its multiplier still: the same cycles, less switching",
        {"gate_zeros": True},
    ),
    "nm": Design(NMConfig, "N:M MUX datapath: at most N of each M stored, and only those cost cycles"),
    "plain": Design(PlainConfig, "unstructured, but every element stored and costs cycles; rows run free"),
    "activation": Design(
        ActivationConfig, "unstructured: zeros of the dense operand b are found online and skipped"
    ),
    "bitmask": Design(
        BitmaskConfig, "unstructured: a mask per block and row, rows run free, only nonzeros cost cycles"
    ),
    "csr": Design(CSRConfig, "unstructured: each row's nonzeros, each with its column"),
    "csc": Design(CSCConfig, "unstructured: a few rows at a time, only columns with nonzeros cost cycles"),
    "coo": Design(COOConfig, "unstructured: each row's nonzeros, each with its column and row"),
    "rlc": Design(RLCConfig, "unstructured: each row's nonzeros, each with the zeros before it counted"),
    "ell": Design(ELLConfig, "unstructured: as csr, but rows filled up to the longest of the tile"),
    "bsr": Design(
        BSRConfig, "unstructured: a few rows at a time, only dense blocks with nonzeros cost cycles"
    ),
    "bitserial": _bit_level(
        BitSerialConfig, "bits of a in sequence, every one of them: the bit-level baseline"
    ),
    "bitcolumn": _bit_level(BitColumnConfig, "only planes of a group's magnitudes with ones cost cycles"),
    "pragmatic": _bit_level(PragmaticConfig, "digits found online, each element's own in each cycle"),
    "csd": _bit_level(CSDConfig, "canonical signed digits, stored packed, only they cost cycles"),
    "bitlet": _bit_level(BitletConfig, "every plane takes its next one in each cycle"),
    "bitbalance": _bit_level(BitBalanceConfig, "a fixed number of digits for every value"),
    "bitslice": _bit_level(BitSliceConfig, "signed slices of radix 16, only those not 0 cost cycles"),
}

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


def parameters(design: str) -> dict[str, tuple[str, object]]:
    """Parameters of a design: name to (type in words, default)."""
    entry = DESIGNS[design]
    hints = typing.get_type_hints(entry.config)
    return {
        f.name: (_words(hints[f.name]), f.default) for f in fields(entry.config) if f.name not in entry.fixed
    }


def configure(spec: str | Path, /, **params: object) -> ArrayConfig:
    """The configuration that a design, a preset or a TOML file means, with parameters set by name.

    ``configure("nm", rows=8)``. A TOML file has ``design = "name"`` (or ``preset``) and parameters beside
    it. Raises ``ValueError`` or ``TypeError`` with one sentence for what is unknown or out of range.
    """
    if not isinstance(spec, str | Path):
        raise TypeError(f"spec must be a design, a preset or a .toml file by name, not {spec!r}")
    name, said = _named(str(spec))
    entry, known = DESIGNS[name], parameters(name)
    params = said | params
    for key in params:
        if key not in known:
            raise ValueError(f"{name} has no parameter {key!r}{_guess(key, known)}")
    return entry.config(**{**params, **entry.fixed})  # type: ignore[arg-type]


def configure_words(spec: str, words: Sequence[str], **defaults: object) -> ArrayConfig:
    """``configure`` with the words of a command line's ``-p``, ``key=value`` each, read as the key's type.

    ``defaults`` are weaker than anything the user said, and count for designs that have such parameters.
    """
    name, said = _named(spec)
    known, hints = parameters(name), typing.get_type_hints(DESIGNS[name].config)
    params = {key: value for key, value in defaults.items() if key in known and key not in said}
    for word in words:
        key, equals, text = word.partition("=")
        if not equals:
            raise ValueError(f"-p must be key=value, for example -p rows=16, not {word!r}")
        params[key] = _parse(key, text, hints[key]) if key in known else text
    return configure(spec, **params)


def paired_dense(cfg: ArrayConfig) -> DenseConfig:
    """The dense design with the same multipliers, widths, accumulator and pipeline as ``cfg``.

    That of a bit-level design has the lanes of its peak throughput, 1 at least and 32 at most.
    """
    shared = {f.name: getattr(cfg, f.name) for f in fields(ArrayConfig)}
    if isinstance(cfg, BitConfig):
        shared["lanes"] = min(32, max(1, cfg.block_size // cfg.serial_steps))
    return replace(DenseConfig(**{**shared, "b_bandwidth": None, "probe": False}))


def paired_serial(cfg: BitConfig) -> BitSerialConfig:
    """The bit-serial design with the peak throughput, widths, schedule and pipeline of ``cfg``.

    As near as its ``block_size``, a power of two from 4 to 64 that a resident ring has room for, can come.
    """
    shared = {f.name: getattr(cfg, f.name) for f in fields(BitConfig)}
    elements = cfg.block_size * cfg.a_width / cfg.serial_steps
    if elements != cfg.block_size:
        least = max(4, min(64, -(-2 * cfg.k_max // 1024)))
        size = 1 << max((least - 1).bit_length(), min(6, round(log2(elements))))
        shared |= {"block_size": size, "depth": None, "b_bandwidth": min(cfg.chunk, size)}
    return BitSerialConfig(**{**shared, "beat_bits": None, "probe": False})


def _named(spec: str) -> tuple[str, dict[str, object]]:
    """Design name and parameters of a design name, preset name or TOML path."""
    if spec in DESIGNS:
        return spec, {}
    if spec in PRESETS:
        return PRESETS[spec].design, dict(PRESETS[spec].params)
    if not spec.endswith(".toml"):
        raise ValueError(
            f"there is no design or preset {spec!r}{_guess(spec, [*DESIGNS, *PRESETS])}; "
            f"a configuration file must end in .toml"
        )
    try:
        table = tomllib.loads(Path(spec).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{spec} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{spec} is not valid TOML: {error}") from None
    named = [key for key in ("design", "preset") if key in table]
    if len(named) != 1:
        raise ValueError(f'{spec} must name one design = "..." or one preset = "..."')
    inner = table.pop(named[0])
    if not isinstance(inner, str) or inner.endswith(".toml"):
        raise ValueError(f"{spec}: {named[0]} must be the name of a design or preset, not {inner!r}")
    name, params = _named(inner)
    return name, {**params, **table}


def _parse(key: str, text: str, hint: object) -> object:
    """``text`` as the parameter's type."""
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    if type(None) in options and text.lower() == "none":
        return None
    if bool in options:
        if text.lower() in ("true", "yes", "1", "on"):
            return True
        if text.lower() in ("false", "no", "0", "off"):
            return False
        raise ValueError(f"{key} must be true or false, not {text!r}")
    if int in options:
        try:
            return int(text, 0)
        except ValueError:
            raise ValueError(f"{key} must be {_words(hint)}, not {text!r}") from None
    return text


def _words(hint: object) -> str:
    """A parameter's type as a user would say it."""
    if isinstance(hint, types.UnionType):
        return " or ".join(_words(option) for option in typing.get_args(hint))
    if typing.get_origin(hint) is typing.Literal:
        return " or ".join(typing.get_args(hint))
    return {int: "an integer", bool: "true or false", type(None): "none"}.get(hint, str(hint))  # type: ignore[call-overload,no-any-return]


def _guess(word: str, known: typing.Iterable[str]) -> str:
    """The likely meant name, or all of them."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else f" (it has {', '.join(known)})"
