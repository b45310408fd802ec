"""The page about the proofs and the proofs do not drift apart."""

import re
from fnmatch import fnmatch
from pathlib import Path

from zeroskip.verif.formal import PROOFS

PAGE = Path(__file__).parents[2] / "docs" / "formal.md"


def rows() -> list[tuple[list[str], str]]:
    """Name patterns and reach of each row of the table."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    cells = [line.strip("|").split(" | ") for line in lines]
    return [(re.findall(r"`([^`]+\*)`", row[0]), row[-1].strip()) for row in cells]


def test_every_proof_is_on_the_page_once_and_every_row_is_a_proof() -> None:
    patterns = [pattern for names, _ in rows() for pattern in names]
    for name in PROOFS:
        assert sum(fnmatch(name, pattern) for pattern in patterns) == 1, name
    for pattern in patterns:
        assert any(fnmatch(name, pattern) for name in PROOFS), pattern


def test_the_page_says_how_far() -> None:
    for names, far in rows():
        for name, theorem in PROOFS.items():
            if any(fnmatch(name, pattern) for pattern in names):
                bounded = re.match(r"(\d+) steps", far)
                assert (theorem.mode == "bmc") == (bounded is not None), name
                assert bounded is None or int(bounded[1]) == theorem.depth, name
