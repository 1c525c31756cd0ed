"""The metrics of messaging: backlog, lag, retries, dead letters, blocked keys. One registry per process."""

from typing import Final

from prometheus_client import Counter, Gauge

_CONSUMER: Final = ("service", "consumer")

OUTBOX_DEPTH: Final = Gauge("mingpai_outbox_rows", "Rows that wait to be published", ["service"])
OUTBOX_AGE: Final = Gauge("mingpai_outbox_oldest_seconds", "Age of the oldest row that waits", ["service"])
PUBLISHED: Final = Counter("mingpai_outbox_published", "Rows acknowledged by the bus", ["service"])
PUBLISH_FAILURES: Final = Counter("mingpai_outbox_failures", "Rows not acknowledged, by reason", ["service", "code"])
RELAY_ACTIVE: Final = Gauge("mingpai_relay_active", "1 while this process publishes for the service", ["service"])

WARNINGS: Final = Gauge("mingpai_service_warnings", "Reasons for which the service is degraded", ["service"])

LAG: Final = Gauge("mingpai_consumer_lag_records", "Records behind the head of the log", [*_CONSUMER, "topic"])
AGE: Final = Gauge("mingpai_consumer_age_seconds", "Age of the newest event when it was processed", list(_CONSUMER))
TAKEN: Final = Counter("mingpai_consumer_taken", "Events whose effect is committed", list(_CONSUMER))
ABSORBED: Final = Counter("mingpai_consumer_absorbed", "Events that had been processed before", list(_CONSUMER))
SKIPPED: Final = Counter("mingpai_consumer_skipped", "Events of no interest or of an unknown type", list(_CONSUMER))
RETRIES: Final = Counter("mingpai_consumer_retries", "Failed attempts that were retried", list(_CONSUMER))
DEAD_LETTERS: Final = Counter("mingpai_consumer_dead_letters", "Events set aside, by reason", [*_CONSUMER, "code"])
DATABASE_DOWN: Final = Counter("mingpai_consumer_unavailable", "Times database or bus was unavailable", list(_CONSUMER))
PAUSED: Final = Gauge("mingpai_consumer_paused", "1 while the kill switch is open", list(_CONSUMER))
PARKED_KEYS: Final = Gauge("mingpai_consumer_parked_keys", "Keys with parked events", [*_CONSUMER, "why"])
WAITING_AGE: Final = Gauge("mingpai_consumer_waiting_oldest_seconds", "Age of the longest wait", list(_CONSUMER))
