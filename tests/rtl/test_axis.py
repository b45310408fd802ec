"""The bench of AXI4-Stream designs runs, and tells what is wrong; `tlast` means what docs/axis.md says."""

import json
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from zeroskip.gen.designs import configure
from zeroskip.gen.emit import emit
from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.shell.axis import AxiStream
from zeroskip.sw.engines import order_of
from zeroskip.sw.tiling import loads
from zeroskip.verif.bench.axis import axis_bench, bench_tiles
from zeroskip.verif.bench.runner import Simulated, simulate

SMALL = {"rows": 3, "cols": 2, "k_max": 64}
BENCHED = {
    "nm": configure("nm", **SMALL, encoding="bitmask", b_bandwidth=2, a_signed=False, b_signed=False),
    "csr": configure("csr", **SMALL, block_size=8),
    "bitmask": configure(
        "bitmask", **SMALL | {"a_width": 16, "b_width": 16}, fallback=True, schedule="lockstep"
    ),
    "bitslice": configure("bitslice", **SMALL),
}
FAULTS = 5  # tests of axis_faults.py


@cache
def verilog(name: str) -> str:
    return emit(AxiStream(BENCHED[name]))


def write(cfg: Config, folder: Path, **changed: object) -> None:
    """The files of the bench, with other numbers where they are ``changed``."""
    for file, text in axis_bench(cfg, "top").items():
        numbers = json.dumps(json.loads(text) | changed) if file.endswith(".json") else text
        (folder / file).write_text(numbers)


def run(name: str, folder: Path, module: str = "top_axis_bench") -> Simulated:
    return simulate(verilog(name), module, folder)


@pytest.mark.parametrize("name", BENCHED)
def test_the_bench_passes(name: str, tmp_path: Path) -> None:
    write(BENCHED[name], tmp_path)
    done = run(name, tmp_path)
    assert (done.ran, done.failed, done.stopped) == (5, 0, ""), done.log


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
def test_the_bench_passes_where_all_is_unknown_before_reset(tmp_path: Path) -> None:
    write(BENCHED["csr"], tmp_path)
    done = simulate(verilog("csr"), "top_axis_bench", tmp_path, "icarus")
    assert (done.ran, done.failed, done.stopped) == (5, 0, ""), done.log


EVERY = [*BENCHED.values(), *(design.config() for design in DESIGNS.values())]


@pytest.mark.parametrize("cfg", EVERY, ids=lambda cfg: cfg.design)
def test_its_results_are_a_times_b(cfg: Config) -> None:
    tiles = bench_tiles(cfg)
    work = json.loads(axis_bench(cfg, "top")["top_axis_bench.json"])
    for tile, found in zip(tiles, work["results"], strict=True):
        wanted = np.zeros((order_of(cfg).result_rows(cfg, len(tile.a)), cfg.cols), np.int64)
        wanted[: len(tile.a), : tile.b.shape[1]] = tile.a @ tile.b
        assert found == wanted.tolist()
    assert len(work["packets"]["s_axis_tile"]) == len(tiles) >= 3
    assert len(work["packets"]["s_axis_b"]) == sum(loads(tiles))


def test_designs_are_of_every_kind() -> None:
    assert {cfg.engine.name for cfg in BENCHED.values()} == {"beats", "free"}
    assert {cfg.acc_bits > 32 for cfg in BENCHED.values()} == {cfg.acc_signed for cfg in BENCHED.values()}
    assert any(tile.keep for tile in bench_tiles(BENCHED["csr"]))
    assert any(tile.dense for tile in bench_tiles(BENCHED["bitmask"]))


@pytest.mark.parametrize(("changed", "failed"), [("results", 5), ("cycles", 1), ("counters", 1)])
def test_a_wrong_number_fails(changed: str, failed: int, tmp_path: Path) -> None:
    """Told by the bench: another result, a row one cycle later, a counter that counts one more."""
    numbers = json.loads(axis_bench(BENCHED["csr"], "top")["top_axis_bench.json"])[changed]
    if changed == "results":
        numbers[-1][-1][-1] += 1
    elif changed == "cycles":
        numbers[-1] += 1
    else:
        numbers["idle"] += 1
    write(BENCHED["csr"], tmp_path, **{changed: numbers})
    done = run("csr", tmp_path)
    assert (done.ran, done.failed) == (5, failed), done.log


@pytest.mark.parametrize("name", ["nm", "csr"])
def test_what_tlast_means(name: str, tmp_path: Path) -> None:
    cfg = BENCHED[name]
    write(cfg, tmp_path)
    layouts = {f"s_axis_{stream}": layout for stream, layout in cfg.engine.inputs(cfg).items()}
    places = {
        stream: (-(-layout.size // 8), layout["last"].offset)
        for stream, layout in layouts.items()
        if "last" in layout.members
    }
    (tmp_path / "lasts.json").write_text(json.dumps(places))
    shutil.copy(Path(__file__).with_name("axis_faults.py"), tmp_path)
    done = run(name, tmp_path, "axis_faults")
    assert (done.ran, done.failed, done.stopped) == (FAULTS, 0, ""), done.log
