"""Draw the diagrams of the documentation into docs/img/.

    python docs/figures.py [folder [suffix]]

The same code gives the same bytes.
"""

import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PINK, Picture


def rooms() -> Picture:
    """The five rooms that every design is made of."""
    p = Picture(98, 27)
    columns = [
        ("DECODE", "from which format?", "dense\nN:M index, bitmask\nnine bit strings", BLUE),
        ("SCHEDULE", "who runs when?", "lockstep\ndecoupled\nresident windows", ORANGE),
        ("MULTIPLY", "which pairs meet?", "select by position\nor RAM a row\nzero gating", GREEN),
        ("ACCUMULATE", "where do sums land?", "adder tree\noutput stationary\ndrain", PINK),
        ("ENCODE", "into which format?", "dense rows\nbitmask\nrun lengths", BLUE),
    ]
    p.text(4.6, 6, "memory\nimage", color=GREY)
    p.arrow([(8, 6), (10.3, 6)])
    for i, (name, question, parts, colour) in enumerate(columns):
        x = 10.5 + 16 * i
        p.box((x, 3, 13, 6), name, colour, weight="bold", size=11)
        p.text(x + 6.5, 11, question, style="italic")
        p.text(x + 6.5, 13, parts, va="top", color=colour, linespacing=1.5)
        p.arrow([(x + 13, 6), (x + 15.8, 6)] if name != "ENCODE" else [(x + 13, 6), (x + 15, 6)])
    p.text(93.5, 6, "memory\nimage", color=GREY)
    p.wire([(25, 9.6), (25, 21.5)], GREY, linestyle="dotted")
    p.text(
        25,
        23.2,
        "the one interface: a position stream of (value, position in block) pairs;\n"
        "nothing to the right of this line knows how the data were stored",
        ha="left",
        color=GREY,
    )
    return p


def dense_array() -> Picture:
    """A 4 x 4 dense array."""
    p = Picture(78, 62)
    rows, left, top = 4, 30.0, 9.0
    xs = [left + 11 * c for c in range(4)]
    ys = [top + 9.5 * r for r in range(rows)]
    p.box((5, 2, 17, 5), "scheduler\nheader, issue, freeze", ORANGE)
    p.arrow([(1, 4.5), (5, 4.5)])
    p.text(2.7, 3.3, "i_tile", size=8)
    p.arrow([(22, 4.5), (26, 4.5)], ORANGE)
    p.text(26.6, 4.5, "control, to all PEs", ha="left", color=ORANGE)
    for r, y in enumerate(ys):
        p.register((9, y + 1.2, 13, 4), f"row decoder {r}", BLUE)
        p.wire([(22, y + 3.2), (xs[-1] - 1.2, y + 3.2)], BLUE, zorder=0)
        p.arrow([(5, y + 3.2), (8.9, y + 3.2)], BLUE)
        for c, x in enumerate(xs):
            p.arrow([(x - 1.2, y + 3.2), (x, y + 3.2)], BLUE)
            p.box((x, y, 7, 6.5), f"PE\n{r}, {c}", GREEN)
    p.wire([(5, ys[0] + 3.2), (5, ys[-1] + 3.2)], BLUE)
    p.wire([(1, 28.5), (5, 28.5)], BLUE)
    p.text(2.6, 27.3, "i_a", size=8)
    bottom = ys[-1] + 6.5
    for c, x in enumerate(xs):
        p.register((x - 1, bottom + 4, 8.5, 4.2), f"window {c}", BLUE)
        # the window's bus passes every PE of its column at the left, the drain chain at the right
        p.wire([(x - 2.6, ys[0] + 5.2), (x - 2.6, bottom + 6), (x - 1, bottom + 6)], BLUE)
        for y in ys:
            p.arrow([(x - 2.6, y + 5.2), (x, y + 5.2)], BLUE)
            p.arrow([(x + 5, y), (x + 5, y - 2.9 if y > top else y - 2)], PINK)
        p.arrow([(x + 3.2, bottom + 11.5), (x + 3.2, bottom + 8.3)], BLUE)
    p.wire([(xs[0] + 5, top - 2), (xs[-1] + 8, top - 2)], PINK)
    p.arrow([(xs[-1] + 8, top - 2), (xs[-1] + 11.5, top - 2)], PINK)
    p.text(xs[-1] + 9.7, top - 3.3, "o_c", size=8)
    p.box(
        (left - 1, bottom + 11.5, 41.5, 3.8),
        "window filler: takes the next window as this one computes",
        INK,
    )
    p.arrow([(left - 8, bottom + 13.4), (left - 1.1, bottom + 13.4)])
    p.text(left - 5, bottom + 12.2, "i_b", size=8)
    p.text(9, bottom + 4, "blue: operands, broadcast\nalong a row or a column", ha="left", color=BLUE, size=8)
    p.text(
        9,
        bottom + 7.6,
        "pink: results, row 0 first,\none row per accepted beat",
        ha="left",
        color=PINK,
        size=8,
    )
    return p


def sparse_array() -> Picture:
    """An unstructured design: one group drawn, the others behind it."""
    p = Picture(112, 55)
    for step in (2, 1, 0):
        p.box((12 + step, 11.5 - step, 77, 21.5), "", INK)
    p.text(38, 13.3, "group g: a row of the array; of csc and bsr, block_rows rows", ha="left", size=8.5)
    p.box((8, 2, 17, 5), "header queue\n8 entries", ORANGE)
    p.arrow([(2, 4.5), (8, 4.5)])
    p.text(4.5, 3.3, "i_tile", size=8)
    p.arrow([(25, 4.5), (36, 4.5), (36, 17)], ORANGE)
    p.text(
        37, 4.5, "k, keep, dense: groups and loader read the headers, each at its own pace", ha="left", size=8
    )
    p.arrow([(10, 7), (10, 44), (28, 44)], ORANGE)

    p.register((15, 17, 12, 6), "gearbox\ntwo beats", BLUE)
    p.box((31, 17, 11, 6), "parser", BLUE, weight="bold", size=11)
    p.register((46, 17, 11, 6), "place\na step", ORANGE)
    p.box((62, 17, 10, 6), "windows\nRAM or mux", GREEN, size=8.5)
    p.box((76, 17, 11, 6), "PEs\none position\nfor all of them", GREEN, size=8)
    p.register((79, 27, 8, 4), "drain", PINK)
    p.arrow([(4, 20), (15, 20)], BLUE)
    p.text(6.4, 18.8, "i_a<g>", size=8)
    p.arrow([(27, 20), (31, 20)], BLUE)
    p.text(29, 18.8, "bits", size=8)
    p.arrow([(42, 20), (46, 20)], BLUE)
    p.text(44, 18.8, "step", size=8)
    p.arrow([(57, 19), (62, 19)], ORANGE)
    p.text(59.5, 17.8, "position", size=8)
    p.arrow([(57, 21.5), (59, 21.5), (59, 26), (77.5, 26), (77.5, 23)], ORANGE)
    p.text(72.5, 27.2, "values of a", size=8)
    p.arrow([(72, 20), (76, 20)], GREEN)
    p.text(74, 18.8, "b", size=8)
    p.arrow([(83, 23), (83, 27)], PINK)
    p.text(83.6, 24.6, "sums", ha="left", size=8)
    p.text(
        36.5,
        27.6,
        "where the nine designs differ:\nbitmask  csr  csc  coo  rlc\nell  bsr  activation  plain",
        size=8,
        color=BLUE,
    )
    p.box((94, 17, 12, 6), "collector\none row a cycle", PINK, size=8.5)
    p.arrow([(87, 29), (100, 29), (100, 23)], PINK)
    p.arrow([(106, 20), (111, 20)], PINK)
    p.text(108.5, 18.8, "o_c", size=8)

    p.box((28, 38, 14, 8), "loader\nmakes windows of b", ORANGE, size=8.5)
    p.arrow([(4, 40), (28, 40)])
    p.text(6.4, 38.8, "i_b", size=8)
    p.arrow([(42, 40), (67, 40), (67, 23)], GREEN)
    p.text(67.7, 38.8, "chunks, written to the copy\nof every group", ha="left", va="center", size=8)
    p.box((46, 43, 17, 6), "ring\nwhich windows are held", ORANGE, size=8.5)
    p.arrow([(42, 45), (46, 45)], ORANGE)
    p.arrow([(49, 43), (49, 23)], ORANGE)
    p.text(48.4, 36, "held?", ha="right", size=8)
    p.arrow([(53, 23), (53, 43)], ORANGE)
    p.text(53.6, 36, "released", ha="left", size=8)
    p.text(
        4,
        52.3,
        "Blue: decode. Orange: schedule. Green: multiply. Pink: accumulate. A group waits for bits, for its "
        "window, or to drain, and for nobody else (lockstep: for the others' block too).",
        ha="left",
        size=8.5,
    )
    return p


def nm_pe() -> Picture:
    """One PE of a 2:4 array with N fixed and two lanes."""
    p = Picture(102, 46)
    for x, name, cycle in (
        (6.5, "stage X", "x + 1"),
        (23.5, "select", "no register"),
        (33.5, "operands", "x + 2"),
        (50.5, "product", "x + 3"),
        (67, "adder tree", "x + 4"),
        (84, "accumulator", "x + 5"),
    ):
        p.text(x, 1.6, name, weight="bold")
        p.text(x, 3.4, cycle, size=8, color=GREY)
    window = [15.6, 19.8, 24.0, 28.2]
    for i, y in enumerate(window):
        p.register((3, y - 1.6, 7, 3.2), f"b[{i}]", BLUE)
    # (a, select, multiplexer, product) heights of the two lanes, mirror images of each other
    lanes = [(7.0, 11.0, 15.9, 11.4), (36.8, 32.8, 27.9, 32.4)]
    for lane, (a, sel, b, product) in enumerate(lanes):
        p.register((3, a - 1.6, 7, 3.2), f"a, lane {lane}", ORANGE)
        p.register((3, sel - 1.6, 7, 3.2), f"select {lane}", GREEN)
        p.mux(22, b - 4.5, 9, "3:1")
        p.arrow([(10, sel), (23.5, sel), (23.5, b + (3.9 if lane else -3.9))], GREEN)
        for i in range(3):
            turn = [12.0, 13.4, 14.8, 12.0][lane + i]
            source, goal = window[lane + i], b + 2.5 * (i - 1)
            p.arrow([(10, source), (turn, source), (turn, goal), (22, goal)], BLUE, linewidth=0.9)
        p.register((30.5, a - 1.8, 6, 3.6), "a", ORANGE)
        p.register((30.5, b - 1.8, 6, 3.6), "b", BLUE)
        p.arrow([(10, a), (30.5, a)], ORANGE)
        p.arrow([(25, b), (30.5, b)], BLUE)
        p.arrow([(36.5, a), (42, a), (42, product + (1.2 if lane else -1.2))], ORANGE)
        p.arrow([(36.5, b), (42, b), (42, product + (-1.2 if lane else 1.2))], BLUE)
        p.node(42, product, "\N{MULTIPLICATION SIGN}", GREEN)
        p.arrow([(43.2, product), (47, product)])
        p.register((47, product - 1.8, 7, 3.6), "product", GREEN)
        p.arrow([(54, product), (59.5, product), (59.5, 21.9 + (1.2 if lane else -1.2))])
    p.dot(13.4, window[1], BLUE)
    p.dot(14.8, window[2], BLUE)
    p.node(59.5, 21.9, "+")
    p.arrow([(60.7, 21.9), (63.5, 21.9)])
    p.register((63.5, 20.1, 7, 3.6), "sum")
    p.arrow([(70.5, 21.9), (73.8, 21.9)])
    p.node(75, 21.9, "+", PINK)
    p.arrow([(76.2, 21.9), (80, 21.9)], PINK)
    p.register((80, 20.1, 8, 3.6), "acc", PINK)
    p.arrow([(88, 21.9), (90.5, 21.9), (90.5, 16.5), (75, 16.5), (75, 20.7)], PINK)
    p.dot(78, 21.9, PINK)
    p.arrow([(78, 21.9), (78, 30.8), (80, 30.8)], PINK)
    p.register((80, 29, 8, 3.6), "drain", PINK)
    p.arrow([(84, 37), (84, 32.7)], PINK)
    p.text(84, 38.2, "from the PE below", size=8)
    p.arrow([(88, 30.8), (92, 30.8)], PINK)
    p.text(92.3, 30.8, "to the PE\nabove, o_c", ha="left", size=8)
    p.text(77.4, 26.4, "a tile's final\nsum; acc clears", ha="right", color=PINK, size=8)
    p.text(
        3,
        43,
        "Grey: the cycle in which a stage holds a beat issued in cycle x; it is accumulated in x + P, "
        "P = 1 + 2 stages + 1 tree = 4.\n"
        "N fixed and lanes = N: lane j selects among the M - N + 1 elements from b[j] up. Any other N:M "
        "design selects among all M.",
        ha="left",
        size=8.5,
    )
    return p


def gated_pe() -> Picture:
    """One PE that holds its registers where an operand is zero: one lane, two stages."""
    p = Picture(90, 42)
    for x, name, cycle in (
        (7, "stage X", "x + 1"),
        (37, "operands", "x + 2"),
        (55.5, "product", "x + 3"),
        (76, "accumulator", "x + 4"),
    ):
        p.text(x, 1.6, name, weight="bold")
        p.text(x, 3.4, cycle, size=8, color=GREY)
    for y, name, colour in ((9.0, "a", ORANGE), (17.0, "b", BLUE)):
        p.register((3, y - 1.8, 8, 3.6), name, colour)
        p.arrow([(11, y), (34, y)], colour)
        p.register((34, y - 1.8, 6, 3.6), name, colour)
        p.arrow([(40, y), (46, y), (46, 13 + (1.2 if name == "b" else -1.2))], colour)
        p.arrow([(31, 28), (31, y + 4), (37, y + 4), (37, y + 1.9)], GREEN)
        p.text(37.5, y + 3, "enable", ha="left", size=8, color=GREEN)
    p.dot(31, 21, GREEN)
    for y, goal, name, colour in ((25.4, 26.8, "a = 0", ORANGE), (30.6, 29.2, "b = 0", BLUE)):
        p.register((3, y - 1.8, 8, 3.6), name, colour)
        p.arrow([(11, y), (14, y), (14, goal), (18, goal)], colour)
    p.box((18, 25.4, 8, 5.2), "neither\nis zero", GREEN)
    p.wire([(26, 28), (34, 28)], GREEN)
    p.dot(31, 28, GREEN)
    p.register((34, 26.2, 6, 3.6), "active", GREEN)
    p.arrow([(32, 28), (34, 28)], GREEN)
    p.node(46, 13, "\N{MULTIPLICATION SIGN}", GREEN)
    p.arrow([(47.2, 13), (52, 13)])
    p.register((52, 11.2, 7, 3.6), "product", GREEN)
    p.arrow([(40, 28), (52, 28)], GREEN)
    p.dot(46, 28, GREEN)
    p.arrow([(46, 28), (46, 19), (55.5, 19), (55.5, 14.9)], GREEN)
    p.text(56, 18, "enable", ha="left", size=8, color=GREEN)
    p.register((52, 26.2, 7, 3.6), "active", GREEN)
    p.arrow([(59, 28), (76, 28), (76, 14.9)], GREEN)
    p.text(76.5, 18, "enable", ha="left", size=8, color=GREEN)
    p.arrow([(59, 13), (64.8, 13)])
    p.node(66, 13, "+", PINK)
    p.arrow([(67.2, 13), (72, 13)], PINK)
    p.register((72, 11.2, 8, 3.6), "acc", PINK)
    p.arrow([(80, 13), (83, 13), (83, 8), (66, 8), (66, 11.8)], PINK)
    p.text(
        3,
        37.5,
        "Grey: the cycle in which a stage holds a beat issued in cycle x. A pair with a zero operand changes "
        "no register:\nneither the multiplier's inputs nor its product nor the sum move. The cycles are "
        "those of the dense array.\n"
        "A tile's final pair, where gated, clears the product, because the drain takes the sum with it.",
        ha="left",
        size=8.5,
    )
    return p


def timing() -> Picture:
    """Two tiles back to back, by the rules of docs/contract.md."""
    rows, groups, beats, latency = 4, 4, 2, 3  # k = 16 of 2:4 in one lane; P = 1 + 2 stages
    left, cell = 14.0, 3.3
    cycles = 1 + 2 * groups * beats + latency + rows
    p = Picture(left + cell * cycles + 2, 41)
    names = ("cycle", "i_tile", "i_b", "i_a", "accumulate", "o_c", "counter")
    ys = {name: 6 + 4.4 * i for i, name in enumerate(names)}
    for name, y in ys.items():
        p.text(left - 1.5, y + 1.5, name, ha="right", weight="bold")
    for cycle in range(cycles):
        x = left + cell * cycle
        p.text(x + cell / 2, ys["cycle"] + 1.5, str(cycle), size=8, color=GREY)
        p.wire([(x, ys["i_tile"] - 0.6), (x, ys["counter"] + 3.6)], "#E3E3E3", linewidth=0.6, zorder=0)

    def span(name: str, cycle: int, text: str, colour: str, length: int = 1) -> None:
        p.box((left + cell * cycle + 0.15, ys[name], cell * length - 0.3, 3), text, colour, size=8)

    header = 0
    for tile, colour in enumerate((BLUE, ORANGE)):
        first = header + 1
        final = header + groups * beats
        span("i_tile", header, f"t{tile}", colour)
        for beat in range(groups * beats):
            span("i_a", first + beat, f"a{beat}", colour)
            span("accumulate", first + beat + latency, f"a{beat}", colour)
        for group in range(groups):
            span("i_b", first + group * beats, f"w{group}", colour)
        for row in range(rows):
            span("o_c", final + latency + 1 + row, f"r{row}", colour)
        header = final  # the next header moves as the final beat issues
    span("counter", 0, "idle", INK)
    span("counter", 1, "busy", INK, header)
    span("counter", header + 1, "idle", INK, cycles - header - 1)
    x = left + cell * (groups * beats + 0.5)
    style: dict[str, Any] = {"linestyle": "dashed", "linewidth": 0.9}
    p.arrow([(x, ys["i_a"] + 3), (x + cell * latency - 1.3, ys["accumulate"])], BLUE, **style)
    p.arrow(
        [(x + cell * latency, ys["accumulate"] + 3), (x + cell * latency + cell, ys["o_c"])], BLUE, **style
    )
    p.text(
        left - 12,
        2.2,
        "4 x 4 array, 2:4, one lane, two stages; two tiles of k = 16, no stalls",
        ha="left",
        size=11,
    )
    p.text(
        left - 12,
        38.7,
        f"A beat issued in cycle x is accumulated in x + P, P = {latency}. Tile 0 drains in cycles "
        f"{groups * beats + latency + 1} to {groups * beats + latency + rows} while tile 1 computes;\n"
        f"both take 1 + 8 + 8 + {latency} + {rows} = {cycles} cycles.",
        ha="left",
        size=9,
    )
    return p


def main() -> None:
    """Write every picture."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "img"
    suffix = "".join(sys.argv[2:]) or "svg"
    folder.mkdir(exist_ok=True)
    metadata: dict[str, Any] = {"Date": None, "Creator": None} if suffix == "svg" else {}
    for draw in (rooms, dense_array, sparse_array, nm_pe, gated_pe, timing):
        with mpl.rc_context({"svg.hashsalt": "zeroskip", "svg.fonttype": "none"}):
            draw().figure.savefig(folder / f"{draw.__name__}.{suffix}", dpi=130, metadata=metadata)


if __name__ == "__main__":
    main()
