"""Nobody proposes or decides an act on his own organisation's brand."""

import pytest

from support.casts.registering import NUMBER, OFFICER, USCC, bring_to, proposal
from support.service.alone import Alone


@pytest.mark.parametrize("verb", ["approvals", "refusals"])
async def test_an_act_on_a_brand_of_ones_own_organisation_is_anothers_to_propose_and_decide(
    on_sqlite: Alone, verb: str
) -> None:
    await bring_to(on_sqlite, "active")
    own = await on_sqlite.send(
        "POST", f"/v1/brands/{NUMBER}/warnings", proposal("warn"), who=f"recognition_officer|{USCC}|370000|own-1"
    )
    assert (own.status_code, own.json()["code"]) == (403, "own-case")

    act = (await on_sqlite.send("POST", f"/v1/brands/{NUMBER}/warnings", proposal("warn"), who=OFFICER)).json()
    body = {"reason": "不成立。"} if verb == "refusals" else None
    decided = await on_sqlite.send("POST", f"/v1/acts/{act['id']}/{verb}", body, who=f"office|{USCC}|370000|own-2")
    assert (decided.status_code, decided.json()["code"]) == (403, "own-case")
    brand = await on_sqlite.send("GET", f"/v1/brands/{NUMBER}", who=f"office|{USCC}|370000|own-2")
    assert brand.json()["allowed_actions"] == []
