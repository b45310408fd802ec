"""What a core's manifest says of it beyond its ports."""

from dataclasses import asdict

from zeroskip.hw.config import Config
from zeroskip.hw.engines.image import image_description
from zeroskip.hw.engines.ports import Cause

__all__ = ["core_description"]


def core_description(cfg: Config) -> dict[str, object]:
    """Sections of the manifest: ``design``, ``config``, ``derived``, ``timing``, ``image`` and ``causes``.

    A component with a property ``description`` that gives sections has them in its manifest and C header;
    any values that JSON has.
    """
    raised = cfg.engine.causes(cfg)
    return {
        "design": cfg.design,
        "config": asdict(cfg),
        "derived": {
            "multipliers": cfg.multipliers,
            "peak_macs": cfg.peak_macs,
            "block": cfg.block,
            "b_bandwidth": cfg.chunk,
            "acc_bits": cfg.acc_bits,
            "acc_signed": cfg.acc_signed,
        },
        "timing": {
            "P": {"formula": cfg.latency_formula, "cycles": cfg.latency},
            "first_result_row": {
                "formula": "issue of the tile's final beat + P + 1 (+ frozen cycles)",
                "cycles": cfg.latency + 1,
            },
            "tile_beats": cfg.tile_beats + (", or k where the header has dense" if cfg.fallback else ""),
            "window": {"formula": "block / b_bandwidth cycles per window", "cycles": cfg.chunks},
        },
        "image": image_description(cfg),
        "causes": {cause.name: cause.value for cause in Cause if str(cause.name).lower() in raised},
    }
