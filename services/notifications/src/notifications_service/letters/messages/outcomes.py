"""Whose fault it is when a mail is not taken: the table of SMTP outcomes by stage; the first row that fits decides.

Invariant: a recipient is charged only with what a mail server says about him. Everything else is between the mail
server and us and is retried until it is repaired. Sources: RFC 5321, 4.2; enhanced codes RFC 3463, 6531; RFC 7504.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final


class Stage(StrEnum):
    """The stages of handing over one mail, in order."""

    CONNECT = "connect"
    TLS = "tls"
    EHLO = "ehlo"
    AUTH = "auth"
    MAIL_FROM = "mail-from"
    RCPT = "rcpt"
    DATA = "data"
    END_OF_DATA = "end-of-data"


class Answer(StrEnum):
    """What the mail server did instead of going on."""

    REPLIED = "replied"
    UNREACHABLE = "unreachable"
    DISCONNECTED = "disconnected"
    TIMED_OUT = "timed-out"
    NOT_OFFERED = "not-offered"
    UNTRUSTED = "untrusted"
    UNREADABLE = "unreadable"


class Fault(StrEnum):
    """Whose it is, and so what follows."""

    MAIL_SERVER = "mail-server"
    """The mail server refuses us, or does not work: retried until it is repaired, reported by an alarm."""
    LATER = "later"
    """The recipient's mailbox cannot be written to now: retried for three days, then given up."""
    RECIPIENT = "recipient"
    """The recipient is refused for good: given up at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One mail that was not taken; `code` and `enhanced` are those of a reply (535, "5.7.8")."""

    stage: Stage
    answer: Answer
    code: int | None = None
    enhanced: str | None = None
    needs_smtputf8: bool = False

    @property
    def detail(self) -> str:
        """Return the most exact code of what happened."""
        return self.enhanced or (self.answer if self.code is None else str(self.code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: where and what it fits, whose fault that is, and why; an empty column fits everything.

    `codes` are patterns of reply codes, `enhanced` of enhanced codes: `?` stands for one digit, `*` for any number.
    With `enhanced` a row fits only replies that have such a code.
    """

    stages: Sequence[Stage] = tuple(Stage)
    answers: Sequence[Answer] = tuple(Answer)
    codes: Sequence[str] = ()
    enhanced: Sequence[str] = ()
    only_smtputf8: bool = False
    fault: Fault
    why: str

    def fits(self, refusal: Refusal) -> bool:
        """Return whether the row decides about this refusal, if none before it does."""
        return (
            refusal.stage in self.stages
            and refusal.answer in self.answers
            and (not self.codes or _matches(self.codes, str(refusal.code)))
            and (not self.enhanced or _matches(self.enhanced, refusal.enhanced or ""))
            and (refusal.needs_smtputf8 or not self.only_smtputf8)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What follows from a refusal; `reason` is the code that is stored with the message."""

    fault: Fault
    reason: str
    stage: Stage

    @property
    def concerns_every_mail(self) -> bool:
        """Return whether the mail server refused us before it had seen a recipient, so that others would fail too."""
        return self.fault is Fault.MAIL_SERVER and self.stage in BEFORE_RECIPIENT


BEFORE_RECIPIENT: Final = (Stage.CONNECT, Stage.TLS, Stage.EHLO, Stage.AUTH, Stage.MAIL_FROM)
_ABOUT_RECIPIENT: Final = (Stage.RCPT, Stage.DATA, Stage.END_OF_DATA)
_AFTER_RECIPIENT: Final = (Stage.DATA, Stage.END_OF_DATA)
SERVER_REASONS: Final = "mail-server-"
"""What the reasons begin with for which a mail waits until the mail server works and takes our mails."""
WITHOUT_SMTPUTF8: Final = "recipient-needs-smtputf8"

TABLE: Final = (
    Row(
        stages=(Stage.EHLO,),
        answers=(Answer.NOT_OFFERED,),
        only_smtputf8=True,
        fault=Fault.RECIPIENT,
        why="the mail server has no SMTPUTF8, which this address needs",
    ),
    Row(
        stages=(Stage.MAIL_FROM, *_ABOUT_RECIPIENT),
        answers=(Answer.REPLIED,),
        codes=("5??",),
        enhanced=("5.6.7", "5.6.8", "5.6.9"),
        only_smtputf8=True,
        fault=Fault.RECIPIENT,
        why="a mail server on the way has no SMTPUTF8, which this address needs",
    ),
    Row(stages=BEFORE_RECIPIENT, fault=Fault.MAIL_SERVER, why="no recipient has been named yet"),
    Row(
        answers=tuple(each for each in Answer if each is not Answer.REPLIED),
        fault=Fault.MAIL_SERVER,
        why="the connection broke; it says nothing about a recipient",
    ),
    Row(codes=("421",), fault=Fault.MAIL_SERVER, why="the mail server is closing"),
    Row(codes=("530", "534", "535", "538"), fault=Fault.MAIL_SERVER, why="the mail server asks us to log in"),
    Row(enhanced=("?.1.7", "?.1.8"), fault=Fault.MAIL_SERVER, why="it is our sender address that is refused"),
    Row(enhanced=("?.2.3", "?.3.4"), fault=Fault.MAIL_SERVER, why="our mail is too large"),
    Row(
        codes=("4??",),
        enhanced=("4.1.*", "4.2.*"),
        fault=Fault.LATER,
        why="the address or mailbox cannot be used now",
    ),
    Row(
        codes=("5??",),
        enhanced=("5.1.*", "5.2.*"),
        fault=Fault.RECIPIENT,
        why="the address or mailbox does not exist, is disabled or full",
    ),
    Row(
        stages=(Stage.RCPT,),
        codes=("4??",),
        enhanced=("4.4.*",),
        fault=Fault.LATER,
        why="the way to the recipient's mail server is interrupted",
    ),
    Row(
        stages=(Stage.RCPT,),
        codes=("5??",),
        enhanced=("5.4.*",),
        fault=Fault.RECIPIENT,
        why="there is no way to the recipient's domain",
    ),
    Row(
        enhanced=("?.3.*", "?.4.*", "?.5.*", "?.6.*", "?.7.*"),
        fault=Fault.MAIL_SERVER,
        why="system, network, protocol, content or policy: the mail server's state, or its opinion of us",
    ),
    Row(
        stages=(Stage.RCPT,),
        codes=("450", "451"),
        fault=Fault.LATER,
        why="the mailbox is busy or locked, or the server greylists",
    ),
    Row(
        stages=(Stage.RCPT,),
        codes=("550", "551", "552", "553", "556"),
        fault=Fault.RECIPIENT,
        why="the mailbox does not exist, has moved, is full, or its domain takes no mail",
    ),
    Row(
        stages=(Stage.RCPT,),
        fault=Fault.MAIL_SERVER,
        why="a syntax, order or policy answer that names no mailbox",
    ),
    Row(
        stages=_AFTER_RECIPIENT,
        fault=Fault.MAIL_SERVER,
        why="the recipient had been accepted: it is the mail or its sender that is refused",
    ),
)  # fmt: skip


def outcome(refusal: Refusal) -> Outcome:
    """Return what follows from a refusal."""
    row = next(row for row in TABLE if row.fits(refusal))
    return Outcome(fault=row.fault, reason=_reason(row.fault, refusal), stage=refusal.stage)


def _reason(fault: Fault, refusal: Refusal) -> str:
    if fault is Fault.MAIL_SERVER:
        return f"{SERVER_REASONS}{refusal.stage}-{refusal.detail}"
    if fault is Fault.LATER:
        return f"recipient-later-{refusal.detail}"
    if refusal.answer is Answer.NOT_OFFERED or refusal.enhanced in {"5.6.7", "5.6.8", "5.6.9"}:
        return WITHOUT_SMTPUTF8
    return f"recipient-refused-{refusal.detail}"


_ENHANCED: Final = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")


def enhanced_code(code: int, text: str) -> str | None:
    """Return the enhanced code (RFC 2034) at the beginning of a reply's text, None without one that fits the code."""
    found = _ENHANCED.match(text)
    return found[1] if found and found[1][0] == str(code)[0] else None


def _matches(patterns: Sequence[str], code: str) -> bool:
    return any(fnmatchcase(code, pattern) for pattern in patterns)
