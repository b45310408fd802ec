"""How a user's words become a configuration, and the designs that it is compared with."""

import difflib
import json
import tomllib
import types
import typing
from collections.abc import Sequence
from dataclasses import fields
from math import log2
from pathlib import Path

from zeroskip.hw.config import Config, check_config
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.presets import PRESETS

__all__ = ["configure", "configure_words", "manifest_name", "paired_dense", "paired_serial", "parameters"]


def parameters(design: str) -> dict[str, tuple[str, object]]:
    """Parameters of a design: name to (type in words, default)."""
    entry = DESIGNS[design]
    hints = typing.get_type_hints(entry.config)
    return {f.name: (_words(hints[f.name]), f.default) for f in fields(entry.config)}


def configure(spec: str | Path, /, **params: object) -> Config:
    """The configuration that a design, a preset or a file means, with parameters set by name.

    ``configure("nm", rows=8)``. A TOML file has ``design = "name"`` (or ``preset``) and parameters beside
    it; a manifest, as any ``.json`` file, has ``design`` and ``config``. Raises ``ValueError`` or
    ``TypeError`` with one sentence for what is unknown or out of range.
    """
    if not isinstance(spec, str | Path):
        raise TypeError(
            f"spec must be a design, a preset, a .toml file or a manifest (.json) by name, not {spec!r}"
        )
    name, said = _named(str(spec))
    known, params = parameters(name), said | params
    for key in params:
        if key not in known:
            raise ValueError(f"{name} has no parameter {key!r}{_guess(key, known)}")
    return DESIGNS[name].config(**params)  # type: ignore[arg-type]


def configure_words(spec: str, words: Sequence[str], **defaults: object) -> Config:
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
        if "=" in text:
            raise ValueError(f"-p must be one key=value, each with its own -p, not {word!r}")
        params[key] = _parse(key, text, hints[key]) if key in known else text
    return configure(spec, **params)


def manifest_name(spec: str) -> str | None:
    """The name of the top module in a manifest; None where ``spec`` is none, or one that has no name."""
    if Path(spec).suffix != ".json":
        return None
    name = json.loads(Path(spec).read_text(encoding="utf-8")).get("name")
    return name if isinstance(name, str) else None


def paired_dense(cfg: Config) -> DenseConfig:
    """The dense design with the same multipliers, widths, accumulator and pipeline as ``cfg``.

    That of a bit-level design has the lanes of its peak throughput, 1 at least and 32 at most.
    """
    check_config(cfg)
    shared = {f.name: getattr(cfg, f.name) for f in fields(DenseConfig) if hasattr(cfg, f.name)}
    return DenseConfig(**{**shared, "lanes": cfg.paired_lanes, "b_bandwidth": None, "probe": False})


def paired_serial(cfg: Config) -> BitSerialConfig | None:
    """The bit-serial design with the peak throughput, widths, schedule and pipeline of ``cfg``.

    None for a design that is not bit-level.
    As near as its ``block_size``, a power of two from 4 to 64 that a resident ring has room for, can come.
    """
    if not isinstance(cfg, DigitsConfig):
        return None
    shared = {f.name: getattr(cfg, f.name) for f in fields(DigitsConfig)}
    elements = cfg.block_size * cfg.a_width / cfg.serial_steps
    if elements != cfg.block_size:
        least = max(4, min(64, -(-2 * cfg.k_max // 1024)))
        size = 1 << max((least - 1).bit_length(), min(6, round(log2(elements))))
        shared |= {"block_size": size, "depth": None, "select": "auto", "b_bandwidth": min(cfg.chunk, size)}
    return BitSerialConfig(**{**shared, "beat_bits": None, "probe": False})


def _named(spec: str) -> tuple[str, dict[str, object]]:
    """Design name and parameters of a design name, preset name or path."""
    if spec in DESIGNS:
        return spec, {}
    if spec in PRESETS:
        return PRESETS[spec].design, dict(PRESETS[spec].params)
    read = {".toml": _toml, ".json": _manifest}.get(Path(spec).suffix)
    if read is None:
        known = [*DESIGNS, *PRESETS, "a file that ends in .toml", "a manifest that ends in .json"]
        raise ValueError(f"there is no design or preset {spec!r}{_guess(spec, known)}")
    try:
        return read(spec, Path(spec).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{spec} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{spec} must be text: {error}") from None


def _toml(spec: str, text: str) -> tuple[str, dict[str, object]]:
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"{spec} is not valid TOML: {error}") from None
    named = [key for key in ("design", "preset") if key in table]
    if len(named) != 1:
        raise ValueError(f'{spec} must name one design = "..." or one preset = "..."')
    inner = table.pop(named[0])
    if not isinstance(inner, str) or inner.endswith((".toml", ".json")):
        raise ValueError(f"{spec}: {named[0]} must be the name of a design or preset, not {inner!r}")
    name, params = _named(inner)
    return name, {**params, **table}


def _manifest(spec: str, text: str) -> tuple[str, dict[str, object]]:
    try:
        described = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"{spec} is not valid JSON: {error}") from None
    found = described if isinstance(described, dict) else {}
    design, params = found.get("design"), found.get("config")
    if not isinstance(design, str) or not isinstance(params, dict):
        raise ValueError(f'{spec} must be a manifest, with a "design" and its "config"')
    if design not in DESIGNS:
        raise ValueError(f"{spec}: design must be the name of a design, not {design!r}")
    return design, params


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
            if not text.isascii() or "_" in text:
                raise ValueError
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
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.5)  # 0.5: two letters swapped
    return f", did you mean {folded[close[0]]!r}?" if close else f" (it has {', '.join(folded.values())})"
