"""What is proved: a harness with its parameters, how deep, and whether for ever."""

from dataclasses import dataclass
from functools import partial

from zeroskip.verif.formal.prove import Mode, Problem, Proof

__all__ = ["Theorem"]


@dataclass(frozen=True)
class Theorem:
    """A harness with what it takes to prove it.

    ``mode`` is "induction" (for ever) or "bmc" (every run of ``depth`` steps from reset); ``reach_depth``
    is how many steps its reaches may take. ``slow`` ones take over ten seconds.
    """

    harness: partial[None]
    depth: int = 2
    mode: Mode = "induction"
    reach_depth: int = 16
    slow: bool = False

    def problem(self) -> Problem:
        """Its harness elaborated, with the lemmas that its mode needs; raises as ``Problem`` does."""
        return Problem(self.harness, lemmas=self.mode == "induction")

    def decide(self) -> tuple[Proof, Proof]:
        """What became of its claims and of its reaches; raises ``RuntimeError`` where a tool fails."""
        with self.problem() as problem:
            claims = problem.prove(depth=self.depth, mode=self.mode)
            return claims, problem.prove(depth=self.reach_depth, mode="cover")
