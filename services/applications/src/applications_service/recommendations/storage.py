"""Recommendations are seen by whoever sees the application."""

from typing import Any

from sqlalchemy import Select, select

from applications_service.applications.model import Application
from applications_service.applications.storage import visible
from applications_service.recommendations.model import Recommendation
from common.actor import Actor


def list_query(actor: Actor) -> Select[Any]:
    """Select the decisions on applications that the actor sees."""
    seen = select(Application.id).where(visible(actor))
    return select(Recommendation.__table__).where(Recommendation.application_id.in_(seen))
