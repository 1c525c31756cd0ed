"""Nobody draws the panel of his own organisation's case, not even among others."""

from support.casts.reviewing import ROUND, Round
from support.service.alone import Alone


async def test_an_officer_of_an_applying_organisation_draws_no_panels(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2).open()
    await round_.pool()
    await round_.conclude_acceptance()
    applicant = (await on_sqlite.rows("reviews"))[0]["applicant"]

    drawn = await on_sqlite.send(
        "POST", "/v1/draws", {"round_id": ROUND, "seed": "s"}, who=f"recognition_officer|{applicant}|370000"
    )

    assert (drawn.status_code, drawn.json()["code"]) == (403, "own-case")
    assert await on_sqlite.rows("sheets") == []
