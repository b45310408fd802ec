"""Bitwuzla behind a pipe: SMT-LIB commands come in by standard input, answers leave by standard output.

The package from PyPI is a library for Python without a program of its own, which smtbmc would start. Run as
``python smtlib.py FOLDER``, where ``FOLDER`` holds the package.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module

__all__ = ["questions"]

ANSWERED = ("(check-sat", "(get-")

NO_BRACKETS = re.compile(r"\|[^|]*\||;.*")  # quoted names and comments: brackets there are none


def questions(lines: Iterable[str]) -> Iterator[str]:
    """What came up to the end of each command that has an answer: smtbmc waits for it."""
    text, command, depth = "", "", 0
    for line in lines:
        command += line
        bare = NO_BRACKETS.sub("", line)
        depth += bare.count("(") - bare.count(")")
        if depth == 0:
            text += command
            if command.startswith("(exit)"):  # the input may stay open
                return
            if command.startswith(ANSWERED):
                yield text
                text = ""
            command = ""


def main(folder: str) -> None:
    """Answer until the input ends or asks for the end."""
    sys.path.append(folder)  # other packages there are not looked for: Python starts sooner without
    bitwuzla = import_module("bitwuzla")
    options = bitwuzla.Options()
    options.set("produce-models", True)
    parser = bitwuzla.Parser(bitwuzla.TermManager(), options)
    for text in questions(sys.stdin):
        parser.parse(text, parse_file=False)


if __name__ == "__main__":
    main(sys.argv[1])
