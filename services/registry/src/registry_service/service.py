"""What the registry is made of."""

from datetime import timedelta

from common.contracts.applications import ProgrammePublished
from common.contracts.review import ReviewCompleted
from common.service import Job, Service, in_one_transaction
from registry_service.acts import routes as acts
from registry_service.acts.commands import let_the_day_come
from registry_service.brands import reactions as registering, routes as brands
from registry_service.holders import routes as holders
from registry_service.rules import reactions as learning
from registry_service.tables import METADATA, RECORDS

SERVICE = Service(
    name="registry",
    package="registry_service",
    metadata=METADATA,
    records=RECORDS,
    routers=(brands.router, acts.router, holders.router),
    consumes={
        ProgrammePublished: learning.learn_rules_when_published,
        ReviewCompleted: registering.register_when_recognised,
    },
    jobs=(Job(name="calendar", every=timedelta(seconds=5), run=in_one_transaction(let_the_day_come)),),
)
