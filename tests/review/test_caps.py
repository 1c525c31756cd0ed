"""Every command on a case under review at its caps is published; a reaction's event above its limit is set aside."""

from dataclasses import replace
from pathlib import Path

from common.contracts.applications.programmes import ProgrammePublished
from common.contracts.applications.usccs import UsccException
from common.contracts.review.notices import NoticeItem
from common.kernel.digests import digest
from common.kernel.values.sizes import KIB
from common.storage.work import Work
from review_service.decision.notices.model import Notice
from review_service.service import SERVICE
from support.casts import reviewing
from support.casts.actors import id_of
from support.casts.fullest import LONG_TEXT, NAME, RARE, REASON_TEXT
from support.casts.reviewing import OFFICE, Round, definition
from support.rules.sizes import sizes_within_limits
from support.service.alone import START, Alone, alone

REASON = {"reason": REASON_TEXT}


async def test_decisions_and_objections_at_their_caps_are_published(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2, quota=2).open()
    notice = await round_.notice()
    body = reviewing.objection(notice["id"], grounds=LONG_TEXT, name=NAME, contact=NAME)
    drafted = await round_.post("/v1/objections", body, who=reviewing.PARTNER)
    path = f"/v1/objections/{drafted['id']}"
    assert (await reviewing.upload(on_sqlite, f"{path}/evidence", who=reviewing.PARTNER)).status_code == 201
    await round_.post(f"{path}/filings", who=reviewing.PARTNER)
    await round_.post(f"{path}/hearings", {"question": LONG_TEXT})
    await round_.post(f"{path}/statements", {"statement": LONG_TEXT}, who=reviewing.firm(1))
    await round_.post(f"{path}/answers", {"verdict": "rejected", **REASON})
    await on_sqlite.deliver(reviewing.withdrawn(2).model_copy(update=REASON))
    on_sqlite.legal.move(days=9)
    vote = reviewing.vote(notice["ranking_id"]) | {"minutes": LONG_TEXT}
    deliberation = await round_.conclude(await round_.post("/v1/deliberations", vote))
    path = f"/v1/deliberations/{deliberation['id']}"
    await round_.post(f"{path}/holds", REASON, who=OFFICE)
    await round_.post(f"{path}/returns", REASON, who=OFFICE)
    second = await round_.vote(notice["ranking_id"])
    await round_.post(f"/v1/deliberations/{second['id']}/refusals", REASON, who=OFFICE)

    sizes = await sizes_within_limits(on_sqlite)
    assert sizes["ObjectionFiled", "internal"] > 80_000
    for name in ("ObjectionResolved", "WithdrawalSettled", "ListHeld", "ListReturned", "ListRefused"):
        assert sizes[name, "agency"] > 15 * KIB


async def test_the_outcome_of_a_case_at_its_caps_is_published(on_sqlite: Alone) -> None:
    exception = UsccException(reason=REASON_TEXT, agency=RARE * 255, admitted_at=START)
    rules = definition()
    accepted = reviewing.accepted(rules)
    snapshot = accepted.snapshot | {"item": NAME}
    snapshot["applicant"] |= {"name": NAME, "uscc_exception": exception.model_dump(mode="json")}
    round_ = await Round(on_sqlite, firms=0).open()
    changed = {
        "snapshot": snapshot,
        "digest": digest(snapshot),
        "uscc_exception": exception,
        "recommenders": (RARE * 255,) * 2,
    }
    await on_sqlite.deliver(accepted.model_copy(update=changed))
    round_.reviews = {row["application_id"]: row["id"] for row in await on_sqlite.rows("reviews")}

    await round_.announce()

    assert (await sizes_within_limits(on_sqlite))["ReviewCompleted", "internal"] > 20 * KIB


async def test_a_reaction_whose_event_is_too_large_is_a_dead_letter_at_once_and_writes_nothing(tmp_path: Path) -> None:
    async def show_too_much(work: Work, event: ProgrammePublished) -> None:
        notice = Notice(
            id=work.new_id(Notice),
            ranking_id="rnk_1",
            round_id="rnd_1",
            honour=event.honour,
            year=2015,
            opens_on=work.today,
            closes_on=work.today,
            estimated=False,
            counting={},
            agency="SD-BODY",
            supplementary=False,
            published_at=work.now,
            text={},
            objecting={},
        )
        work.add(notice)
        case = NoticeItem(
            application_id="app_1",
            applicant_id=id_of(reviewing.uscc(1)),
            applicant=reviewing.uscc(1),
            applicant_name=NAME,
            item=NAME,
        )
        notice.publish([case] * 320)

    service = replace(SERVICE, consumes={ProgrammePublished: show_too_much}, projects={})
    async with alone(service, f"sqlite:///{tmp_path / 'service.db'}", tmp_path) as running:
        await running.deliver(reviewing.published(definition()))

        (letter,) = await running.rows("dead_letters")
        assert (letter["reason_code"], letter["attempts"]) == ("event-too-large", 1)
        assert [await running.rows(table) for table in ("notices", "outbox", "audit")] == [[], [], []]
