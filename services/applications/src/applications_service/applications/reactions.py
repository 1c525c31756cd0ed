"""How an application's stage follows what review and registry tell."""

from applications_service.applications.storage import applications
from common.contracts.registry import BrandEvent, BrandRegistered
from common.contracts.review import NoticePublished, ReviewCompleted, ReviewOpened, ShortlistProposed
from common.storage.work import Work


async def advance_when_review_opens(work: Work, event: ReviewOpened) -> None:
    """The application is under review."""
    for application in await work.find(applications, applications.by == event.application_id):
        application.advance(stage="under_review")


async def advance_when_shortlisted(work: Work, event: ShortlistProposed) -> None:
    """The list has been proposed: each application of it is on the shortlist or outside it."""
    admitted = {item.application_id: item.admitted for item in event.items}
    for application in await work.find(applications, applications.by.in_(admitted)):
        application.advance(stage="shortlisted" if admitted[application.id] else "outside_shortlist")


async def advance_when_on_notice(work: Work, event: NoticePublished) -> None:
    """The shortlist is shown to the public."""
    named = [item.application_id for item in event.items]
    for application in await work.find(applications, applications.by.in_(named)):
        application.advance(stage="on_notice")


async def advance_when_review_completes(work: Work, event: ReviewCompleted) -> None:
    """The review has its outcome; a withdrawal is too late from now on."""
    for application in await work.find(applications, applications.by == event.application_id):
        application.advance(stage=str(event.outcome), outcome=str(event.outcome))


async def advance_when_registered(work: Work, event: BrandRegistered) -> None:
    """The brand stands in the registry under its number."""
    for application in await work.find(applications, applications.by == event.application_id):
        application.advance(stage="registered", brand_number=event.number)


async def advance_when_brand_changes(work: Work, event: BrandEvent) -> None:
    """What becomes of the brand shows in the application that won it."""
    for application in await work.find(applications, applications.model.brand_number == event.number):
        application.advance(stage=f"brand_{event.state}")
