"""The commands on an agency."""

from applications_service.rules.agencies.model import Agency, AgencyKind
from applications_service.rules.agencies.refusals import AgencyNotFound, AgencyParentUnfit
from applications_service.rules.agencies.storage import agencies
from common.storage.work import Work


async def enter_agency(
    work: Work, *, code: str, kind: AgencyKind, name: str, division: str, parent: str | None
) -> Agency:
    """Add an agency under its code, below an agency that has been entered."""
    await _check_parent(work, code, parent)
    agency = Agency(id=code, kind=kind, name=name, division=division, parent=parent, created_at=work.now)
    agency.enter()
    return work.add(agency)


async def correct_agency(
    work: Work, code: str, *, version: int | None, name: str, division: str, parent: str | None, reason: str
) -> Agency:
    """Correct the name, the division or the agency above."""
    agency = await work.get(agencies, code, version=version)
    await _check_parent(work, agency.id, parent)
    agency.correct(name=name, division=division, parent=parent, reason=reason, on=work.today)
    return agency


async def _check_parent(work: Work, code: str, parent: str | None) -> None:
    """Check that the agencies above exist and that this one is not among them. Raises AgencyParentUnfit."""
    above = parent
    while above is not None:
        if above == code:
            raise AgencyParentUnfit(parent=parent)
        try:
            above = (await work.consult(agencies, above)).parent
        except AgencyNotFound:
            raise AgencyParentUnfit(parent=parent) from None
