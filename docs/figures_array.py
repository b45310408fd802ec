"""The two arrays of the documentation: rows in step, and rows that run free."""

from drawing import BLUE, GREEN, INK, ORANGE, PINK, Picture

__all__ = ["dense_array", "sparse_array"]


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
    p.text(38, 13.3, "group g: one row of the array; in csc and bsr, block_rows rows", ha="left", size=8.5)
    p.box((8, 2, 17, 5), "header queue\n8 entries", ORANGE)
    p.arrow([(2, 4.5), (8, 4.5)])
    p.text(4.5, 3.3, "i_tile", size=8)
    p.arrow([(25, 4.5), (36, 4.5), (36, 17)], ORANGE)
    p.text(
        37,
        4.5,
        "headers (k, keep, dense): the loader and each group read them at their own pace",
        ha="left",
        size=8,
    )
    p.arrow([(10, 7), (10, 44), (28, 44)], ORANGE)

    p.register((15, 17, 12, 6), "gearbox\ntwo beats", BLUE)
    p.box((31, 17, 11, 6), "parser", BLUE, weight="bold", size=11)
    p.register((46, 17, 11, 6), "issue register\na step", ORANGE)
    p.box((62, 17, 10, 6), "windows\nRAM or mux", GREEN, size=8.5)
    p.box((76, 17, 11, 6), "PEs\nall use the\nsame position", GREEN, size=8)
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
    p.text(67.7, 38.8, "chunks, written to every\ngroup's copy of the ring", ha="left", va="center", size=8)
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
        "window or for its drain registers; in lockstep also for the other groups.",
        ha="left",
        size=8.5,
    )
    return p
