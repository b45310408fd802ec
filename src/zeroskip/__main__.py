"""``python -m zeroskip``, and the command ``zeroskip``."""

import signal
from importlib import import_module

__all__ = ["main"]


def main() -> None:
    """The command line."""
    # Loading takes a second or more, and what is broken off then would be told with a traceback: until a
    # command runs, Ctrl-C ends the process without a word.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    import_module("zeroskip.cli").main()


if __name__ == "__main__":
    main()
