"""The parts of the registry service."""

from datetime import timedelta

from common.contracts.applications.applications import ApplicationAccepted
from common.contracts.applications.programmes import ProgrammePublished
from common.contracts.applications.rounds import RoundOpened
from common.contracts.review.announcements import AnnouncementPublished
from common.contracts.review.deliberations import ListConfirmed
from common.contracts.review.reviews import ReviewCompleted
from common.service import Job, Service, in_one_transaction
from registry_service.register.brands import routes as brands
from registry_service.register.editions import reactions as learning
from registry_service.register.grounds import reactions as grounds
from registry_service.register.holders import routes as holders
from registry_service.register.registrations import reactions as registering, routes as registrations
from registry_service.register.registrations.commands import overdue_registrations
from registry_service.supervision.acts import routes as acts
from registry_service.supervision.acts.commands import let_the_day_come
from registry_service.tables import METADATA, RECORDS

SERVICE = Service(
    name="registry",
    package="registry_service",
    metadata=METADATA,
    records=RECORDS,
    routers=(brands.router, acts.router, holders.router, registrations.router),
    consumes={
        ProgrammePublished: learning.learn_rules_when_published,
        ReviewCompleted: registering.register_when_recognised,
    },
    projects={
        "grounds": {
            RoundOpened: grounds.learn_round_when_opened,
            ApplicationAccepted: grounds.learn_acceptance_when_accepted,
            ListConfirmed: grounds.learn_list_when_confirmed,
            AnnouncementPublished: grounds.learn_announcement_when_published,
            ReviewCompleted: registering.receive_when_recognised,
        },
    },
    jobs=(Job(name="calendar", every=timedelta(seconds=5), run=in_one_transaction(let_the_day_come)),),
    warns=overdue_registrations,
)
