"""What can be done with an agency."""

from applications_service.agencies.model import Agency, AgencyKind
from common.storage.work import Work


async def enter_agency(
    work: Work, *, code: str, kind: AgencyKind, name: str, division: str, parent: str | None
) -> Agency:
    """Enter an agency under its code."""
    agency = Agency(id=code, kind=kind, name=name, division=division, parent=parent, created_at=work.now)
    agency.enter()
    return work.add(agency)
