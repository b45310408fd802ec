"""Benches on the page about AXI4-Stream run."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from zeroskip.gen.designs import configure
from zeroskip.gen.emit import emit
from zeroskip.gen.generate import generate
from zeroskip.hw.shell.axis import AxiStream
from zeroskip.verif.bench.axis import axis_bench
from zeroskip.verif.bench.runner import simulate

PAGE = (Path(__file__).parents[2] / "docs" / "axis.md").read_text(encoding="utf-8")


def block(word: str) -> str:
    """The one block of Python with a word in it."""
    [found] = [text for text in re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S) if word in text]
    return str(found)


def test_a_bench_with_ones_own_operands(tmp_path: Path) -> None:
    (tmp_path / "own_bench.py").write_text(block("prune_nm"))
    cfg = configure("nm", rows=4, cols=4, n=2, m=4, k_max=64)
    done = simulate(emit(AxiStream(cfg)), "own_bench", tmp_path)
    assert (done.ran, done.failed, done.stopped) == (1, 0, ""), done.log


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
def test_the_bench_that_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cocotb_tools.check_results import get_results  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, "build"])
    generate(configure("csr", rows=4, cols=4), "build", "array", bus="axis", bench=axis_bench)
    exec(block("get_runner"), {})
    [results] = (tmp_path / "build").glob("*.xml")
    assert get_results(results) == (5, 0)
