"""A step, the same from the parser to the PE: where it is, its values, and how it stands in the tile."""

from amaranth.hdl import Shape
from amaranth.lib import data

from zeroskip.hw.engines.free.config import FreeConfig

__all__ = ["PARSE_CAUSES", "block_range", "issue_layout", "parsed_layout", "step_layout"]

PARSE_CAUSES = ("index_range", "index_order", "group_count", "row_index", "digit_range")


def block_range(cfg: FreeConfig) -> range:
    """Numbers of blocks of a tile."""
    return range(max(2, cfg.blocks(cfg.k_max)))


def _fields(cfg: FreeConfig) -> dict[str, object]:
    """What a step is, all the way.

    Its ``block`` of the tile, its ``position`` there; ``values``, one a row of the group, and the rows that
    have one (``pair``); ``final``: it is the tile's last; ``marks`` of the configuration, where it has some.
    """
    value = Shape(cfg.value_width, cfg.value_signed)
    return {
        "block": block_range(cfg),
        "position": cfg.position_bits,
        "values": data.ArrayLayout(value, cfg.group),
        "pair": cfg.group,
        "final": 1,
        **{mark: 1 for mark in cfg.marks},
    }


def parsed_layout(cfg: FreeConfig) -> data.StructLayout:
    """A step as a parser tells it.

    ``stop`` is the tile's last step too, but the rest of the string is not as it should be. ``stay`` is a
    step without a pair in the block of the step before.
    """
    return data.StructLayout({**_fields(cfg), "stop": 1, "stay": 1, **{cause: 1 for cause in PARSE_CAUSES}})


def step_layout(cfg: FreeConfig) -> data.StructLayout:
    """A step on its way to the issue register, of a tile that has ``blocks`` and is kept or not (``keep``).

    Its ``values`` are 0 without a pair.
    """
    return data.StructLayout({**_fields(cfg), "blocks": range(cfg.blocks(cfg.k_max) + 1), "keep": 1})


def issue_layout(cfg: FreeConfig) -> data.StructLayout:
    """A step as a group issues it: ``take``, now; ``ends``, it is the tile's last; the window in ``slot``."""
    step = _fields(cfg)
    return data.StructLayout(
        {
            "take": 1,
            "pair": step["pair"],
            "ends": 1,
            "values": step["values"],
            "position": step["position"],
            "slot": (cfg.ring - 1).bit_length(),
            **{mark: 1 for mark in cfg.marks},
        }
    )
