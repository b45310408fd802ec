"""Which operand of a product the array takes as which, where that is not as they stand in it."""

from dataclasses import replace
from typing import Any

from zeroskip.hw.config import Config
from zeroskip.sw.arrays import Matrix
from zeroskip.sw.codecs import codec_of

__all__ = ["operand_formats", "serial_operand"]


def serial_operand(cfg: Any, a: Matrix, b: Matrix) -> Any:
    """``cfg`` with its ``serial`` decided for a product ``a @ b``, where it is to be found at run time."""
    if getattr(cfg, "serial", "a") != "sparser":
        return cfg
    codec = codec_of(cfg)
    return replace(cfg, serial="a" if codec.density(cfg, a) <= codec.density(cfg, b) else "b")


def operand_formats(cfg: Config) -> tuple[tuple[int, bool], tuple[int, bool]]:
    """(width, signed) of a product's `a` and of its `b`: the array's, the other way round if transposed."""
    a, b = (cfg.a_width, cfg.a_signed), (cfg.b_width, cfg.b_signed)
    return (b, a) if cfg.transposed else (a, b)
