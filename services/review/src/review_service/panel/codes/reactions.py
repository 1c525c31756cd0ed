"""The reaction that learns a code which an officer of the recognition body admitted."""

from common.contracts.applications.usccs import UsccExceptionAdmitted
from common.storage.work import Work
from review_service.panel.codes.model import AdmittedCode


async def learn_code_when_admitted(work: Work, event: UsccExceptionAdmitted) -> None:
    """Take the code from now on; a code is admitted once."""
    work.add(AdmittedCode.learned(event))
