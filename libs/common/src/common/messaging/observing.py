"""Measuring a consumer from outside its work: how far behind each topic is, and which keys stand still and why."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import case, func, select

from common.messaging import metrics
from common.messaging.bus import Bus, Partition
from common.messaging.home import Home
from common.messaging.taking import Group


async def observe(home: Home, bus: Bus, group: Group, following: Mapping[Partition, int]) -> None:
    """Set lag per topic, from the next offsets of the partitions being read, and the parked keys. Raises Transient."""
    labels = (home.service, group.name)
    heads = await bus.heads(group.topics)
    lag: Counter[str] = Counter(dict.fromkeys(group.topics, 0))
    for partition, offset in following.items():
        lag[partition.topic] += heads[partition] - offset
    for topic, behind in lag.items():
        metrics.LAG.labels(*labels, topic).set(behind)
    parked = home.records.parked
    why = case((parked.c.dead, "dead"), (parked.c.waiting_for.is_not(None), "waiting"), else_="ready")
    heads_of_keys = parked.c.dead | parked.c.ready | parked.c.waiting_for.is_not(None)
    asked = select(why, func.count(), func.min(parked.c.parked_at)).where(
        parked.c.consumer == group.name, heads_of_keys
    )
    async with home.database.read() as connection:
        found = {reason: (count, oldest) for reason, count, oldest in await connection.execute(asked.group_by(why))}
    for reason in ("dead", "waiting", "ready"):
        metrics.PARKED_KEYS.labels(*labels, reason).set(found.get(reason, (0, None))[0])
    oldest = found.get("waiting", (0, None))[1]
    age = 0.0 if oldest is None else (home.clock.now() - oldest).total_seconds()
    metrics.WAITING_AGE.labels(*labels).set(age)
