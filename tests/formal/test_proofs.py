import pytest

from zeroskip.verif.formal import PROOFS, prove


def each() -> list[object]:
    assert PROOFS
    return [
        pytest.param(name, marks=pytest.mark.slow if theorem.slow else (), id=name)
        for name, theorem in PROOFS.items()
    ]


@pytest.mark.parametrize("name", each())
def test_claims_hold(name: str) -> None:
    theorem = PROOFS[name]
    proof = prove(theorem.harness, depth=theorem.depth, mode=theorem.mode)
    assert proof.result == "proved", proof.report()


@pytest.mark.parametrize("name", PROOFS)
def test_interesting_states_are_reached(name: str) -> None:
    theorem = PROOFS[name]
    proof = prove(theorem.harness, depth=theorem.reach_depth, mode="cover")
    assert proof.result == "reached", proof.report()
