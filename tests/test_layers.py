"""Each folder imports itself and those before it; nothing imports the command line."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = ("hw", "sw", "gen", "verif", "fpga", "explore", "cli")
START = ROOT / "src" / "zeroskip" / "__main__.py"  # of the command line
LAST = ("scripts", "docs", "src")  # all but the command line, and `import zeroskip` with what it offers


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of every import, also by a string that is a module's name, and of `zeroskip.name`.

    However the file calls `zeroskip`.
    """
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    aliases = {each.asname for node in imported for each in node.names if each.name == "zeroskip"}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, each.name) for each in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                yield from ((node.lineno, f"{'.' * level}{module}.{each.name}") for each in names)
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in {"zeroskip", *aliases}:
                yield node.lineno, f"zeroskip.{attr}"
            case ast.Constant(value=str(text)) if re.fullmatch(r"zeroskip\.[\w.]+", text):
                yield node.lineno, text


def violations(folder: str, name: str, text: str) -> list[str]:
    """What a file of ``folder`` imports against the order."""
    allowed = {*ORDER[:-1]} if folder in LAST else {*ORDER[: ORDER.index(folder) + 1]}
    found = []
    for line, imported in names(ast.parse(text)):
        package, _, rest = imported.partition(".")
        part = rest.partition(".")[0]
        known = part in allowed or part in ("", "__version__") or (folder in LAST and part not in ORDER)
        if not package or (package == "zeroskip" and not known):
            found.append(f"{name}:{line}: {folder} must not import {imported}")
    return found


@pytest.mark.parametrize("folder", [*ORDER, *LAST])
def test_imports_go_one_way(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    if folder == "src":
        files.remove(START)
    assert [line for f in files for line in violations(folder, str(f.relative_to(ROOT)), f.read_text())] == []


WRONG = """import zeroskip.hw.top; zeroskip.__version__; zeroskip.measure
def late(): from zeroskip import sw, verif
import_module("zeroskip.cli.run")
from ..gen import emit
import zeroskip as zs, numpy as np; np.verif; zs.hw.top; zs.verif.golden
def other(): import zeroskip as z; return z.cli.run, z.__version__, zs.measure"""


@pytest.mark.parametrize(
    ("folder", "numbers"),
    [("sw", [1, 2, 3, 4, 5, 6, 7]), ("fpga", [1, 3, 4, 6, 7]), ("docs", [3, 4, 6])],
)
def test_what_is_against_the_order_is_named(folder: str, numbers: list[int]) -> None:
    wrong = [
        *((1, "zeroskip.measure"), (2, "zeroskip.verif"), (3, "zeroskip.cli.run"), (4, "..gen.emit")),
        *((5, "zeroskip.verif"), (6, "zeroskip.cli"), (6, "zeroskip.measure")),
    ]
    told = [f"x.py:{line}: {folder} must not import {name}" for line, name in wrong]
    assert sorted(violations(folder, "x.py", WRONG)) == [told[number - 1] for number in numbers]
