import json
import subprocess
import sys
from pathlib import Path

import pytest

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
    files = {f"nm_2of4{suffix}" for suffix in (".v", ".h", ".core", ".sdc", ".json")}
    assert names == files | {"utilisation.png", "cycles.png"}
    assert json.loads((tmp_path / "out" / "nm_2of4.json").read_text())["config"]["n_fixed"] is True
