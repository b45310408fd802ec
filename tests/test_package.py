"""``import zeroskip as zs``: every name is there and explained, and mistakes are told in Python's words."""

import ast
import inspect
import pydoc
import re
from pathlib import Path

import numpy as np
import pytest

import zeroskip as zs
from zeroskip.gen.designs import DESIGNS, PRESETS


def test_type_checkers_are_told_what_is_found() -> None:
    """The imports under TYPE_CHECKING are those that ``__getattr__`` makes."""
    tree = ast.parse(Path(str(zs.__file__)).read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    told = {
        (each.name, node.module, each.asname)
        for block in blocks
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }
    assert told == {(name, f"zeroskip.{home}", name) for name, home in zs._HOMES.items()}


@pytest.mark.parametrize("name", zs.__all__)
def test_every_name_is_a_function_that_says_what_it_does(name: str) -> None:
    function = getattr(zs, name)
    assert inspect.isfunction(function) and inspect.getdoc(function)
    assert function.__name__ == name
    listed = rf"^    .*\b{name}\b.*  +\w"  # with a few words
    assert re.search(listed, str(zs.__doc__), re.MULTILINE)


def test_dir_and_help_have_them_all() -> None:
    assert dir(zs) == sorted(["__version__", *zs.__all__])
    text = pydoc.render_doc(zs, renderer=pydoc.plaintext)
    assert all(f"\n    {name}(" in text for name in zs.__all__)
    with pytest.raises(AttributeError, match=r"^module 'zeroskip' has no attribute 'run'$"):
        zs.run  # noqa: B018


def test_designs_and_presets_are_names_with_a_line_each() -> None:
    assert zs.designs() == {name: design.summary for name, design in DESIGNS.items()}
    assert zs.presets() == {name: preset.summary for name, preset in PRESETS.items()}


def test_parameters_are_keywords_over_those_of_a_preset_or_a_file(tmp_path: Path) -> None:
    assert zs.configure("ampere-2of4", rows=3) == zs.configure("nm", n=2, m=4, n_fixed=True, lanes=2, rows=3)
    path = tmp_path / "mine.toml"
    path.write_text('design = "csr"\nrows = 4\ncols = 2\n')
    assert (
        zs.configure(path, rows=np.int8(2))
        == zs.configure(str(path), rows=2)
        == zs.configure("csr", rows=2, cols=2)
    )


A, B = np.ones((2, 4), np.int64), np.ones((4, 2), np.int64)
CFG = zs.configure("dense", rows=2, cols=2, k_max=8)


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (
            lambda: zs.configure("nmm"),
            "there is no design or preset 'nmm', did you mean 'nm'?",
        ),
        (
            lambda: zs.configure(3),
            "spec must be a design, a preset, a .toml file or a manifest (.json) by name, not 3",
        ),
        (lambda: zs.configure("nm", row=3), "nm has no parameter 'row', did you mean 'rows'?"),
        (lambda: zs.configure("nm", spec=3), "nm has no parameter 'spec'"),
        (lambda: zs.configure("nm", rows="3"), "rows must be an integer from 1 to 32, not '3'"),
        (lambda: zs.configure("gated", gate_zeros=False), "gated has no parameter 'gate_zeros'"),
        (lambda: zs.measure(CFG, A.tolist(), B), "a must be a 2-D integer array, not "),
        (lambda: zs.measure(CFG, A, B, backend="golden"), "backend must be rtl or model, not 'golden'"),
        (lambda: zs.verify(CFG, 0), "cases must be an integer from 1 to 1000000, not 0"),
        (lambda: zs.cost(CFG, "asic"), "target must be one of ecp5, gates, not 'asic'"),
        (lambda: zs.generate(CFG, "build", "a-b"), "name must be a lower-case letter, followed by"),
        (lambda: zs.generate(CFG, "build", mhz=0), "mhz must be a number from 0.001 to 10000, not 0"),
        (lambda: zs.generate(CFG, "build", bus="ahb"), "bus must be axis, not 'ahb'"),
        (lambda: zs.load("w.bin"), "operand must be a file .npy, .npz, .mtx or .smtx"),
    ],
)
def test_mistakes_are_told_in_pythons_words(mistake, sentence, tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(sentence)}") as told:
        mistake()
    assert "\n" not in str(told.value) and not re.search(r"(^| )--?\w", str(told.value))
    assert not list(tmp_path.iterdir())
