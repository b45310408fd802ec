"""What a command line that cannot be read should be instead, in one sentence."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

import typer

from zeroskip.gen.designs import parameters
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.presets import PRESETS

__all__ = ["said"]


def said(error: typer.TyperException, words: list[str]) -> str:
    """The sentence for ``error``, which parsing ``words`` raised; empty where help was shown instead."""
    text = error.format_message()
    context: typer.Context | None = getattr(error, "ctx", None)
    for pattern, sentence in SENTENCES.items():
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return sentence(found, words, context)
    return text


def _option(found: re.Match[str], words: list[str], context: Any) -> str:
    """An option that there is not."""
    option, command = found[1], context.command_path
    if hasattr(context.command, "commands"):
        return f"{command} has no option {option}: those of a command must stand after it"
    word = next(filter(lambda each: each.startswith(option), words), option)  # -rows of -r
    options = [each for param in context.command.params for each in param.opts]
    known = {f"--{key}": key for design in DESIGNS for key in parameters(design)}
    named = word.partition("=")[0]
    key = known.get(_closest(named, known) or "")
    close = _closest(option, options)
    if "--param" in options and key and not close:
        return f"{key} is a parameter, not an option: write -p {key}={_after(named, words) or '...'}"
    hint = f"did you mean {close}?" if close else f"{command} --help lists them"
    return f"{command} has no option {option}, {hint}"


def _closest(option: str, known: Iterable[str]) -> str | None:
    name = "--" + option.lstrip("-").replace("-", "_").casefold()
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.8)), None)


def _after(option: str, words: list[str]) -> str:
    """What stands after an option, or as its ``=``; empty where nothing does."""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name == option:
            return value if equals else after
    return ""


def _extra(found: re.Match[str], words: list[str], context: Any) -> str:
    """A word that is too many."""
    takes = any("--param" in param.opts for param in context.command.params)
    # as if nobody had put spaces around "="
    joined = re.sub("\0?=\0?", "=", "\0".join(words)).split("\0") if takes else []
    for before, word, after in zip(["", *joined], joined, [*joined[1:], ""], strict=False):
        named = before in ("-p", "--param")
        if "=" in word and not word.startswith("-") and (word not in words or not named):
            return f"a parameter must follow -p as one word: write -p {word}"
        if named and "=" not in word and not after.startswith("-"):
            return f"-p must be key=value: write -p {word}={after}, not -p {word} {after}"
    return f"{context.command_path} takes no {found[1]!r}, {context.command_path} --help says what it takes"


def _command(found: re.Match[str], words: list[str], context: Any) -> str:
    """A command that there is not."""
    name = found[1].casefold()
    if name in DESIGNS or name in PRESETS:
        return f"{name} is a design, and a command must stand before it, for example zeroskip designs {name}"
    known = list(getattr(context.command, "commands", ()))
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}?" if close else "zeroskip --help lists them"
    return f"there is no command {found[1]!r}, {hint}"


def _missing(found: re.Match[str], words: list[str], context: Any) -> str:
    return f"{found[1]} must be given, {context.command_path} --help says what it is"


def _alone(found: re.Match[str], words: list[str], context: Any) -> str:
    return f"{found[1]} must have a value after it"


def _choice(found: re.Match[str], words: list[str], context: Any) -> str:
    choices = found[3].replace("'", "")
    return f"{found[1]} must be one of {choices}, not {found[2]}"


def _value_of(found: re.Match[str], words: list[str], context: Any) -> str:
    rule = re.sub(r"greater than or equal to (\S+)", r"\1 or more", found[2])
    rule = re.sub(r"less than or equal to (\S+)", r"\1 at most", rule)
    return f"{found[1]} must be {rule}, not {_after(found[1], words)!r}"


SENTENCES: dict[str, Callable[[re.Match[str], list[str], Any], str]] = {
    r"No such option: (\S+).*": _option,
    r"Got unexpected extra argument\(s\) \((.*)\)": _extra,
    r"No such command '(.*)'\..*": _command,
    r"Missing (?:argument|option) '(.*?)'.*": _missing,
    r"Option '(.*?)' requires an argument\.": _alone,
    r"Invalid value for '(.*?)': Value error, (.*) is not one of (.*)\.": _choice,
    r"Invalid value for '(.*?)': Input should be (.*?)(?:, unable.*)?": _value_of,
}
"""Typer's texts, and what is said instead."""
