"""The refusals of reading, releasing or refusing a registration."""

from common.kernel.errors import NotFound, Refused


class RegistrationNotFound(NotFound):
    """There is no such registration, or the actor may not see it."""

    code = "registration-not-found"
    zh = "未找到登记事项 {key}。"
    en = "There is no registration {key}."


class RegistrationDone(Refused):
    """The title is in the register; only an act on the brand can change it."""

    code = "registration-done"
    zh = "该称号已经登记；如需处置，应按处置程序办理。"
    en = "The title has been registered; only an act on the brand can change it."


class RegistrationRefused(Refused):
    """A refused registration stays refused."""

    code = "registration-refused"
    zh = "该登记事项已被拒绝登记。"
    en = "The registration has been refused."
