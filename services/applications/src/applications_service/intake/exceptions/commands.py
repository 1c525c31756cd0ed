"""The command that admits a code."""

from applications_service.intake.exceptions.model import AdmittedCode
from common.storage.work import Work


async def admit_uscc(work: Work, *, uscc: str, reason: str) -> AdmittedCode:
    """Admit a code that was really given although its check character is wrong."""
    admitted = AdmittedCode(
        id=uscc, reason=reason, agency=work.actor.org, admitted_by=work.actor.sub, admitted_at=work.now
    )
    admitted.admit()
    return work.add(admitted)
