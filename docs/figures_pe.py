"""The PEs of the documentation."""

from drawing import BLUE, GREEN, GREY, ORANGE, PINK, Picture

__all__ = ["gated_pe", "nm_pe"]


def nm_pe() -> Picture:
    """One PE of a 2:4 array with N fixed and two lanes."""
    p = Picture(102, 46)
    for x, name, cycle in (
        (6.5, "stage X", "x + 1"),
        (23.5, "multiplexer", "no register"),
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
    # (a, position, multiplexer, product) heights of the two lanes, mirror images of each other
    lanes = [(7.0, 11.0, 15.9, 11.4), (36.8, 32.8, 27.9, 32.4)]
    for lane, (a, sel, b, product) in enumerate(lanes):
        p.register((3, a - 1.6, 7, 3.2), f"a, lane {lane}", ORANGE)
        p.register((3, sel - 1.6, 7, 3.2), f"position {lane}", GREEN)
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
        "Grey: the cycle in which a stage holds a beat issued in cycle x. It is accumulated in x + P, "
        "P = 1 + 2 stages + 1 tree = 4.\n"
        "N fixed and lanes = N: lane j takes one of the M - N + 1 elements from b[j] up. In any other N:M "
        "design it takes one of all from b[j] up.",
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
