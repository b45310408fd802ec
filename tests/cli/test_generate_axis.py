"""``zeroskip generate --bus axis`` writes what runs."""

from pathlib import Path

from command_line import run_cli

from zeroskip.verif.bench.runner import simulate

CSR = ("generate", "csr", "-p", "rows=3", "-p", "cols=2", "-p", "k_max=64", "-p", "block_size=8", "-o", "out")
FILES = {f"top{end}" for end in (".v", ".veo", ".h", ".pack.h", ".core", ".sdc", ".json")}
AXIS = {"top_litex.py", "top_axis_bench.py", "top_axis_bench.json"}
OURS = {"top__tb.sv"}


def test_what_it_writes_runs(tmp_path: Path) -> None:
    for word in ("written", "unchanged"):
        done = run_cli(*CSR, "--name", "top", "--bus", "axis", cwd=tmp_path)
        assert (done.code, done.out.count(word)) == (0, len(FILES | AXIS))
    assert "LiteX module" in done.out and "to copy" in done.out
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES | AXIS
    verilog = (tmp_path / "out" / "top.v").read_text()
    ran = simulate(verilog, "top_axis_bench", tmp_path / "out")
    assert (ran.ran, ran.failed, ran.stopped) == (5, 0, ""), ran.log


def test_without_it_ports_are_as_ever(tmp_path: Path) -> None:
    assert run_cli(*CSR, "--name", "top", cwd=tmp_path).code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES | OURS
    assert "axis" not in (tmp_path / "out" / "top.v").read_text()


def test_an_unknown_bus_is_refused(tmp_path: Path) -> None:
    done = run_cli(*CSR, "--bus", "ahb", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (2, "", "error: --bus must be axis, not 'ahb'\n")
    assert not list(tmp_path.iterdir())
