"""Everything that is proved holds, and its interesting states are reached."""

import pytest

from zeroskip.verif.formal import PROOFS

SLOW = [name for name, theorem in PROOFS.items() if theorem.slow]


def each() -> list[object]:
    assert PROOFS
    return [pytest.param(name, marks=pytest.mark.slow if name in SLOW else (), id=name) for name in PROOFS]


@pytest.mark.parametrize("name", each())
def test_claims_hold_and_interesting_states_are_reached(name: str) -> None:
    claims, reaches = PROOFS[name].decide()
    assert claims.result == "proved", claims.report()
    assert reaches.result == "reached", reaches.report()


@pytest.mark.parametrize("name", SLOW)
def test_interesting_states_of_slow_proofs_are_reached(name: str) -> None:
    """The quick half of what takes long to prove; where both tests run, one finds what the other found."""
    theorem = PROOFS[name]
    with theorem.problem() as problem:
        reaches = problem.prove(depth=theorem.reach_depth, mode="cover")
    assert reaches.result == "reached", reaches.report()
