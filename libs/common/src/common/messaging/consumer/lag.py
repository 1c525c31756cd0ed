"""The lag of a consumer, measured outside its transactions: records behind per topic, and blocked keys by reason."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, select

from common.messaging import metrics
from common.messaging.bus import Bus, Partition
from common.messaging.consumer.parking import WHYS, is_first, why_blocked
from common.messaging.consumer.transactions import Group
from common.storage.service import ServiceStorage


async def report_lag(storage: ServiceStorage, bus: Bus, group: Group, next_offsets: Mapping[Partition, int]) -> None:
    """Set the metrics of lag, from the next offset of each assigned partition, and of parked keys. Raises Transient."""
    labels = (storage.service, group.name)
    heads = await bus.heads(group.topics)
    lag: Counter[str] = Counter(dict.fromkeys(group.topics, 0))
    for partition, offset in next_offsets.items():
        lag[partition.topic] += heads[partition] - offset
    for topic, behind in lag.items():
        metrics.LAG.labels(*labels, topic).set(behind)
    parked = storage.records.parked
    why = why_blocked(parked)
    asked = select(why, func.count(), func.min(parked.c.parked_at)).where(
        parked.c.consumer == group.name, is_first(parked)
    )
    async with storage.database.read() as connection:
        found = {reason: (count, oldest) for reason, count, oldest in await connection.execute(asked.group_by(why))}
    for reason in WHYS:
        metrics.PARKED_KEYS.labels(*labels, reason).set(found.get(reason, (0, None))[0])
    oldest = found.get("waiting", (0, None))[1]
    age = 0.0 if oldest is None else (storage.instruments.system.now() - oldest).total_seconds()
    metrics.WAITING_AGE.labels(*labels).set(age)
