"""Python on the pages of the documentation runs, and prints what stands under it."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("page", "blocks"), [("docs/python.md", 7), ("README.md", 1)])
def test_code_runs_in_order_and_prints_what_is_said(page, blocks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text(encoding="utf-8")
    names: dict[str, object] = {}
    found = list(BLOCK.finditer(text))
    assert len(found) == blocks == text.count("```python")
    for block in found:
        lines = text.count("\n", 0, block.start(1))  # so that an error names the page's own line
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile("\n" * lines + block[1], page, "exec"), names)
        assert printed.getvalue() == (block[2] or ""), f"{page}, line {lines + 1}"
