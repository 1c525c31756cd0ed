"""The ranked list: the order of the entries, which are inside the quota, and the reasons as texts for people.

Invariants: the number of admitted entries never exceeds the quota; the input order of the entries has no effect; more
points never make a place worse. Order: total, the named criteria, then a ticket that nobody can choose.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from common.kernel.errors import Lang
from common.programme.parts import Words

TICKET_SHOWN: Final = 16


class Place(StrEnum):
    """The place of an entry on the list."""

    ADMITTED = "admitted"
    RESERVE = "reserve"
    OUTSIDE_QUOTA = "outside_quota"
    BELOW_LINE = "below_line"


@dataclass(frozen=True, slots=True)
class Entry:
    """An application with its official score, and its scores in the criteria that decide ties."""

    id: str
    total: Decimal
    criteria: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def of(cls, application_id: str, arithmetic: Mapping[str, Any] | None) -> "Entry":
        """Return the entry of a score trace stored as JSON (`ScoreTrace.as_json`); raises ValueError without one."""
        if arithmetic is None:
            raise ValueError(f"{application_id} has no official score")
        criteria = {code: Decimal(score) for code, score in arithmetic["criteria"].items()}
        return cls(application_id, Decimal(arithmetic["official"]), criteria)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an entry has its place: a code, both texts as templates, and their parameters as strings."""

    code: str
    zh: str
    en: str
    params: Mapping[str, str]

    def text(self, lang: Lang = "zh") -> str:
        """Return the sentence for the reader."""
        return (self.en if lang == "en" else self.zh).format_map(self.params)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON: the code, both sentences and the parameters."""
        return {"code": self.code, "zh": self.text("zh"), "en": self.text("en"), "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry with its place, counted from 1 without gaps; `tie` is set when another entry has the same total."""

    id: str
    rank: int
    place: Place
    total: Decimal
    ticket: str
    explanation: Explanation
    tie: Explanation | None = None

    @property
    def admitted(self) -> bool:
        """Return whether the entry is inside the quota."""
        return self.place is Place.ADMITTED

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the codes of the explanations."""
        return tuple(each.code for each in (self.explanation, self.tie) if each is not None)

    def as_json(self) -> dict[str, Any]:
        """Return the place as JSON, with decimals as text."""
        return {
            "id": self.id,
            "rank": self.rank,
            "place": self.place.value,
            "total": str(self.total),
            "ticket": self.ticket,
            "explanation": self.explanation.as_json(),
            "tie": self.tie.as_json() if self.tie else None,
        }


_TEXTS: Final[dict[Place, tuple[str, str]]] = {
    Place.ADMITTED: (
        "得分 {total}，第 {rank} 名，在 {quota} 个名额之内。",
        "{total} points, place {rank}: within the quota of {quota}.",
    ),
    Place.RESERVE: (
        "得分 {total}，第 {rank} 名，{quota} 个名额已满（末位得分 {last}，差 {short}），列递补第 {reserve_rank} 名。",
        "{total} points, place {rank}: {quota} places are full (last {last}, {short} short); reserve {reserve_rank}.",
    ),
    Place.OUTSIDE_QUOTA: (
        "得分 {total}，第 {rank} 名，{quota} 个名额已满（末位得分 {last}，差 {short}）。",
        "{total} points, place {rank}: the quota of {quota} is full (last admitted {last}, {short} short).",
    ),
    Place.BELOW_LINE: (
        "得分 {total}，未达到分数线 {line}（差 {short}）。",
        "{total} points: below the quality line of {line} ({short} short).",
    ),
}
_TIED_BY_CRITERION: Final = (
    "与另外 {others} 个申报同为 {total} 分，依次比较后由“{decided_by_zh}”分出先后（本申报 {value}）。",
    "Equal at {total} points with {others} more; parted from its neighbour by '{decided_by_en}' (here {value}).",
)
_TIED_BY_TICKET: Final = (
    "与另外 {others} 个申报同为 {total} 分，各项比较仍相同，由随机签号 {value} 定先后。",
    "Equal at {total} points with {others} more and in every criterion; parted from its neighbour by ticket {value}.",
)


def ticket(seed: str, application_id: str) -> str:
    """Return the ticket of an application as hex: sha256(seed ‖ id), both in UTF-8; the lowest is first."""
    return hashlib.sha256((seed + application_id).encode()).hexdigest()


def rank(
    entries: Collection[Entry],
    *,
    quota: int,
    reserve: int,
    criteria: Sequence[str],
    threshold: Decimal | None,
    seed: str,
    names: Mapping[str, Words] | None = None,
) -> list[Ranked]:
    """Return the entries first to last, at most `quota` of them admitted and the next `reserve` on the reserve list.

    An entry below the threshold is neither admitted nor on the reserve list, even when places are free. Raises
    ValueError for a negative quota, an empty seed, an application named twice, a criterion without a score, or a score
    that is no finite Decimal. `names` are the criteria's names for the explanations.
    """
    _check(entries, criteria, quota=quota, reserve=reserve, seed=seed)
    tickets = {entry.id: ticket(seed, entry.id) for entry in entries}

    def order(entry: Entry) -> tuple[Any, ...]:
        return (-entry.total, *(-entry.criteria[name] for name in criteria), tickets[entry.id])

    ordered = sorted(entries, key=order)
    above_line = [entry for entry in ordered if threshold is None or entry.total >= threshold]
    last = above_line[min(quota, len(above_line)) - 1].total if quota and above_line else None
    ranked = []
    for position, entry in enumerate(ordered):
        if position >= len(above_line):
            place = Place.BELOW_LINE
        elif position < quota:
            place = Place.ADMITTED
        else:
            place = Place.RESERVE if position < quota + reserve else Place.OUTSIDE_QUOTA
        params = {"total": str(entry.total), "rank": str(position + 1), "quota": str(quota)}
        if place is Place.BELOW_LINE and threshold is not None:
            params |= {"line": str(threshold), "short": str(threshold - entry.total)}
        elif place is not Place.ADMITTED:
            params |= {
                "last": "–" if last is None else str(last),
                "short": "–" if last is None else str(last - entry.total),
            }
        if place is Place.RESERVE:
            params["reserve_rank"] = str(position + 1 - quota)
        zh, en = _TEXTS[place]
        ranked.append(
            Ranked(
                id=entry.id,
                rank=position + 1,
                place=place,
                total=entry.total,
                ticket=tickets[entry.id],
                explanation=Explanation(place.value.replace("_", "-"), zh, en, params),
                tie=_tie(ordered, position, criteria, tickets=tickets, names=names or {}),
            )
        )
    return ranked


def _tie(
    ordered: Sequence[Entry],
    position: int,
    criteria: Sequence[str],
    *,
    tickets: Mapping[str, str],
    names: Mapping[str, Words],
) -> Explanation | None:
    """Explain what decided between an entry and the one before it with the same total (the first: the one after)."""
    entry = ordered[position]
    before = ordered[position - 1] if position else None
    after = ordered[position + 1] if position + 1 < len(ordered) else None
    neighbour = next((each for each in (before, after) if each is not None and each.total == entry.total), None)
    if neighbour is None:
        return None
    decided_by = next((name for name in criteria if entry.criteria[name] != neighbour.criteria[name]), None)
    params = {
        "total": str(entry.total),
        "others": str(_equals(ordered, position) - 1),
        "neighbour": neighbour.id,
    }
    if decided_by is None:
        value = tickets[entry.id][:TICKET_SHOWN]
        return Explanation("tie-by-ticket", *_TIED_BY_TICKET, params | {"decided_by": "ticket", "value": value})
    name = names.get(decided_by)
    params |= {
        "decided_by": decided_by,
        "decided_by_zh": name.zh if name else decided_by,
        "decided_by_en": name.en if name else decided_by,
        "value": str(entry.criteria[decided_by]),
    }
    return Explanation("tie-by-criterion", *_TIED_BY_CRITERION, params)


def _equals(ordered: Sequence[Entry], position: int) -> int:
    first = last = position
    while first and ordered[first - 1].total == ordered[position].total:
        first -= 1
    while last + 1 < len(ordered) and ordered[last + 1].total == ordered[position].total:
        last += 1
    return last - first + 1


def _check(entries: Collection[Entry], criteria: Sequence[str], *, quota: int, reserve: int, seed: str) -> None:
    if quota < 0 or reserve < 0:
        raise ValueError("a quota and a reserve list are not negative")
    if not seed:
        raise ValueError("tickets need a seed")
    if len({entry.id for entry in entries}) < len(entries):
        raise ValueError("an application is named twice")
    for entry in entries:
        missing = [name for name in criteria if name not in entry.criteria]
        if missing:
            raise ValueError(f"{entry.id} has no score in {missing[0]}")
        for score in (entry.total, *(entry.criteria[name] for name in criteria)):
            if not isinstance(score, Decimal) or not score.is_finite():
                raise ValueError(f"{entry.id} has a score that is no finite Decimal")
