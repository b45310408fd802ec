"""The diagram of docs/axis.md."""

from collections.abc import Collection

import numpy as np
from drawing import BLUE, GREY, INK, ORANGE, PINK, Picture

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.sw.tiling import Tile
from zeroskip.verif.golden import golden
from zeroskip.verif.result import Stalls

__all__ = ["axis_timing"]

ROWS, K, WAITS = 2, 4, 9  # of the array; of a tile; the cycle in which the sink is not ready


def axis_timing() -> Picture:
    """Two tiles on a small dense array, and a sink that waits once: the golden model says when rows come."""
    cfg = DenseConfig(rows=ROWS, cols=ROWS, k_max=K)
    tile = Tile(np.ones((ROWS, K), np.int64), np.ones((K, ROWS), np.int64))
    ready = np.arange(40) != WAITS
    moves = golden(cfg, [tile, tile], Stalls(ready=ready)).out_cycles.tolist()
    cycles = moves[-1] + 2
    left, cell = 19.0, 4.0
    names: tuple[str, ...] = ("aclk", "s_axis_tile_tdata", "_tready", "s_axis_a_tdata", "_tready", "_tlast")
    names += ("m_axis_c_tdata", "_tvalid", "_tready", "_tlast")
    p = Picture(left + cell * cycles + 2, 6 + 3.6 * len(names) + 5)
    p.text(2, 2.2, "2 x 2 array, dense; two tiles of k = 4, each a packet", ha="left", size=11)
    ys = [5 + 3.6 * line for line in range(len(names))]
    for name, y in zip(names, ys, strict=True):
        p.text(left - 1.5, y + 1.2, name, ha="right", weight="bold", size=8.5)
    for cycle in range(cycles):
        x = left + cell * cycle
        p.text(x + cell / 2, ys[0] + 1.2, str(cycle), size=8, color=GREY)
        p.wire([(x, ys[1] - 0.6), (x, ys[-1] + 3)], "#E3E3E3", linewidth=0.6, zorder=0)

    def beat(line: int, first: int, last: int, text: str, colour: str) -> None:
        p.box(
            (left + cell * first + 0.15, ys[line], cell * (last - first + 1) - 0.3, 2.4), text, colour, size=8
        )

    def level(line: int, high: Collection[int]) -> None:
        points = []
        for cycle in range(cycles):
            y = ys[line] + (0.3 if cycle in high else 2.2)
            points += [(left + cell * cycle, y), (left + cell * (cycle + 1), y)]
        p.wire(points, INK)

    colours = (BLUE, ORANGE)
    issues = range(1, 1 + 2 * K)  # rule 3: the cycle after the header, and then one beat a cycle
    beat(1, 0, 0, "t0", BLUE)
    beat(1, 1, K, "t1", ORANGE)
    level(2, {0, K, *range(2 * K, cycles)})  # rule 1
    for number, cycle in enumerate(issues):
        beat(3, cycle if number else 0, cycle, f"a{number % K}", colours[number // K])
    level(4, issues)
    level(5, {K, 2 * K})
    offers = [range(move - (move == WAITS + 1), move + 1) for move in moves]  # the sink had a row wait
    for number, offer in enumerate(offers):
        beat(6, offer[0], offer[-1], f"r{number % ROWS}", PINK)
    level(7, {cycle for offer in offers for cycle in offer})
    level(8, {cycle for cycle in range(cycles) if ready[cycle]})
    level(9, {cycle for offer in offers[ROWS - 1 :: ROWS] for cycle in offer})
    p.text(
        2,
        ys[-1] + 5.6,
        "A header is one beat. s_axis_b moves with s_axis_a here. Where a beat is drawn its tvalid is 1.\n"
        "In cycle 9 the sink is not ready, and the row stays.",
        ha="left",
        size=9,
    )
    return p
