"""Boxes, registers, wires: what the diagrams of the documentation are drawn with."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

__all__ = ["BLUE", "GREEN", "GREY", "INK", "ORANGE", "PINK", "Picture"]

INK, GREY = "#333333", "#777777"
# Okabe and Ito's hues, dark enough for text
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#B36B00", "#00795A", "#A8487E"
FILL = {BLUE: "#DCEBF5", ORANGE: "#FBEBCB", GREEN: "#D6EFE6", PINK: "#F5E2EC", INK: "#F4F4F4"}

Point = tuple[float, float]
Rect = tuple[float, float, float, float]
"""Left, top, width, height."""


class Picture:
    """A drawing of a given size; coordinates are tenths of an inch from the upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.figure = Figure(figsize=(width / 10, height / 10))
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_axis_off()

    def text(self, x: float, y: float, text: str, **style: Any) -> None:
        """Text centred on a point unless the style says otherwise."""
        merged: dict[str, Any] = {"ha": "center", "va": "center", "size": 9, "color": INK} | style
        self.axes.text(x, y, text, **merged)

    def box(self, at: Rect, text: str, colour: str = INK, **style: Any) -> None:
        """A box with text in its middle."""
        x, y, w, h = at
        shape = FancyBboxPatch(
            (x, y), w, h, "round,pad=0,rounding_size=0.4", facecolor=FILL[colour], edgecolor=colour
        )
        self.axes.add_patch(shape)
        self.text(x + w / 2, y + h / 2, text, **style)

    def register(self, at: Rect, text: str, colour: str = INK) -> None:
        """A box with a register's clock mark."""
        self.box(at, text, colour, size=8)
        x, y, _, h = at
        self.wire([(x + 0.5, y + h), (x + 1.1, y + h - 0.7), (x + 1.7, y + h)], colour, linewidth=0.8)

    def mux(self, x: float, y: float, h: float, text: str) -> None:
        """A multiplexer from left to right, 3 wide, its upper left corner at (x, y)."""
        corners = [(x, y), (x + 3, y + 1.2), (x + 3, y + h - 1.2), (x, y + h)]
        self.axes.add_patch(Polygon(corners, facecolor=FILL[GREEN], edgecolor=GREEN))
        self.text(x + 1.5, y + h / 2, text, size=8)

    def node(self, x: float, y: float, text: str, colour: str = INK) -> None:
        """A round operator with its centre at (x, y), 2.4 across."""
        self.axes.add_patch(Circle((x, y), 1.2, facecolor=FILL[colour], edgecolor=colour))
        self.text(x, y, text, size=12)

    def wire(self, points: Sequence[Point], colour: str = INK, **style: Any) -> None:
        """A line through points."""
        xs, ys = zip(*points, strict=True)
        merged: dict[str, Any] = {"color": colour, "linewidth": 1.2, "solid_capstyle": "butt"} | style
        self.axes.plot(xs, ys, **merged)

    def dot(self, x: float, y: float, colour: str = INK) -> None:
        """A branch of a wire."""
        self.axes.plot([x], [y], marker="o", markersize=3.5, color=colour)

    def arrow(self, points: Sequence[Point], colour: str = INK, **style: Any) -> None:
        """A line through points with its head at the last."""
        self.wire(points[:-1], colour, **style)
        line = {"arrowstyle": "-|>", "color": colour, "shrinkA": 0, "shrinkB": 0, "linewidth": 1.2} | style
        self.axes.annotate("", points[-1], points[-2], arrowprops=line)
