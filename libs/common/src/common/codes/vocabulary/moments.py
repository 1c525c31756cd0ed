"""Instants and legal dates as people read them: Beijing time, and the form of an official document in Chinese."""

from datetime import date, datetime
from typing import Literal

from common.kernel.clock import SHANGHAI


def shown_instant(at: datetime, lang: Literal["zh", "en"]) -> str:
    """Return an aware instant as people in Shandong read it, to the minute."""
    local = at.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d %H:%M} (Beijing)" if lang == "en" else f"{shown_date(local, lang)} {local:%H:%M}"


def shown_date(day: date, lang: Literal["zh", "en"]) -> str:
    """Return a legal date as it is written in a document."""
    return f"{day:%Y-%m-%d}" if lang == "en" else f"{day.year}年{day.month}月{day.day}日"
