"""Says what a platform that was killed has lost, doubled or reordered; independent of the product's code.

It compares the stored data (`picture`) with the promises. Nothing may be in progress any more; each finding is
one sentence, and an empty list means that every promise was kept.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from support.faults.picture import SERVICES, Picture, Published

READS = {
    "applications": ("review", "registry"),
    "review": ("applications",),
    "registry": ("applications", "review"),
    "registry-grounds": ("applications", "review"),
    "notifications": ("applications", "review", "registry"),
}
"""Whose internal topic each service's consumer reads; the feed's consumer reads every other topic."""
FEED = "notifications-feed"
NOTIFIED_BY_MAIL = (".applications.Application", ".review.ReviewCompleted.", ".registry.Brand")
NOT_NOTIFIED = (".SupplementReceived.",)
UNDER_WAY = ("queued", "sending")


def findings(picture: Picture) -> list[str]:
    """Return everything that is wrong with the picture."""
    first = _first(picture.log)
    rules = (_order, _events, _projections, _settled, _taken, _effects, _messages, _feed, _chain, _mails)
    return [finding for rule in rules for finding in rule(picture, first)]


def unkept(picture: Picture, acknowledged: Iterable[str]) -> list[str]:
    """Return a finding for each acknowledged request whose work is nowhere in the audit."""
    kept = {row.request for row in picture.audit}
    return [
        f"the acknowledged request {one} has left nothing" for one in dict.fromkeys(acknowledged) if one not in kept
    ]


First = Mapping[tuple[str, str], Published]
"""The first occurrence of each event in each topic, in order; what comes again later is absorbed by every reader."""


def _first(log: Iterable[Published]) -> dict[tuple[str, str], Published]:
    first: dict[tuple[str, str], Published] = {}
    for one in log:
        first.setdefault((one.topic, one.id), one)
    return first


def _order(picture: Picture, first: First) -> Iterator[str]:
    """Order per subject: sequences rise by one from 1 in each topic, in one partition; what comes again is the same."""
    last: dict[tuple[str, str], int] = defaultdict(int)
    home: dict[tuple[str, str], int] = {}
    for one in picture.log:
        earlier, subject = first[one.topic, one.id], (one.topic, one.key)
        if home.setdefault(subject, one.partition) != one.partition:
            yield f"{one.key} appears in two partitions of {one.topic}"
        if earlier is one:
            if one.sequence != last[subject] + 1:
                yield f"{one.key} in {one.topic}: sequence {one.sequence} follows {last[subject]}"
            last[subject] = one.sequence or 0
        elif picture.absorbs:
            yield f"{one.id} appears twice in {one.topic}"
        elif (earlier.key, earlier.sequence, earlier.digest) != (one.key, one.sequence, one.digest):
            yield f"{one.id} says two things in {one.topic}"


def _events(picture: Picture, first: First) -> Iterator[str]:
    """Every committed outward move has its one event in the log, with the content that was committed."""
    for service in SERVICES:
        published = {one.id: one.digest for one in first.values() if one.topic == _internal(service)}
        for row in picture.audit:
            if row.service != service or row.digest is None:
                continue
            said = published.pop(row.id, None)
            if said is None:
                yield f"{service}: the committed move {row.id} has no event"
            elif said != row.digest:
                yield f"{service}: the event {row.id} says something else than was committed"
        yield from (f"{service}: the event {event_id} has no committed move" for event_id in published)


def _projections(_: Picture, first: First) -> Iterator[str]:
    """Every event of the outside topics is also in the internal topic, and the other way round."""
    inside = {(one.topic.split(".")[1], one.key, one.id) for one in first.values() if ".internal." in one.topic}
    outside = [one for one in first.values() if ".internal." not in one.topic]
    shown = {(one.topic.split(".")[1], one.key) for one in outside}
    projected = {(one.topic.split(".")[1], one.key, one.id) for one in outside}
    yield from (f"{service}: {event_id} appears outside only" for service, _, event_id in projected - inside)
    for service, key, event_id in inside - projected:
        if (service, key) in shown:
            yield f"{service}: {event_id} is missing in the outside topic"


def _settled(picture: Picture, _: First) -> Iterator[str]:
    """Nothing is in progress: outboxes are empty, everything was consumed, no key is blocked."""
    for (service, table), count in Counter((one.service, one.table) for one in picture.left).items():
        yield f"{service}: {count} rows are left in {table}"
    for one in picture.taken:
        head = picture.heads.get(one.place, 0)
        if one.next_offset != head:
            yield f"{one.service}: {one.consumer} took {one.next_offset} of {head} in {one.place[0]}"


def _taken(picture: Picture, first: First) -> Iterator[str]:
    """Every consumer has taken every event of the topics that it reads."""
    for consumer in (*READS, FEED):
        inbox = picture.inboxes.get(consumer, frozenset())
        for topic, event_id in first:
            if _reads(consumer, topic) and event_id not in inbox:
                yield f"{consumer} has not taken {event_id} of {topic}"


def _effects(picture: Picture, first: First) -> Iterator[str]:
    """One effect per event: one review per acceptance, one brand per decision."""
    opened = Counter(review.application for review in picture.reviews)
    accepted = {one.key for one in first.values() if ".ApplicationAccepted." in one.type}
    for application in accepted | opened.keys():
        if opened[application] != (application in accepted):
            yield f"the application {application} has {opened[application]} reviews"
    recognised = {review.id for review in picture.reviews if review.state == "recognised"}
    registered = Counter(picture.brands)
    for review in recognised | registered.keys():
        if registered[review] != (review in recognised):
            yield f"the review {review} has {registered[review]} brands"


def _messages(picture: Picture, first: First) -> Iterator[str]:
    """Every event with notifications has its messages, one for each organisation."""
    for (event, org), count in Counter((one.event, one.org) for one in picture.messages).items():
        if count != 1:
            yield f"{count} messages to {org} about {event}"
    written = {one.event for one in picture.messages}
    for (topic, event_id), one in first.items():
        due = any(part in one.type for part in NOTIFIED_BY_MAIL) and not any(part in one.type for part in NOT_NOTIFIED)
        if due and ".internal." in topic and event_id not in written:
            yield f"no message was written about {event_id}, {one.type}"


def _feed(picture: Picture, first: First) -> Iterator[str]:
    """The feed holds every outside event once, at positions without a gap."""
    if [position for position, _ in picture.feed] != list(range(1, len(picture.feed) + 1)):
        yield "the positions of the feed have gaps"
    held = Counter(event_id for _, event_id in picture.feed)
    outside = {event_id for topic, event_id in first if ".internal." not in topic}
    for event_id in outside | held.keys():
        if held[event_id] != (event_id in outside):
            yield f"the event {event_id} appears {held[event_id]} times in the feed"


def _chain(picture: Picture, _: First) -> Iterator[str]:
    """Sealed rows hang together: positions without a gap, each naming the hash before it."""
    for service in SERVICES:
        rows = [row for row in picture.audit if row.service == service and row.position is not None]
        rows.sort(key=lambda row: row.position or 0)
        for index, row in enumerate(rows):
            if row.position != index or (index and row.previous != rows[index - 1].hash):
                yield f"{service}: the audit chain is broken at {row.position}"


def _mails(picture: Picture, _: First) -> Iterator[str]:
    """Every delivered message is a mail; the same mail may be there twice, another one under its Message-ID may not."""
    texts: dict[str, set[str]] = defaultdict(set)
    for mail_id, text in picture.mails:
        texts[mail_id].add(text)
    sent = {mail_id.strip("<>").partition("@")[0] for mail_id in texts}
    for one in picture.messages:
        if one.state in UNDER_WAY:
            yield f"the message {one.id} is still {one.state}"
        if one.state == "delivered" and one.id not in sent:
            yield f"the delivered message {one.id} was never sent"
    yield from (f"{mail_id} names {len(said)} different mails" for mail_id, said in texts.items() if len(said) > 1)


def _internal(service: str) -> str:
    return f"mingpai.{service}.internal.v1"


def _reads(consumer: str, topic: str) -> bool:
    if consumer == FEED:
        return ".internal." not in topic
    return topic in {_internal(producer) for producer in READS[consumer]}
