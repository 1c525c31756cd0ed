"""Why an expert cannot be had or entered."""

from common.errors import Conflict, NotFound


class ExpertNotFound(NotFound):
    """No such expert."""

    code = "expert-not-found"
    zh = "未找到专家 {key}。"
    en = "There is no expert {key}."


class ExpertAlreadyEntered(Conflict):
    """The person is in the pool already."""

    code = "expert-already-entered"
    zh = "该专家已在专家库中。"
    en = "This person is in the pool of experts already."
