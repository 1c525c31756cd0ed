"""The proofs of the leaves of decision and title."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from support.leaves import award
from support.leaves.edition import publishing, put, take
from support.leaves.proof import Proof

_RECOGNITION: Final = "/decision/recognition"


def _grounds() -> dict[str, Proof]:
    found = {}
    for act in award.ACTS:
        path, pointer = f"title.grounds.{act}[]", f"/title/grounds/{act}/0"
        acting = partial(award.acting, act)
        found[f"{path}.code"] = Proof(acting, put(f"{pointer}/code", "another_ground"))
        if act == "revoke":
            free = take(f"{pointer}/bar_years")
            found[f"{path}.bar_years"] = Proof(acting, put(f"{pointer}/bar_years", 5))
            found[f"{path}.barred_for_life"] = Proof(acting, put(f"{pointer}/barred_for_life", True), free)
        else:
            found[f"{path}.bar_years"] = Proof(publishing, put(f"{pointer}/bar_years", 3))
            found[f"{path}.barred_for_life"] = Proof(publishing, put(f"{pointer}/barred_for_life", True))
    return found


AWARD: Final[Mapping[str, Proof]] = {
    "decision.recognition.seats": Proof(award.eight_of_ten, put(f"{_RECOGNITION}/seats", 12)),
    "decision.recognition.quorum": Proof(award.eight_of_eight, put(f"{_RECOGNITION}/quorum", "1/2")),
    "decision.recognition.majority": Proof(award.seven_of_twelve, put(f"{_RECOGNITION}/majority", "1/2")),
    "decision.recognition.majority_of": Proof(award.eight_of_ten, put(f"{_RECOGNITION}/majority_of", "seats")),
    "title.validity.years": Proof(award.registered, put("/title/validity/years", 5)),
    "title.validity.ends": Proof(award.registered, put("/title/validity/ends", "year_end")),
    "title.number_pattern": Proof(award.registered, put("/title/number_pattern", "SDXX-{year}-{serial:05d}")),
    **_grounds(),
}
