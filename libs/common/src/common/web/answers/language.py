"""The language of an answer: Chinese, unless the client prefers English (RFC 9110 §12.5.4)."""

from common.kernel.errors import Lang


def preferred(accept_language: str) -> Lang:
    """Return "en" when the header ranks English above Chinese, else "zh"."""
    ranks = {"zh": 0.0, "en": 0.0}
    for part in accept_language.lower().split(","):
        tag, _, parameters = part.strip().partition(";")
        language = tag.strip().partition("-")[0]
        if language in ranks:
            ranks[language] = max(ranks[language], _quality(parameters))
    return "en" if ranks["en"] > ranks["zh"] else "zh"


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
