"""The parts of the notifications service."""

from datetime import timedelta

from common.contracts.applications.applicants import ApplicantCorrected, ApplicantMerged, ApplicantRenamed
from common.contracts.applications.applications import (
    ApplicationAccepted,
    ApplicationLapsed,
    ApplicationMoved,
    ApplicationRecommended,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DeadlineMoved,
    SupplementExtended,
    SupplementRequested,
    WithdrawalRequested,
)
from common.contracts.applications.contacts import ContactChanged
from common.contracts.applications.reminders import TermReminded
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
from common.contracts.review.objections import HearingMoved, HearingOpened
from common.contracts.review.reminders import DeskReminded
from common.contracts.review.reviews import ReviewCompleted, WithdrawalSettled
from common.service import Following, Job, Service
from notifications_service.feed.events import routes as events
from notifications_service.feed.events.following import content_of, keep_in_feed
from notifications_service.letters.contacts import routes as contacts
from notifications_service.letters.contacts.reactions import keep_contact_when_changed
from notifications_service.letters.messages import routes as messages
from notifications_service.letters.messages.mailing import sender
from notifications_service.letters.messages.reactions import remind, write_to_merged, write_to_registered
from notifications_service.letters.parties import reactions as parties
from notifications_service.tables import METADATA, RECORDS

SERVICE = Service(
    name="notifications",
    package="notifications_service",
    metadata=METADATA,
    records=RECORDS,
    routers=(contacts.router, messages.router, events.router),
    consumes={
        ContactChanged: keep_contact_when_changed,
        ApplicantCorrected: write_to_registered,
        ApplicantRenamed: write_to_registered,
        ApplicantMerged: write_to_merged,
        ApplicationSubmitted: parties.learn_parties_when_submitted,
        ApplicationReturned: parties.write_to_applicant,
        ApplicationRecommended: parties.write_to_applicant,
        SupplementRequested: parties.write_to_applicant,
        SupplementExtended: parties.write_to_applicant,
        ApplicationAccepted: parties.learn_recommenders_when_accepted,
        ApplicationRejected: parties.write_to_applicant,
        ApplicationLapsed: parties.write_to_applicant,
        DeadlineMoved: parties.write_to_applicant,
        ApplicationMoved: parties.follow_desk_when_moved,
        TermReminded: remind,
        ApplicationWithdrawn: parties.write_to_applicant,
        WithdrawalRequested: parties.write_to_applicant,
        WithdrawalSettled: parties.write_to_applicant_when_too_late,
        HearingOpened: parties.write_to_firm_about_hearing,
        HearingMoved: parties.write_to_firm_about_hearing,
        DeskReminded: remind,
        ReviewCompleted: parties.write_to_parties_when_completed,
        BrandRegistered: parties.write_to_parties_when_registered,
        BrandTookEffect: parties.write_to_parties_when_brand_changes,
        BrandWarned: parties.write_to_parties_when_brand_changes,
        BrandSuspended: parties.write_to_parties_when_brand_changes,
        BrandReinstated: parties.write_to_parties_when_brand_changes,
        BrandRevoked: parties.write_to_parties_when_brand_changes,
        BrandCancelled: parties.write_to_parties_when_brand_changes,
        BrandExpired: parties.write_to_parties_when_brand_changes,
    },
    follows=Following(read=content_of, keep=keep_in_feed),
    jobs=(Job(name="mail", every=timedelta(seconds=1), run=sender()),),
)
