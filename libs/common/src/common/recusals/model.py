"""A service's copy of a recusal that the review holds."""

from sqlalchemy.orm import Mapped, mapped_column

from common.kernel.model import Aggregate


class LearnedRecusal(Aggregate):
    """One recusal, under the id that the review gave it."""

    __abstract__ = True

    person: Mapped[str] = mapped_column(index=True)
    applicant: Mapped[str]
    in_force: Mapped[bool] = mapped_column(default=True)
