"""The parts of the review service."""

from datetime import timedelta

from common.contracts.applications.applicants import ApplicantMerged
from common.contracts.applications.applications import ApplicationAccepted, WithdrawalRequested
from common.contracts.applications.calendars import CalendarPublished
from common.contracts.applications.programmes import ProgrammePublished
from common.contracts.applications.rounds import AcceptanceConcluded, RoundOpened
from common.contracts.applications.usccs import UsccExceptionAdmitted
from common.contracts.registry.brands import (
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandSuspended,
    BrandTookEffect,
    BrandWarned,
)
from common.service import Job, Service, in_one_transaction
from common.storage.waiting.terms import following
from review_service.cases.reviews import reactions as reviewing
from review_service.cases.rounds import reactions as learning
from review_service.decision.announcements import routes as announcements
from review_service.decision.announcements.refusals import DocumentNumberTaken
from review_service.decision.deliberations import routes as deliberations
from review_service.decision.notices import routes as notices
from review_service.decision.objections import routes as objections
from review_service.decision.objections.commands import OBJECTION_TERMS
from review_service.decision.objections.reactions import move_hearings_when_calendar_published
from review_service.decision.rankings import routes as rankings
from review_service.decision.rankings.reactions import leave_list_when_withdrawal_requested
from review_service.decision.rankings.refusals import RoundAlreadyRanked
from review_service.panel.codes.reactions import learn_code_when_admitted
from review_service.panel.deadlines.commands import SHEET_TERMS
from review_service.panel.draws import routes as draws
from review_service.panel.experts.refusals import ExpertAlreadyEntered
from review_service.panel.redraws import routes as redraws
from review_service.panel.seats import routes as seats
from review_service.panel.statements import routes as statements
from review_service.panel.statements.refusals import StatementAlreadySigned
from review_service.standing.holdings import reactions as standing
from review_service.standing.mergers.reactions import learn_merger_when_recorded
from review_service.tables import METADATA, RECORDS

SERVICE = Service(
    name="review",
    package="review_service",
    metadata=METADATA,
    records=RECORDS,
    routers=(
        seats.recusals,
        seats.experts,
        seats.reviews,
        draws.router,
        redraws.router,
        statements.router,
        seats.sheets,
        rankings.router,
        notices.router,
        objections.router,
        deliberations.router,
        announcements.router,
    ),
    consumes={
        ProgrammePublished: learning.learn_rules_when_published,
        CalendarPublished: move_hearings_when_calendar_published,
        RoundOpened: learning.learn_round_when_opened,
        AcceptanceConcluded: learning.learn_conclusion_when_concluded,
        ApplicationAccepted: reviewing.open_when_accepted,
        UsccExceptionAdmitted: learn_code_when_admitted,
        ApplicantMerged: learn_merger_when_recorded,
        WithdrawalRequested: leave_list_when_withdrawal_requested,
    },
    projects={
        "standing": {
            BrandRegistered: standing.learn_title_when_registered,
            BrandTookEffect: standing.follow_title_when_brand_changes,
            BrandWarned: standing.follow_title_when_brand_changes,
            BrandSuspended: standing.follow_title_when_brand_changes,
            BrandReinstated: standing.follow_title_when_brand_changes,
            BrandRevoked: standing.follow_title_when_brand_changes,
            BrandCancelled: standing.follow_title_when_brand_changes,
            BrandExpired: standing.follow_title_when_brand_changes,
        },
    },
    jobs=(
        Job(
            name="terms",
            every=timedelta(seconds=5),
            run=in_one_transaction(following(SHEET_TERMS, OBJECTION_TERMS)),
        ),
    ),
    named_errors={
        "uq_experts_sub_key": ExpertAlreadyEntered,
        "uq_rankings_round_id": RoundAlreadyRanked,
        "uq_statements_round_id_expert_sub": StatementAlreadySigned,
        "uq_announcements_document_number_key": DocumentNumberTaken,
    },
)
