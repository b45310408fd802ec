"""The pictures: what stands in them, equal bytes, and errors."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zeroskip.explore.plots import per_layer_bars, utilisation_over_time


def texts(path: Path) -> list[str]:
    """Every text element of an SVG file."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text())


def draw_series(path: Path) -> None:
    busy = {"dense": np.full(1300, 32), "2:4": np.full(700, 48)}
    utilisation_over_time(busy, 64, path, {"dense": {"first": 0, "second": 800}, "2:4": {"first": 0}})


def draw_bars(path: Path) -> None:
    per_layer_bars({"dense": [1200, 40], "2:4": [600, 20.25]}, ["first", "second"], "time (cycles)", path)


def test_series_say_what_they_show(tmp_path: Path) -> None:
    draw_series(tmp_path / "a.svg")
    shown = texts(tmp_path / "a.svg")
    assert "dense: 1,300 cycles, 50.0% busy on average" in shown
    assert "2:4: 700 cycles, 75.0% busy on average" in shown
    assert "cycle (each step is the mean of 3 cycles)" in shown
    assert "busy multipliers, % of 64" in shown
    assert shown.count("first") == 2
    assert shown.count("second") == 1


def test_short_series_are_not_averaged(tmp_path: Path) -> None:
    utilisation_over_time({"dense": np.arange(5)}, 4, tmp_path / "a.svg")
    assert "cycle" in texts(tmp_path / "a.svg")


def test_bars_say_what_they_show(tmp_path: Path) -> None:
    draw_bars(tmp_path / "a.svg")
    shown = texts(tmp_path / "a.svg")
    for text in ("dense", "2:4", "first", "second", "time (cycles)", "1,200", "40", "600", "20.2"):
        assert text in shown


@pytest.mark.parametrize("suffix", [".svg", ".png"])
@pytest.mark.parametrize("draw", [draw_series, draw_bars])
def test_equal_data_give_equal_bytes_without_a_date(draw: Any, suffix: str, tmp_path: Path) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    draw(first)
    draw(second)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")
    assert not re.search(rb"20\d\d-\d\d-\d\d|Matplotlib v", first.read_bytes())


SERIES_ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"path": Path("a.pdf")}, "the suffix of a picture must be .svg or .png, not '.pdf'"),
    ({"multipliers": 0}, "multipliers must be 1 or more, not 0"),
    ({"series": {}}, "series must have at least one run, not {}"),
    ({"series": {"x": np.zeros(0)}}, "series of x must be one number per cycle, not of shape (0,)"),
    ({"series": {"x": np.zeros((2, 2))}}, "series of x must be one number per cycle, not of shape (2, 2)"),
    ({"series": {"x": np.array([3, 5])}}, "series of x must be from 0 to 4, not 5"),
    ({"series": {"x": np.array([3, -1])}}, "series of x must be from 0 to 4, not -1"),
    ({"boundaries": {"y": {}}}, "a label of boundaries must be one of x, not 'y'"),
]


@pytest.mark.parametrize(("change", "text"), SERIES_ERRORS)
def test_series_errors(change: dict[str, Any], text: str, tmp_path: Path) -> None:
    good: dict[str, Any] = {"series": {"x": np.array([0, 4])}, "multipliers": 4, "path": tmp_path / "a.svg"}
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        utilisation_over_time(**(good | change))
    assert not list(tmp_path.iterdir())


BARS_ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"path": Path("a.jpg")}, "the suffix of a picture must be .svg or .png, not '.jpg'"),
    ({"values": {}}, "values and layers must not be empty, not {} and ['l']"),
    ({"values": {"x": [1, 2]}}, "values of x must be 1 numbers, one per layer, not 2"),
    ({"values": {"x": [-1]}}, "values of x must be finite and 0 or more, not [-1]"),
    ({"values": {"x": [float("nan")]}}, "values of x must be finite and 0 or more, not [nan]"),
]


@pytest.mark.parametrize(("change", "text"), BARS_ERRORS)
def test_bars_errors(change: dict[str, Any], text: str, tmp_path: Path) -> None:
    good: dict[str, Any] = {
        "values": {"x": [1]},
        "layers": ["l"],
        "quantity": "cycles",
        "path": tmp_path / "a.svg",
    }
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        per_layer_bars(**(good | change))
    assert not list(tmp_path.iterdir())
