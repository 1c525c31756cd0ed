"""The base of all other code: actors, errors, events, lifecycles, aggregates, ids, text. Pure: no I/O."""
