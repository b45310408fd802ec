"""The unstructured configurations that tests go through."""

from zeroskip.hw.bit_config import BitColumnConfig, BitConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.config import ArrayConfig
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
from zeroskip.hw.sparse_config import SparseConfig

__all__ = ["bit_configs", "sparse_configs"]


def sparse_configs() -> list[ArrayConfig]:
    """Small unstructured designs that between them take every parameter through its values; all probed.

    Every storage format is there, and every schedule, with work shared too; beats are as wide as they are
    if nothing is said, as the widest step, and odd.
    """
    given: list[tuple[type[SparseConfig], dict[str, object]]] = [
        (PlainConfig, {"rows": 1, "cols": 1, "k_max": 1, "block_size": 4, "a_width": 2, "beat_bits": 2}),
        (
            PlainConfig,
            {
                **{"rows": 3, "cols": 4, "k_max": 50, "block_size": 4, "schedule": "lockstep", "stages": 1},
                **{"a_signed": False, "beat_bits": 37, "fallback": True},
            },
        ),
        (
            ActivationConfig,
            {
                **{"rows": 5, "cols": 2, "k_max": 60, "block_size": 16, "schedule": "decoupled", "stages": 3},
                **{"a_width": 5, "scan": 1},
            },
        ),
        (
            ActivationConfig,
            {"rows": 4, "cols": 3, "k_max": 45, "block_size": 8, "a_width": 4, "beat_bits": 37},
        ),
        (BitmaskConfig, {"rows": 4, "cols": 3, "k_max": 40, "block_size": 8, "schedule": "lockstep"}),
        (
            BitmaskConfig,
            {
                **{"rows": 2, "cols": 2, "k_max": 130, "block_size": 64, "schedule": "decoupled", "depth": 2},
                **{"b_bandwidth": 64, "b_signed": False, "beat_bits": 75, "fallback": True},
            },
        ),
        (
            BitmaskConfig,
            {
                **{"rows": 3, "cols": 1, "k_max": 90, "block_size": 4, "schedule": "decoupled", "depth": 8},
                **{"levels": 2, "b_width": 5, "stages": 1, "beat_bits": 20},
            },
        ),
        (
            BitmaskConfig,
            {
                **{"rows": 4, "cols": 4, "k_max": 71, "block_size": 4, "depth": 32, "b_bandwidth": 1},
                **{"levels": 2, "a_width": 4, "b_width": 4, "acc_width": 8, "fallback": True, "stages": 3},
            },
        ),
        (
            CSRConfig,
            {
                **{"rows": 4, "cols": 2, "k_max": 40, "block_size": 8, "schedule": "decoupled", "depth": 2},
                **{"b_bandwidth": 2, "index_bits": 12, "beat_bits": 40},
            },
        ),
        (CSRConfig, {"rows": 2, "cols": 3, "k_max": 96, "block_size": 32, "a_width": 16, "fallback": True}),
        (
            COOConfig,
            {
                **{"rows": 5, "cols": 3, "k_max": 31, "block_size": 8, "depth": 4, "b_bandwidth": 8},
                **{"a_width": 3, "acc_width": 11, "overflow": "saturate", "beat_bits": 37},
                **{"a_signed": False, "b_signed": False},
            },
        ),
        (
            ELLConfig,
            {
                **{"rows": 4, "cols": 1, "k_max": 50, "block_size": 8, "schedule": "lockstep", "depth": 4},
                **{"index_bits": 7, "beat_bits": 30, "fallback": True},
            },
        ),
        (
            RLCConfig,
            {
                **{"rows": 3, "cols": 2, "k_max": 90, "block_size": 16, "stages": 1, "b_bandwidth": 16},
                **{"run_bits": 5, "b_width": 2, "beat_bits": 13, "fallback": True},
            },
        ),
        (
            RLCConfig,
            {"rows": 2, "cols": 3, "k_max": 33, "block_size": 4, "run_bits": 1, "schedule": "lockstep"},
        ),
        (
            CSCConfig,
            {
                **{"rows": 3, "cols": 2, "k_max": 40, "block_size": 8, "schedule": "decoupled", "stages": 3},
                **{"block_rows": 3, "index_bits": 9, "beat_bits": 55, "fallback": True},
            },
        ),
        (CSCConfig, {"rows": 2, "cols": 3, "k_max": 50, "block_size": 8, "block_rows": 1, "a_width": 4}),
        (
            BSRConfig,
            {
                **{"rows": 4, "cols": 2, "k_max": 45, "block_size": 8, "a_width": 4, "beat_bits": 59},
                **{"block_rows": 4, "fallback": True},
            },
        ),
        (
            BSRConfig,
            {
                **{"rows": 4, "cols": 2, "k_max": 60, "block_size": 16, "schedule": "decoupled"},
                **{"block_rows": 2, "block_cols": 1, "a_width": 2, "index_bits": 8, "beat_bits": 24},
            },
        ),
        (
            BSRConfig,
            {
                **{"rows": 3, "cols": 4, "k_max": 61, "block_size": 8, "schedule": "lockstep", "stages": 1},
                **{"block_rows": 1, "block_cols": 8, "a_width": 3},
            },
        ),
    ]
    shared: dict[str, object] = {"k_max": 60, "block_size": 8, "share": True}
    given += [
        (BitmaskConfig, {"rows": 4, "cols": 2, "fallback": True, **shared}),
        (CSRConfig, {"rows": 2, "cols": 3, "schedule": "decoupled", "stages": 1, "beat_bits": 59, **shared}),
        (CSCConfig, {"rows": 4, "cols": 1, "schedule": "lockstep", "stages": 3, "block_rows": 2, **shared}),
    ]
    return [design(probe=True, **parameters) for design, parameters in given]  # type: ignore[arg-type]


def bit_configs() -> list[ArrayConfig]:
    """Small bit-level designs that between them take every parameter through its values; all probed.

    Widths are from 2 to 16, beats as wide as they are if nothing is said, as the widest step, and odd.
    """
    given: list[tuple[type[BitConfig], dict[str, object]]] = [
        (BitSerialConfig, {"rows": 1, "cols": 1, "k_max": 1, "block_size": 4, "a_width": 2, "beat_bits": 8}),
        (
            BitSerialConfig,
            {
                **{"rows": 3, "cols": 4, "k_max": 50, "block_size": 8, "schedule": "lockstep", "stages": 1},
                **{"a_width": 16, "a_signed": False, "beat_bits": 37, "trim": True},
            },
        ),
        (
            BitSerialConfig,
            {
                **{"rows": 4, "cols": 2, "k_max": 45, "block_size": 16, "schedule": "decoupled"},
                **{"a_width": 5, "b_signed": False, "b_bandwidth": 2, "select": "mux", "trim": True},
            },
        ),
        (
            BitColumnConfig,
            {
                **{"rows": 4, "cols": 3, "k_max": 40, "block_size": 8, "schedule": "lockstep"},
                **{"b_bandwidth": 4, "beat_bits": 25},
            },
        ),
        (
            BitColumnConfig,
            {
                **{"rows": 2, "cols": 2, "k_max": 60, "block_size": 16, "stages": 3, "b_bandwidth": 1},
                **{"a_width": 13, "a_signed": False, "b_signed": False, "beat_bits": 47},
            },
        ),
        (
            BitColumnConfig,
            {
                **{"rows": 3, "cols": 1, "k_max": 24, "block_size": 4, "schedule": "decoupled", "stages": 1},
                **{"a_width": 16, "b_width": 16, "depth": 2},
            },
        ),
        (
            PragmaticConfig,
            {
                **{"rows": 3, "cols": 2, "k_max": 40, "block_size": 8, "schedule": "decoupled", "depth": 8},
                **{"a_width": 6, "recode": "twos", "skew": 0, "select": "ram"},
            },
        ),
        (
            PragmaticConfig,
            {
                **{"rows": 2, "cols": 3, "k_max": 33, "block_size": 4, "stages": 3, "b_bandwidth": 2},
                **{"a_width": 16, "a_signed": False, "recode": "naf", "skew": 2, "beat_bits": 71},
            },
        ),
        (
            PragmaticConfig,
            {
                **{"rows": 4, "cols": 1, "k_max": 90, "block_size": 32, "schedule": "lockstep"},
                **{"a_width": 3, "skew": 1, "beat_bits": 96},
            },
        ),
        (
            PragmaticConfig,
            {
                **{"rows": 1, "cols": 3, "k_max": 50, "block_size": 16, "schedule": "decoupled"},
                **{"a_width": 11, "recode": "naf", "skew": 3, "b_width": 5, "b_signed": False},
            },
        ),
        (
            PragmaticConfig,
            {"rows": 2, "cols": 2, "k_max": 40, "block_size": 8, "stages": 1, "depth": 32, "a_width": 16},
        ),
        (
            CSDConfig,
            {
                **{"rows": 3, "cols": 2, "k_max": 50, "block_size": 8, "schedule": "decoupled"},
                **{"a_width": 7, "beat_bits": 48},
            },
        ),
        (
            CSDConfig,
            {
                **{"rows": 2, "cols": 2, "k_max": 24, "block_size": 4, "schedule": "lockstep", "stages": 3},
                **{"a_width": 16, "a_signed": False, "b_width": 2, "b_bandwidth": 1, "beat_bits": 53},
            },
        ),
        (
            CSDConfig,
            {"rows": 2, "cols": 3, "k_max": 40, "block_size": 16, "a_width": 5, "b_bandwidth": 8},
        ),
        (BitletConfig, {"rows": 2, "cols": 2, "k_max": 130, "b_bandwidth": 16}),
        (
            BitletConfig,
            {
                **{"rows": 5, "cols": 1, "k_max": 30, "block_size": 4, "schedule": "lockstep", "stages": 1},
                **{"a_width": 2, "a_signed": False, "recode": "twos", "beat_bits": 11},
            },
        ),
        (
            BitletConfig,
            {
                **{"rows": 2, "cols": 3, "k_max": 40, "block_size": 8, "schedule": "decoupled", "stages": 3},
                **{"a_width": 11, "recode": "twos", "select": "mux"},
            },
        ),
        (BitBalanceConfig, {"rows": 3, "cols": 2, "k_max": 60, "block_size": 16, "b_bandwidth": 4}),
        (
            BitBalanceConfig,
            {
                **{"rows": 2, "cols": 2, "k_max": 30, "block_size": 4, "schedule": "lockstep", "stages": 1},
                **{"a_width": 16, "a_signed": False, "b_signed": False, "ones": 9, "beat_bits": 24},
            },
        ),
        (
            BitBalanceConfig,
            {
                **{"rows": 4, "cols": 1, "k_max": 40, "block_size": 8, "schedule": "decoupled", "stages": 3},
                **{"a_width": 4, "ones": 1, "beat_bits": 41},
            },
        ),
        (BitSliceConfig, {"rows": 2, "cols": 2, "k_max": 60, "a_width": 16, "b_width": 16}),
        (
            BitSliceConfig,
            {
                **{"rows": 3, "cols": 4, "k_max": 20, "block_size": 4, "schedule": "lockstep", "stages": 1},
                **{"a_width": 2, "b_width": 3, "beat_bits": 9},
            },
        ),
        (
            BitSliceConfig,
            {
                **{"rows": 3, "cols": 1, "k_max": 140, "block_size": 64, "schedule": "decoupled"},
                **{"stages": 3, "b_bandwidth": 64, "b_width": 6, "beat_bits": 137},
            },
        ),
    ]
    return [design(probe=True, **parameters) for design, parameters in given]  # type: ignore[arg-type]
