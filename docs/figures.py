"""Draw the diagrams of the documentation into docs/img/.

    python docs/figures.py [folder [suffix]]

The same code gives the same bytes.
"""

import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PINK, Picture
from figures_array import dense_array, sparse_array
from figures_axis import axis_timing
from figures_pe import gated_pe, nm_pe


def designs() -> Picture:
    """A design: a format and a PE, plugged into an engine."""
    p = Picture(98, 45)
    p.box((13, 1.5, 72, 22.5), "", INK)
    p.text(15.5, 4.3, "ENGINE", ha="left", color=ORANGE, weight="bold", size=11)
    p.text(23.5, 4.3, "who runs when, and where sums land", ha="left", style="italic")
    p.box((17, 8, 16, 6), "FORMAT", BLUE, weight="bold", size=11)
    p.text(25, 15.6, "how a lies in memory", style="italic")
    p.register((41, 8, 11, 6), "issue\nregister", ORANGE)
    p.box((64, 8, 17, 6), "PE", GREEN, weight="bold", size=11)
    p.text(74.8, 16.5, "what one step\ndoes to a window", style="italic")
    p.register((41, 17, 11, 4.6), "windows", ORANGE)
    p.register((64, 18, 8, 3.6), "drain", PINK)
    for name, y, end, colour in (("a", 11, 17, BLUE), ("b", 19.3, 41, INK)):
        p.text(6.4, y, name, weight="bold", size=11)
        p.arrow([(8, y), (end, y)], colour)
    p.arrow([(33, 11), (41, 11)], BLUE)
    p.text(37, 9.7, "steps", size=8)
    p.arrow([(52, 11), (64, 11)], ORANGE)
    p.text(58, 9.7, "one step a cycle", size=8)
    p.arrow([(52, 19.3), (60, 19.3), (60, 12.8), (64, 12.8)])
    p.text(56, 18, "a window", size=8)
    p.arrow([(68, 14), (68, 18)], PINK)
    p.text(67.4, 16, "sums", ha="right", size=8)
    p.arrow([(72, 19.8), (89.5, 19.8)], PINK)
    p.text(91.2, 19.8, "c", weight="bold", size=11)

    every = [
        "every value",
        "N:M, with indices or a bitmask",
        "bitmask, csr, coo, ell, rlc, csc, bsr",
        "planes, digits or slices of values",
    ]
    engines = [
        "beats: all rows take each step together",
        "(dense, gated, nm)",
        "free: each group of rows runs on its own,",
        "over a ring of windows (all other designs)",
    ]
    pes = [
        "multipliers, gated or not",
        "multipliers behind multiplexers",
        "adders of planes, shift and add",
        "multipliers of slices",
    ]
    columns = (
        (13, BLUE, "formats", every),
        (41, ORANGE, "engines", engines),
        (72, GREEN, "PEs", pes),
    )
    for x, colour, head, lines in columns:
        p.text(x, 26.4, head, ha="left", color=colour, weight="bold")
        for line, text in enumerate(lines):
            p.text(x, 28.8 + 2.2 * line, text, ha="left", color=colour, size=8.5)
    sentences = (
        "A design is one of each, and parameters. A preset has the parameters of a published system.",
        "nm = beats x N:M x multipliers behind multiplexers.  csr = free x csr x one multiplier.  "
        "bitcolumn = free x planes x adders.",
    )
    for line, text in enumerate(sentences):
        p.text(13, 39.4 + 2.4 * line, text, ha="left", size=8.5)
    return p


def rooms() -> Picture:
    """The five rooms that every design is made of."""
    p = Picture(98, 27)
    columns = [
        ("DECODE", "from which format?", "dense\nN:M index, bitmask\nbit strings", BLUE),
        ("SCHEDULE", "who runs when?", "lockstep\ndecoupled\nresident windows", ORANGE),
        ("MULTIPLY", "which pairs meet?", "multiplexer, or RAM\nread by position\nzero gating", GREEN),
        ("ACCUMULATE", "where do sums land?", "adder tree\noutput stationary\ndrain", PINK),
        ("ENCODE", "into which format?", "dense rows\nbitmask, csd\nrun lengths", BLUE),
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
        "the one interface: a stream of steps, each with a block, a position in it and values;\n"
        "nothing to the right of this line knows how the data were stored",
        ha="left",
        color=GREY,
    )
    return p


def timing() -> Picture:
    """Two tiles back to back, by the rules of docs/contract.md."""
    rows, blocks, beats, latency = 4, 4, 2, 3  # k = 16 of 2:4 in one lane; P = 1 + 2 stages
    left, cell = 14.0, 3.3
    cycles = 1 + 2 * blocks * beats + latency + rows
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
        final = header + blocks * beats
        span("i_tile", header, f"t{tile}", colour)
        for beat in range(blocks * beats):
            span("i_a", first + beat, f"a{beat}", colour)
            span("accumulate", first + beat + latency, f"a{beat}", colour)
        for block in range(blocks):
            span("i_b", first + block * beats, f"w{block}", colour)
        for row in range(rows):
            span("o_c", final + latency + 1 + row, f"r{row}", colour)
        header = final  # the next header moves as the final beat issues
    span("counter", 0, "idle", INK)
    span("counter", 1, "busy", INK, header)
    span("counter", header + 1, "idle", INK, cycles - header - 1)
    x = left + cell * (blocks * beats + 0.5)
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
        f"{blocks * beats + latency + 1} to {blocks * beats + latency + rows} while tile 1 computes;\n"
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
    for draw in (designs, rooms, dense_array, sparse_array, nm_pe, gated_pe, timing, axis_timing):
        with mpl.rc_context({"svg.hashsalt": "zeroskip", "svg.fonttype": "none"}):
            draw().figure.savefig(folder / f"{draw.__name__}.{suffix}", dpi=130, metadata=metadata)


if __name__ == "__main__":
    main()
