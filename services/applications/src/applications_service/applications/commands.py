"""What can be done with an application: one function per verb."""

from collections.abc import Sequence
from typing import Any

from applications_service.applicants.storage import applicants
from applications_service.applications.model import Application, Recommender
from applications_service.applications.refusals import ApplicantNotRegistered
from applications_service.applications.storage import applications, others_in_scope
from applications_service.programmes.storage import programmes
from applications_service.rounds.storage import rounds
from common.actor import Actor, Role
from common.calendar import WorkingCalendar
from common.clock import SHANGHAI
from common.divisions import level
from common.files import StoredFile
from common.programme import Programme
from common.programme.editions import known_edition
from common.storage.work import Work


def recommender(actor: Actor) -> Recommender | None:
    """Return the actor as a recommender, None when he acts for the recognition body."""
    if not actor.has(Role.RECOMMENDER):
        return None
    division = actor.division or ""
    return Recommender(agency=actor.org, division=division, level=level(division))


async def programme_of(work: Work, application: Application) -> Programme:
    """Return the rules under which the application began, whatever has been published since."""
    known = known_edition(application.programme_digest)
    if known is not None:
        return known
    round_ = await work.consult(rounds, application.round_id)
    return (await work.consult(programmes, round_.programme_id)).rules


async def create_application(work: Work, *, round_id: str, answers: dict[str, Any]) -> Application:
    """Begin a draft for the actor's own organisation."""
    round_ = await work.consult(rounds, round_id)
    found = await work.find(applicants, applicants.by == work.actor.org)
    if not found:
        raise ApplicantNotRegistered
    applicant = found[0]
    application = Application(
        id=work.new_id("app"),
        round_id=round_.id,
        honour=round_.honour,
        edition=round_.edition,
        programme_digest=round_.programme_digest,
        applicant=applicant.uscc,
        applicant_name=applicant.name,
        applicant_kind=applicant.kind,
        division=applicant.division,
        answers=answers,
        created_at=work.now,
    )
    application.create(round_=round_, programme=await programme_of(work, application), at=work.now)
    return work.add(application)


async def edit_application(
    work: Work, application_id: str, *, version: int | None, answers: dict[str, Any]
) -> Application:
    """Replace the content of a draft or a returned application."""
    application = await work.get(applications, application_id, version=version)
    application.edit(answers=answers)
    return application


async def attach_file(
    work: Work, application_id: str, *, version: int | None, kind: str, name: str, file: StoredFile
) -> Application:
    """Add a material that is stored already to the application."""
    application = await work.get(applications, application_id, version=version)
    application.attach(kind=kind, name=name, file=file, programme=await programme_of(work, application))
    return application


async def submit_application(work: Work, application_id: str, *, version: int | None) -> Application:
    """Hand the application in under its digest."""
    application = await work.get(applications, application_id, version=version)
    round_ = await work.consult(rounds, application.round_id)
    programme = await programme_of(work, application)
    application.identify(programme)
    applicant = await work.get(applicants, application.applicant)
    application.submit(
        round_=round_,
        programme=programme,
        contact=applicant.reachable_at,
        others_in_scope=await others_in_scope(work, application),
        at=work.now,
    )
    return application


async def return_application(work: Work, application_id: str, *, version: int | None, reason: str) -> Application:
    """Give the application back for correction."""
    application = await work.get(applications, application_id, version=version)
    programme = await programme_of(work, application)
    application.return_(by=recommender(work.actor), programme=programme, reason=reason)
    return application


async def request_supplement(work: Work, application_id: str, *, version: int | None, reason: str) -> Application:
    """Ask for a supplement, due after the programme's clock."""
    application = await work.get(applications, application_id, version=version)
    clock = (await programme_of(work, application)).clock("supplement")
    deadline = WorkingCalendar().after(work.now.astimezone(SHANGHAI).date(), days=clock.days, kind=clock.kind)
    application.request_supplement(reason=reason, due_on=deadline.on)
    return application


async def supplement_application(
    work: Work, application_id: str, *, version: int | None, answers: dict[str, Any]
) -> Application:
    """Hand in the completed content."""
    application = await work.get(applications, application_id, version=version)
    application.supplement(answers=answers, programme=await programme_of(work, application), at=work.now)
    return application


async def accept_application(work: Work, application_id: str, *, version: int | None) -> Application:
    """Admit the application to the review."""
    application = await work.get(applications, application_id, version=version)
    round_ = await work.consult(rounds, application.round_id)
    application.accept(programme=await programme_of(work, application), year=round_.year, at=work.now)
    return application


async def reject_application(
    work: Work, application_id: str, *, version: int | None, reasons: Sequence[str]
) -> Application:
    """Refuse the application at acceptance."""
    application = await work.get(applications, application_id, version=version)
    application.reject(reasons=reasons)
    return application


async def withdraw_application(work: Work, application_id: str, *, version: int | None, reason: str) -> Application:
    """End the application at the applicant's wish."""
    application = await work.get(applications, application_id, version=version)
    application.withdraw(reason=reason)
    return application
