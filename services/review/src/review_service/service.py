"""What the review service is made of."""

from common.contracts.applications import ApplicationAccepted, ApplicationWithdrawn, ProgrammePublished, RoundOpened
from common.service import Service
from review_service.announcements import routes as announcements
from review_service.announcements.refusals import DocumentNumberTaken
from review_service.deliberations import routes as deliberations
from review_service.draws import routes as draws
from review_service.experts import routes as experts
from review_service.experts.refusals import ExpertAlreadyEntered
from review_service.notices import routes as notices
from review_service.objections import routes as objections
from review_service.rankings import routes as rankings
from review_service.rankings.refusals import RoundAlreadyRanked
from review_service.reviews import reactions as reviewing, routes as reviews
from review_service.rounds import reactions as learning
from review_service.sheets import reactions as scoring, routes as sheets
from review_service.tables import METADATA, RECORDS

SERVICE = Service(
    name="review",
    package="review_service",
    metadata=METADATA,
    records=RECORDS,
    routers=(
        experts.router,
        reviews.router,
        draws.router,
        sheets.router,
        rankings.router,
        notices.router,
        objections.router,
        deliberations.router,
        announcements.router,
    ),
    consumes={
        ProgrammePublished: learning.learn_rules_when_published,
        RoundOpened: learning.learn_round_when_opened,
        ApplicationAccepted: reviewing.open_when_accepted,
        ApplicationWithdrawn: scoring.void_when_withdrawn,
    },
    named_errors={
        "uq_experts_sub": ExpertAlreadyEntered,
        "uq_rankings_round_id": RoundAlreadyRanked,
        "uq_announcements_document_number": DocumentNumberTaken,
    },
)
