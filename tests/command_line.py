"""``zeroskip`` as its user meets it, in this process: what ``main`` prints, and the status it ends with."""

import os
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch
from warnings import catch_warnings

import pytest

from zeroskip.cli import main


class Ended(NamedTuple):
    """Exit status, standard output and standard error."""

    code: int
    out: str
    err: str


def run_cli(*words: object, cwd: Path | None = None, columns: int = 200) -> Ended:
    """Run ``zeroskip WORDS`` in a folder, on something ``columns`` wide that is no terminal.

    Any exception but that of the status goes through: in a process it would be a traceback.
    """
    out, err = StringIO(), StringIO()
    with (
        chdir(cwd or Path.cwd()),
        patch.object(sys, "argv", ["zeroskip", *map(str, words)]),
        patch.dict(os.environ, {"COLUMNS": str(columns)}),
        catch_warnings(),  # main has its own filters
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as left,
    ):
        main()
    code = left.value.code
    assert isinstance(code, int)
    return Ended(code, out.getvalue(), err.getvalue())
