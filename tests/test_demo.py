import json
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.result import Product

DEMO = Path(__file__).parents[1] / "scripts" / "demo.py"


@pytest.mark.slow
def test_demo_prints_what_sparsity_bought_and_writes_its_files(tmp_path):
    done = subprocess.run(
        [sys.executable, str(DEMO), "-o", "out"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for said in ("31065", "15561", "1.996", "accuracy: dense 98.22%, 2:4 98.00%"):
        assert said in done.stdout
    names = {path.name for path in (tmp_path / "out").iterdir()}
    suffixes = (".v", ".veo", ".h", ".pack.h", ".core", ".sdc", "__tb.sv", ".json")
    files = {f"nm_2of4{suffix}" for suffix in suffixes}
    assert names == files | {"utilisation.png", "cycles.png"}
    assert json.loads((tmp_path / "out" / "nm_2of4.json").read_text())["config"]["n_fixed"] is True


MISCOUNTED = "took 1[0-9]+ cycles, the model says 1[0-9]+"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda run: {"c": run.c + (np.arange(run.c.size) == 5).reshape(run.c.shape)}, "results are wrong"),
        (lambda run: {"cycles": run.cycles + 1}, MISCOUNTED),
        (
            lambda run: {"counters": {**run.counters, "idle": 0}},
            "took 1[0-9]+ cycles, the model says 1[0-9]+",
        ),
    ],
    ids=["a sum", "a cycle", "a counter"],
)
def test_demo_ends_with_an_error_where_rtl_is_wrong(change, sentence, tmp_path, monkeypatch):
    def wrong(cfg, a, b, progress, series):
        model = golden_matmul(cfg, a, b)
        busy = np.zeros((cfg.rows, cfg.cols, cfg.lanes), np.int64)
        run = Product(
            model.c,
            model.cycles,
            model.counters,
            busy_total=int(busy.sum()),
            overflow=False,
            busy=busy,
            series=np.zeros(model.cycles, np.uint16),
        )
        return replace(run, **change(run))

    monkeypatch.setattr("zeroskip.verif.native.native_matmul", wrong)
    monkeypatch.setattr(sys, "argv", [str(DEMO), "-o", str(tmp_path / "out")])
    with pytest.raises(SystemExit, match=f"^dense, layer 0: the RTL.*{sentence}$"):
        runpy.run_path(str(DEMO), run_name="__main__")
    assert not (tmp_path / "out").exists()
