from common.kernel.actor import ANONYMOUS, SYSTEM, Actor, Role


def test_has_is_true_when_the_actor_has_any_of_the_named_roles() -> None:
    officer = Actor("u1", "agency", frozenset({Role.OFFICE}), "370000", "c1")
    assert officer.has(Role.OFFICE, Role.EXPERT)
    assert officer.has("office")
    assert not officer.has(Role.EXPERT)
    assert not officer.has()


def test_neither_the_system_nor_the_public_has_a_role() -> None:
    assert not SYSTEM.has(*Role)
    assert not ANONYMOUS.has(*Role)
