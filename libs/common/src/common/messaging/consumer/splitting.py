"""The number of records in the next transaction after a failed one. Pure: no I/O.

Invariant: records are settled in order, and a record is judged only when it is the first of its attempt, so that
everything before it is already committed.
"""


class BatchSplitter:
    """Divides a batch at its failing records; what did not fail is never attempted in smaller parts than needed.

    The caller attempts the first `size` of the `remaining` records and reports how it went: `committed` or `failed`.
    """

    def __init__(self, count: int) -> None:
        self._parts = [count]  # the sizes of the parts still to be attempted, the next one last

    @property
    def remaining(self) -> int:
        """The number of records that are not settled."""
        return sum(self._parts)

    @property
    def size(self) -> int:
        """The number of records to attempt next."""
        return self._parts[-1]

    def committed(self) -> None:
        """Move on behind the attempted records."""
        self._parts.pop()

    def failed(self, index: int | None) -> bool:
        """Divide the attempt; True when its first record failed: the caller parks that one, and the rest follow it.

        `index` is the failing record's place in the attempt, None when it is unknown: then the attempt is halved.
        """
        size = self._parts.pop()
        if index is None and size > 1:
            self._parts += [size - size // 2, size // 2]
            return False
        if index:
            self._parts += [size - index, index]  # commit the good records before it first
            return False
        if size > 1:
            self._parts.append(size - 1)
        return True
