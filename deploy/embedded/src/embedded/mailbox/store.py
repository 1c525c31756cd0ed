"""Stores each accepted mail as one .eml file; a mail that is received twice is stored twice, so that this can be seen.

The file and its name are on disk before the sender receives the acceptance.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from common.files.atomic import write_durably
from common.files.private import private_folder
from common.kernel.clock import Clock
from common.kernel.ids import Ids
from embedded.mailbox.mail import Content, Mail, read_content, read_summary, stamped

_ID: Final = re.compile(r"mail_[0-9a-f-]{36}")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of mails, newest first, with the number of mails per Message-ID and the counts of all that match."""

    mails: tuple[Mail, ...]
    copies: dict[str, int]
    total: int
    distinct: int
    next: str | None


class MailStore:
    """The mails of one folder. A file never changes, so its summary is read only once. Usable by several threads."""

    def __init__(self, folder: Path, *, ids: Ids, clock: Clock) -> None:
        self._folder = folder
        self._ids = ids
        self._clock = clock
        self._known: dict[str, Mail] = {}
        self._lock = Lock()
        private_folder(folder)

    def keep(self, content: bytes, *, sender: str, recipients: list[str]) -> str:
        """Store a mail and return its id. Raises OSError when it cannot be written; then nothing is stored."""
        mail_id = self._ids("mail")
        stored = stamped(content, sender=sender, recipients=recipients, received_at=self._clock.now())
        write_durably(self._folder / f"{mail_id}.eml", stored)
        return mail_id

    def listing(self, *, recipient: str = "", before: str | None = None, limit: int = 50) -> Listing:
        """Return the mails to a recipient (any part of the address, case ignored), older than the id `before`."""
        wanted = recipient.strip().casefold()
        return self._list(lambda mail: wanted in ", ".join(mail.recipients).casefold(), before=before, limit=limit)

    def mail(self, mail_id: str) -> tuple[Mail, Content] | None:
        """Return a mail and its content, None for an unknown id."""
        raw = self.raw(mail_id)
        return None if raw is None else (read_summary(mail_id, raw), read_content(raw))

    def raw(self, mail_id: str) -> bytes | None:
        """Return a mail's file, None for an unknown id."""
        if not _ID.fullmatch(mail_id):
            return None
        try:
            return (self._folder / f"{mail_id}.eml").read_bytes()
        except FileNotFoundError:
            return None

    def _list(self, matches: Callable[[Mail], bool], *, before: str | None, limit: int) -> Listing:
        mails = [mail for mail in self._all() if matches(mail)]
        page = [mail for mail in mails if before is None or mail.id < before]
        copies = Counter(mail.message_id or mail.id for mail in mails)
        return Listing(
            mails=tuple(page[:limit]),
            copies={mail.id: copies[mail.message_id or mail.id] for mail in page[:limit]},
            total=len(mails),
            distinct=len(copies),
            next=page[limit - 1].id if len(page) > limit else None,
        )

    def _all(self) -> list[Mail]:
        with self._lock:
            names = {path.stem for path in self._folder.glob("mail_*.eml")}
            for mail_id in names - self._known.keys():
                raw = self.raw(mail_id)
                if raw is not None:
                    self._known[mail_id] = read_summary(mail_id, raw)
            return [self._known[mail_id] for mail_id in sorted(names & self._known.keys(), reverse=True)]
