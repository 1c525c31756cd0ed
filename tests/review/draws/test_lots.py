import hashlib

import pytest

from review_service.draws.lots import Candidate, Skip, draw_panel, ticket


def candidate(
    number: int, *, employer: str = "OTHER", division: str = "370302", conflicts: tuple[str, ...] = ()
) -> Candidate:
    return Candidate(f"exp_{number}", f"sub-{number}", employer, division, frozenset(conflicts))


def drawn(pool: list[Candidate], *, seed: str = "seed", review_id: str = "rev_1", size: int = 3) -> list[str]:
    panel = draw_panel(pool, seed=seed, review_id=review_id, applicant="FIRM", division="370102", size=size)
    return [each.id for each in panel.drawn]


POOL = [candidate(number) for number in range(20)]


def test_a_ticket_is_the_sha_256_of_seed_review_and_expert_on_three_lines() -> None:
    assert ticket("s", "rev_1", "exp_1") == hashlib.sha256(b"s\nrev_1\nexp_1").digest()


def test_the_lowest_tickets_win_in_their_order() -> None:
    by_hand = sorted(POOL, key=lambda each: hashlib.sha256(f"seed\nrev_1\n{each.id}".encode()).hexdigest())

    assert drawn(POOL) == [each.id for each in by_hand[:3]]


def test_the_order_in_which_the_pool_is_given_changes_nothing() -> None:
    shuffled = POOL[10:] + POOL[9::-1]

    assert shuffled != POOL
    assert drawn(shuffled) == drawn(POOL)


def test_another_seed_or_another_case_draws_others() -> None:
    assert drawn(POOL, seed="other", size=10) != drawn(POOL, size=10)
    assert drawn(POOL, review_id="rev_2", size=10) != drawn(POOL, size=10)


def test_many_seeds_reach_everybody() -> None:
    reached = {each for seed in range(200) for each in drawn(POOL, seed=str(seed))}

    assert reached == {each.id for each in POOL}


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (candidate(1, employer="FIRM"), Skip.EMPLOYER),
        (candidate(1, conflicts=("ELSE", "FIRM")), Skip.DECLARED),
        (candidate(1, division="370102"), Skip.SAME_COUNTY),
        (candidate(1, employer="FIRM", division="370102", conflicts=("FIRM",)), Skip.EMPLOYER),
        (candidate(1, division="370102", conflicts=("FIRM",)), Skip.DECLARED),
    ],
)
def test_an_expert_in_conflict_is_skipped_with_the_first_reason(one: Candidate, why: Skip) -> None:
    panel = draw_panel([one], seed="seed", review_id="rev_1", applicant="FIRM", division="370102", size=1)

    assert (panel.drawn, panel.skipped, panel.eligible) == ((), (("exp_1", why),), 0)


@pytest.mark.parametrize("one", [candidate(1), candidate(1, division="370103"), candidate(1, conflicts=("ELSE",))])
def test_an_expert_without_a_tie_to_the_applicant_is_free(one: Candidate) -> None:
    assert one.conflict(applicant="FIRM", division="370102") is None


def test_everybody_in_conflict_stands_in_the_protocol_even_behind_a_full_panel() -> None:
    pool = [*POOL, candidate(90, employer="FIRM"), candidate(91, conflicts=("FIRM",))]

    panel = draw_panel(pool, seed="seed", review_id="rev_1", applicant="FIRM", division="370102", size=3)

    assert dict(panel.skipped) == {"exp_90": Skip.EMPLOYER, "exp_91": Skip.DECLARED}
    assert [each.id for each in panel.drawn] == drawn(POOL)
    assert panel.eligible == 20


def test_too_small_a_pool_gives_a_shorter_panel_and_says_how_many_are_free() -> None:
    panel = draw_panel(POOL[:2], seed="seed", review_id="rev_1", applicant="FIRM", division="370102", size=3)

    assert (len(panel.drawn), panel.eligible) == (2, 2)
