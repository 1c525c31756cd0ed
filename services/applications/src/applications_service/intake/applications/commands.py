"""The commands on an application: one function per verb."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from applications_service.intake.applicants.storage import MERGERS, applicants
from applications_service.intake.applications import content
from applications_service.intake.applications.content import problems_of, rules_of_intake
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import ApplicantNotRegistered
from applications_service.intake.applications.storage import applications, content_for, others_in_scope
from applications_service.intake.applications.verdicts import Decision
from applications_service.rules.calendars.storage import calendar_of
from applications_service.rules.programmes.storage import programmes
from applications_service.rules.rounds.storage import rounds
from applications_service.standing.holdings.storage import holdings
from common.codes.division_successors import division_of
from common.files.store import StoredFile
from common.programme import AppliedItem, Programme
from common.programme.cache import known_edition
from common.programme.terms import Terms
from common.standing.checks import Standing, applied_for, check
from common.standing.storage import holder_of, standing_of
from common.storage.work import Work
from common.uploads.storage import release


async def programme_of(work: Work, application: Application) -> Programme:
    """Return the rules under which the application was begun, even if newer rules have been published."""
    known = known_edition(application.programme_digest)
    if known is not None:
        return known
    round_ = await work.consult(rounds, application.round_id)
    return (await work.consult(programmes, round_.programme_id)).rules


async def standing_in(work: Work, application: Application, applied: AppliedItem | None) -> Standing:
    """Return what the register says today of the applicant and of the item that he applies for."""
    holder = await holder_of(work, MERGERS, application.applicant_id, application.uscc)
    return await standing_of(work, holdings, holder, honour=application.honour, applied=applied, on=work.today)


async def terms_of(work: Work, application: Application) -> Terms:
    """Return the terms of the application's rules, counted from today."""
    return Terms(await programme_of(work, application), await calendar_of(work), work.today)


async def create_application(work: Work, *, round_id: str, answers: dict[str, Any]) -> Application:
    """Begin a draft for the actor's own organisation."""
    round_ = await work.consult(rounds, round_id)
    found = await work.find(applicants, applicants.by == work.actor.org)
    if not found:
        raise ApplicantNotRegistered
    applicant = found[0]
    applicant.check_remains()
    application = Application(
        id=work.new_id(Application),
        round_id=round_.id,
        honour=round_.honour,
        edition=round_.edition,
        programme_digest=round_.programme_digest,
        applicant_id=applicant.id,
        applicant=applicant.org,
        uscc=applicant.uscc,
        applicant_name=applicant.name,
        applicant_kind=applicant.kind,
        division=division_of(applicant.division, work.today.year),
        answers=answers,
        created_at=work.now,
        division_confirmation=applicant.division_confirmation,
        uscc_exception=applicant.uscc_exception,
    )
    application.create(round_=round_, terms=await terms_of(work, application), at=work.now)
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
    """Add an already stored file to the application as a material."""
    application = await work.get(applications, application_id, version=version)
    before = application.attachments
    application.attach(kind=kind, name=name, file=file, programme=await programme_of(work, application))
    if content.has_file(before, kind=kind, file_digest=file.digest):
        await release(work, org=application.applicant, digest=file.digest)  # of the two uploads, the new one stays
    return application


async def detach_file(
    work: Work, application_id: str, *, version: int | None, kind: str, file_digest: str
) -> Application:
    """Remove a material from the application; its room is free again unless it was handed in."""
    application = await work.get(applications, application_id, version=version)
    application.detach(kind=kind, file_digest=file_digest)
    if application.snapshot is None:
        await release(work, org=application.applicant, digest=file_digest)
    return application


async def submit_application(work: Work, application_id: str, *, version: int | None) -> Application:
    """Submit the application; its content is frozen under a digest."""
    application = await work.get(applications, application_id, version=version)
    round_ = await work.consult(rounds, application.round_id)
    terms = await terms_of(work, application)
    application.identify(terms.programme)
    applicant = await work.get(applicants, application.applicant)
    application.locate(applicant, at=work.now)
    application.submit(
        round_=round_,
        terms=terms,
        contact=applicant.reachable_at,
        others_in_scope=await others_in_scope(work, application, application.scope),
        standing=await standing_in(work, application, terms.programme.item_of(application.answers)),
        at=work.now,
    )
    return application


async def request_supplement(work: Work, application_id: str, *, version: int | None, reason: str) -> Application:
    """Ask for a supplement, due at the end of the programme's period."""
    application = await work.get(applications, application_id, version=version)
    round_ = await work.consult(rounds, application.round_id)
    terms = await terms_of(work, application)
    application.request_supplement(by=work.actor, round_=round_, terms=terms, reason=reason, at=work.now)
    return application


async def extend_supplement(work: Work, application_id: str, *, version: int | None, reason: str) -> Application:
    """Give the applicant a second term for an overdue supplement."""
    application = await work.get(applications, application_id, version=version)
    application.extend_supplement(by=work.actor, terms=await terms_of(work, application), reason=reason)
    return application


async def supplement_application(
    work: Work, application_id: str, *, version: int | None, answers: dict[str, Any]
) -> Application:
    """Submit the completed content."""
    application = await work.get(applications, application_id, version=version)
    application.supplement(by=work.actor, answers=answers, terms=await terms_of(work, application), at=work.now)
    return application


async def accept_application(
    work: Work, application_id: str, *, version: int | None, decisions: Sequence[Decision] = ()
) -> Application:
    """Admit the application to the review, with a decision about each rule that its facts do not decide."""
    application = await work.get(applications, application_id, version=version)
    round_ = await work.consult(rounds, application.round_id)
    programme = await programme_of(work, application)
    standing = await standing_in(work, application, programme.item_of(application.submitted_answers))
    application.accept(
        by=work.actor, round_=round_, programme=programme, standing=standing, at=work.now, decisions=decisions
    )
    return application


async def check_application(work: Work, application_id: str) -> dict[str, Any]:
    """Answer every rule about the content that the actor sees, as it is now; nothing changes."""
    application = await work.consult(applications, application_id)
    programme = await programme_of(work, application)
    year = (await work.read(rounds, application.round_id)).year
    facts = application.content | content_for(work.actor, application)
    applied = applied_for(programme, facts["answers"])
    standing = await standing_in(work, application, applied)
    others = await others_in_scope(work, application, None if applied is None else applied.scope)
    problems = problems_of(facts["answers"], facts["attachments"], programme=programme)
    found = check(programme, facts, standing, year=year, on=work.today)
    answered = replace(found, results=(*rules_of_intake(problems, others_in_scope=others), *found.results))
    return answered.under(application.edition, programme.digest, at=work.now) | {"version": application.version}


async def reject_application(
    work: Work, application_id: str, *, version: int | None, reasons: Sequence[str]
) -> Application:
    """Refuse the application at acceptance, or after the applicant let his term pass."""
    application = await work.get(applications, application_id, version=version)
    application.reject(by=work.actor, reasons=reasons)
    return application


async def withdraw_application(work: Work, application_id: str, *, version: int | None, reason: str) -> Application:
    """End the application at the applicant's wish, or ask the review to end the accepted one."""
    application = await work.get(applications, application_id, version=version)
    before = application.attachments
    application.withdraw(by=work.actor, reason=reason, at=work.now)
    await free_given_up(work, application, before)
    return application


async def free_given_up(work: Work, application: Application, before: Sequence[dict[str, Any]]) -> None:
    """Free the room of the files that an application had before it ended unsubmitted."""
    if not application.attachments:
        for entry in before:
            await release(work, org=application.applicant, digest=entry["digest"])
