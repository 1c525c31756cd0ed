"""What the notifications service is made of."""

from datetime import timedelta

from common.contracts.applications import (
    ApplicationAccepted,
    ApplicationRecommended,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    SupplementRequested,
)
from common.contracts.registry import (
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandSuspended,
    BrandWarned,
)
from common.contracts.review import ReviewCompleted
from common.service import Job, Service
from notifications_service.contacts import routes as contacts
from notifications_service.events import routes as events
from notifications_service.events.following import keep_in_feed
from notifications_service.messages import reactions as telling, routes as messages
from notifications_service.messages.mailing import sender
from notifications_service.parties import reactions as parties
from notifications_service.tables import METADATA, RECORDS

SERVICE = Service(
    name="notifications",
    package="notifications_service",
    metadata=METADATA,
    records=RECORDS,
    routers=(contacts.router, messages.router, events.router),
    consumes={
        ApplicationSubmitted: telling.confirm_when_submitted,
        ApplicationReturned: telling.tell_applicant,
        ApplicationRecommended: telling.tell_applicant,
        SupplementRequested: telling.tell_applicant,
        ApplicationAccepted: parties.learn_parties_when_accepted,
        ApplicationRejected: telling.tell_applicant,
        ApplicationWithdrawn: telling.tell_applicant,
        ReviewCompleted: parties.tell_parties_when_completed,
        BrandRegistered: parties.tell_parties_when_registered,
        BrandWarned: parties.tell_parties_when_brand_changes,
        BrandSuspended: parties.tell_parties_when_brand_changes,
        BrandReinstated: parties.tell_parties_when_brand_changes,
        BrandRevoked: parties.tell_parties_when_brand_changes,
        BrandCancelled: parties.tell_parties_when_brand_changes,
        BrandExpired: parties.tell_parties_when_brand_changes,
    },
    follows=keep_in_feed,
    jobs=(Job(name="mail", every=timedelta(seconds=1), run=sender()),),
)
