"""``scripts/compare.py``: every difference between two trees is told, and ends it with 1."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

TEXT = """
module top(clk, a, q);
  wire \\$1 ;
  wire \\$2 ;
  wire \\beat$41.last ;
  reg \\$auto$verilog_backend.cc:2355:dump_module$1 ;
  assign \\$1 = \\beat$41.last & a;
  assign \\$2 = \\$1 | a;
  (* ram_style = "distributed" *)
  reg [3:0] q;
  always @(posedge clk) begin
    q <= 4'h0;
    if (a) q <= 4'h3;
  end
  \\top_row.part row (.position(\\$2 ), .clk(clk));
endmodule

module \\top_row.part (position, clk);
  assign x = 4'h1;
endmodule
"""
KNOWN = {"texts": {"dense": TEXT, "csr": TEXT}, "theorems": ["sums", "order"], "cycles": 4, "luts": 100}
"""What a tree's commands print, unless told otherwise."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = Path(__file__).parents[1] / "scripts" / "compare.py"
    spec = importlib.util.spec_from_file_location("compare", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def compare(script, monkeypatch, capsys):
    """Runs the script on two trees, given what differs from that of ``KNOWN``; its status and its lines."""

    class Told(script.Tree):
        def __init__(self, **different):
            self.told = KNOWN | different

        def python(self, code):
            assert code in (script.NAMES, script.PROOFS)
            return json.dumps([*self.told["texts" if code == script.NAMES else "theorems"]])

        def zeroskip(self, command, *words):
            match command:
                case "generate":
                    out = Path(words[words.index("-o") + 1])
                    (out / "top.v").write_text(self.told["texts"][words[0]])
                    return ""
                case "bench":
                    return json.dumps([{"measure": "cycles, nm", "measured": self.told["cycles"]}])
                case "cost":
                    return json.dumps({"total": {"LUT4": self.told["luts"]}})

    def compare(*options, old={}, now={}):  # noqa: B006 - read only
        trees = {script.ROOT: Told(**now)}
        monkeypatch.setattr(script, "Tree", lambda path: trees.get(path) or Told(**old))
        monkeypatch.setattr(script, "_copy", lambda revision, to: to)
        monkeypatch.setattr(sys, "argv", ["compare.py", "HEAD", *options])
        with pytest.raises(SystemExit) as left:
            script.main()
        return int(left.value.code), capsys.readouterr().out.splitlines()

    return compare


NAMES = "2 designs and presets, now 2; gone: none; new: none"
SAME = "2 designs and presets: 4 modules are the same text"
THEOREMS = "2 theorems, now 2; gone: none; new: none"


def test_nothing_differs(compare):
    assert compare() == (0, [NAMES, SAME, THEOREMS])
    lines = [
        "1 runs of bench, 0 of other cycles",
        *(f"  {n}: 100 LUT4, now 101 (+1.0 %)" for n in KNOWN["texts"]),
    ]
    assert compare("--bench", "--cost", now={"luts": 101}) == (0, [NAMES, SAME, THEOREMS, *lines])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("assign \\$1 = \\beat$41.last & a;\n  assign", "assign"),
        ("  assign \\$2 = \\$1 | a;\n", "  assign \\$2 = \\$2 | a;\n"),
        ("  wire \\$1 ;\n  wire \\$2 ;\n", "  wire \\$2 ;\n  wire \\$1 ;\n"),
        ("    q <= 4'h0;\n    if (a) q <= 4'h3;\n", "    if (a) q <= 4'h3;\n    q <= 4'h0;\n"),
        ("\\beat$41.last & a", "\\step$41.last & a"),
        (".position(", ".index("),
        ('  (* ram_style = "distributed" *)\n', ""),
        ("module top(clk, a, q)", "module top(a, clk, q)"),
    ],
    ids=["line", "nameless", "wires", "order", "name", "port", "attribute", "ports"],
)
def test_a_module_that_differs_is_told_and_not_excused(compare, before, after):
    assert TEXT.count(before) == 1
    changed = {"dense": TEXT, "csr": TEXT.replace(before, after)}
    code, lines = compare(now={"texts": changed})
    assert (code, lines[1:3]) == (
        1,
        ["2 designs and presets: 3 modules are the same text", "  top differs: csr"],
    )


def test_other_numbers_of_nameless_wires_are_the_same_text(compare):
    """7 for 1, 9 for 2, 50 for 41, and 3 for the one that the writer counts over all modules."""
    other = TEXT.replace("module$1 ", "module$3 ").replace("$41", "$50")
    other = other.replace("\\$1 ", "\\$7 ").replace("\\$2 ", "\\$9 ")
    assert other != TEXT
    assert compare(now={"texts": {"dense": TEXT, "csr": other}}) == (0, [NAMES, SAME, THEOREMS])


def test_modules_gone_and_new_are_told(compare):
    """Also those inside another module, which have its name before theirs."""
    changed = {name: TEXT.replace("top_row.part", "top_row.rest") for name in KNOWN["texts"]}
    code, lines = compare(now={"texts": changed})
    assert (code, lines[1:-1]) == (
        1,
        [
            "2 designs and presets: 0 modules are the same text",
            "  top differs: dense, csr",
            "  top_row.part is gone: dense, csr",
            "  top_row.rest is new: dense, csr",
        ],
    )


@pytest.mark.parametrize(("gone", "code"), [(["csr"], 1), ([], 0)])
def test_designs_gone_and_new_are_told(compare, gone, code):
    texts = {name: TEXT for name in ("dense", "coo", "csr") if name not in gone}
    assert compare(now={"texts": texts}) == (
        code,
        [
            f"2 designs and presets, now {len(texts)}; gone: {', '.join(gone) or 'none'}; new: coo",
            f"{2 - len(gone)} designs and presets: {4 - 2 * len(gone)} modules are the same text",
            THEOREMS,
        ],
    )


@pytest.mark.parametrize(
    ("options", "old", "now", "lines"),
    [
        ([], {"theorems": ["sums", "gone"]}, {}, ["2 theorems, now 2; gone: gone; new: order"]),
        (["--bench"], {}, {"cycles": 5}, ["1 runs of bench, 1 of other cycles", "  cycles, nm: 4, now 5"]),
        (["--bench"], {"cycles": 5}, {}, ["1 runs of bench, 1 of other cycles", "  cycles, nm: 5, now 4"]),
        (["--cost"], {}, {"luts": 102}, ["  csr: 100 LUT4, now 102 (+2.0 %)"]),
    ],
)
def test_proofs_cycles_and_cells_that_are_worse_are_told(compare, options, old, now, lines):
    code, told = compare(*options, old=old, now=now)
    assert (code, told[-len(lines) :]) == (1, lines)
