"""``zeroskip formats``: what it prints, draws and refuses."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
from command_line import Ended, run_cli

from zeroskip.explore.storage import break_even, storage, storages, stored_by_density
from zeroskip.hw import designs
from zeroskip.hw.config import Config
from zeroskip.hw.design import Design
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.sw.random_operands import random_matrix, random_nm

A = np.array([[0, 3, 0, -1, 0, 0, 0, 7], [0] * 8, [2, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 5, 0, 0, 0]])


def formats(*words: str) -> Ended:
    done = run_cli("formats", *words)
    assert done.code == 0, done.err
    return done


def cells(text: str) -> dict[str, list[str]]:
    """Rows of the tables by design, those of the last that it is in: why there is none, and numbers."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        head, *numbers = [cell.strip() for cell in line.strip("│").split("│")]
        if line.startswith("│") and any(numbers):
            rows.append([head, *numbers])
        elif line.startswith("│"):  # the first cell goes on
            rows[-1][0] += f" {head}"
    found: dict[str, list[str]] = {}
    for head, *numbers in rows:
        names, _, rule = head.partition(": ")
        found |= dict.fromkeys(names.split(", "), [rule, *numbers] if rule else numbers)
    return found


@pytest.fixture
def matrix(tmp_path: Path) -> str:
    np.save(tmp_path / "a.npy", A)
    return str(tmp_path / "a.npy")


def test_a_file_on_every_design(matrix: str) -> None:
    params = ["rows=4", "a_width=4", "block_size=4", "scan=4", "run_bits=2", "block_rows=2"]
    words = [word for param in params for word in ("-p", param)]
    done = formats("--a", matrix, *words, "--json")
    assert done.err == ""
    found = json.loads(done.out)
    formats_found = found.pop("formats")
    assert found == {
        "shape": [4, 8],
        "layers": 1,
        "elements": 32,
        "density": 7 / 32,
        "rows": 4,
        "k_max": 8,
        "notes": [],
    }
    assert formats_found["csr"]["metadata"] == 49  # tests/explore/test_storage.py has all by hand
    for name, cfg in storages(8, params).items():
        assert isinstance(cfg, Config)
        stored = storage(cfg, A)
        assert not isinstance(stored, str)
        assert formats_found.pop(name) == {
            "bits_per_element": stored.per_element,
            "total": stored.total,
            "values": stored.values,
            "metadata": stored.metadata,
            "padding": stored.padding,
        }
    assert formats_found == {}


def test_the_table_has_a_row_for_each_way_to_store() -> None:
    text = formats("--a", "random:64x64:0.25", "-p", "rows=8", "-p", "index_bits=8").out
    assert "64 x 64, density 0.2500, 8-bit values, tiles of 8 rows, k_max 64: stored" in text
    rows = cells(text)
    dense = ["8.000", "8.000", "0.000", "0.000", "100.0%"]
    for name in ("dense", "gated", "plain", "activation", "pragmatic", "bitlet"):
        assert rows[name] == dense
    assert "│ dense, gated," in text  # in one row
    assert rows["bitmask"][1:3] == ["2.000", "1.000"]
    assert rows["csr"][1:3] == ["2.000", "2.250"]  # a number of 16 bits for each row of 64
    assert rows["nm"] == ["matrix must have at most 2 nonzeros in each block of 4", *["-"] * 5]
    assert rows["bitbalance"] == ["a must have values of at most 3 digits in non-adjacent form", *["-"] * 5]


def test_an_operand_that_obeys_nm_and_has_few_digits(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", random_nm(32, 64, 0.5, 2, 4).clip(-5, 5))
    rows = cells(formats("--a", str(tmp_path / "a.npy")).out)
    assert rows["nm"] == rows["nm encoding=bitmask"] == ["5.000", "4.000", "1.000", "0.000", "62.5%"]
    assert rows["bitbalance"][:2] == ["16.000", "15.000"]  # 3 codes of 5 bits, in beats of 128


def test_a_design_that_cannot_be_says_why() -> None:
    rows = cells(formats("--a", "random:16x32:0.3", "-p", "a_signed=false").out)
    assert rows["bitslice"][:2] == ["a_signed must be true for bitslice, whose slices are signed", "-"]
    assert rows["bitmask"][0] != "-"


def test_a_design_added_later_has_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(designs.DESIGNS, "later", Design("later", CSRConfig, cases=()))
    assert "later" in cells(formats("--a", "random:16x32:0.3").out)


def test_patterns_get_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.smtx").write_text("2, 4, 3\n0 1 3\n2 0 1\n")
    text = formats("--a", str(tmp_path / "a.smtx"), "--seed", "5").out
    assert "note: values: made from seed 5, the file has a pattern only" in text


def test_the_curve(tmp_path: Path) -> None:
    words = ("--a", "random:32x16:0.2", "--seed", "2", "--curve", str(tmp_path / "out.svg"))
    found = json.loads(formats(*words, "--json").out)
    densities = [round(0.02 * step, 2) for step in range(1, 51)]
    assert found["curve"]["density"] == densities
    there = storages(16, [])
    assert found["curve"]["bits_per_element"].keys() == found["break_even"].keys() == there.keys()
    for name in ("bitmask levels=2", "csc", "nm", "bitbalance", "csd"):
        cfg = there[name]
        assert isinstance(cfg, Config)
        expected = stored_by_density(cfg, (32, 16), densities, 2)
        assert found["curve"]["bits_per_element"][name] == expected
        measured, theory = break_even(cfg, 8 * 32 * 16, (32, 16), 2)
        assert found["break_even"][name] == {"measured": measured, "theory": theory}
    assert found["curve"]["bits_per_element"]["nm"][24:26] == [5.0, None]
    first = (tmp_path / "out.svg").read_bytes()
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", first.decode())
    assert "random 32 x 16 operands, 8-bit values, tiles of 16 rows, k_max 16" in shown
    for name in ("bitmask", "bitmask levels=2", "csr", "bsr"):
        assert f"{name}: {found['break_even'][name]['measured']:.4f}" in shown
    assert not any(text.startswith("bitbalance") for text in shown)  # stores nothing that is drawn
    text = formats(*words).out
    assert (tmp_path / "out.svg").read_bytes() == first
    assert "wrote" in text
    even = found["break_even"]["csr"]
    assert cells(text)["csr"] == [f"{even['measured']:.4f}", f"{even['theory']:.4f}"]
    assert cells(text)["bitbalance"] == ["none", "none"]


def test_a_png_of_narrow_values(tmp_path: Path) -> None:
    path = tmp_path / "out.png"
    text = formats("--a", "random:64x1:0.2", "-p", "a_width=2", "--curve", str(path)).out
    assert cells(text)["csr"] == ["none", "0.6562"]  # 42 of 64
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--curve", "out.pdf"), "--curve must end in .svg or .png, not 'out.pdf'"),
        (("--curve", "no/out.svg"), "--curve must be in a folder that exists, not 'no/out.svg'"),
        (("--a", "random:4x4"), "operand must be random:ROWSxCOLS:DENSITY[:SEED]"),
        (("-p", "a_width=17"), "a_width must be an integer from 2 to 16, not 17"),
        (("-p", "beat_bits=1"), "beat_bits must be an integer from "),
        (
            ("-p", "index_bits=3"),
            "index_bits must be none or an integer from 8 (for k_max = 256) to 32, not 3",
        ),
        (("-p", "width=8"), "no design has a parameter 'width': zeroskip designs DESIGN lists those of one"),
        (
            ("-p", "b_bandwidth=2"),
            "parameters must suit dense, which all others are compared with: b_bandwidth must be a divisor",
        ),
    ],
)
def test_mistakes_get_one_sentence_and_write_nothing(
    words: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_cli("formats", *words)
    assert done.code == 2
    assert sentence in done.err
    assert done.out == ""
    assert list(tmp_path.iterdir()) == []


def test_values_that_no_design_can_hold(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", random_matrix(4, 8, 0.5, signed=False) | 128)
    path = str(tmp_path / "a.npy")
    assert re.search(
        r"a must be integers from -128 to 127 \(8 bits, signed\), not \d+ in row 0",
        run_cli("formats", "--a", path).err,
    )
    assert "bitmask" in cells(formats("--a", path, "-p", "a_signed=false").out)
    assert "bitmask" in cells(formats("--a", path, "-p", "a_width=9").out)


def test_a_graph_of_more_elements_than_memory_holds(tmp_path: Path) -> None:
    """2^36, of which six are nonzeros."""
    n, places = 1 << 18, ([0, 1, 5, 9, 9, (1 << 18) - 1], [7, 3, 5, 0, 1 << 17, (1 << 18) - 1])
    graph = scipy.sparse.coo_array((np.arange(1, 7, dtype=np.int8), places), shape=(n, n))
    scipy.sparse.save_npz(tmp_path / "graph.npz", graph)
    found = json.loads(formats("--a", str(tmp_path / "graph.npz"), "--json").out)
    assert (found["shape"], found["density"]) == ([n, n], 6 / n**2)
    csr = found["formats"]["csr"]  # a number for each row, for each nonzero a value and 18 bits of column
    assert (csr["values"], csr["metadata"]) == (6 * 8, n * 26 + 6 * 18)
