"""What the applications service is made of."""

from applications_service.agencies import routes as agencies
from applications_service.agencies.refusals import AgencyCodeTaken
from applications_service.applicants import routes as applicants
from applications_service.applicants.refusals import ApplicantAlreadyRegistered
from applications_service.applications import reactions, routes as applications
from applications_service.programmes import routes as programmes
from applications_service.programmes.refusals import ProgrammeUnchanged
from applications_service.recommendations import routes as recommendations
from applications_service.rounds import routes as rounds
from applications_service.rounds.refusals import RoundExists
from applications_service.tables import METADATA, RECORDS
from common.contracts.registry import (
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandSuspended,
    BrandWarned,
)
from common.contracts.review import NoticePublished, ReviewCompleted, ReviewOpened, ShortlistProposed
from common.service import Service
from common.web import me

SERVICE = Service(
    name="applications",
    package="applications_service",
    metadata=METADATA,
    records=RECORDS,
    routers=(
        agencies.router,
        programmes.router,
        rounds.router,
        applicants.router,
        applications.router,
        recommendations.router,
        me.router,
    ),
    consumes={
        ReviewOpened: reactions.advance_when_review_opens,
        ShortlistProposed: reactions.advance_when_shortlisted,
        NoticePublished: reactions.advance_when_on_notice,
        ReviewCompleted: reactions.advance_when_review_completes,
        BrandRegistered: reactions.advance_when_registered,
        BrandWarned: reactions.advance_when_brand_changes,
        BrandSuspended: reactions.advance_when_brand_changes,
        BrandReinstated: reactions.advance_when_brand_changes,
        BrandRevoked: reactions.advance_when_brand_changes,
        BrandCancelled: reactions.advance_when_brand_changes,
        BrandExpired: reactions.advance_when_brand_changes,
    },
    named_errors={
        "pk_agencies": AgencyCodeTaken,
        "uq_applicants_uscc": ApplicantAlreadyRegistered,
        "uq_programmes_digest": ProgrammeUnchanged,
        "uq_rounds_honour_year": RoundExists,
    },
)
