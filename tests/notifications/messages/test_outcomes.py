"""Whose fault a mail is that was not taken: by hand for every stage, over a real connection, and for whole classes."""

import itertools
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from notifications_service.letters.messages.handover import hand_over
from notifications_service.letters.messages.letter import Letter
from notifications_service.letters.messages.outcomes import (
    BEFORE_RECIPIENT,
    TABLE,
    Answer,
    Fault,
    Outcome,
    Refusal,
    Row,
    Stage,
    enhanced_code,
    outcome,
)
from support.service.alone import START
from support.service.smtpscript import CLOSE, GARBAGE, HANG, smtp_script

RELAY, LATER, RECIPIENT = Fault.MAIL_SERVER, Fault.LATER, Fault.RECIPIENT
WITHOUT_REPLY = frozenset(Answer) - {Answer.REPLIED}
NO_UTF8 = "250-scripted\r\n250-AUTH PLAIN\r\n250 8BITMIME"
PLAIN = "250 scripted"
CHINESE = "张三@例子.中国"


@dataclass(frozen=True)
class Case:
    """At this command the server answers so; `to` is the recipient."""

    command: str
    reply: str
    fault: Fault
    reason: str
    to: str = "li@applicant.example"
    log_in: bool = False
    tls: bool = False


CASES = [
    # connect
    Case("CONNECT", "554 5.3.2 no service", RELAY, "mail-server-connect-5.3.2"),
    Case("CONNECT", "421 too many connections", RELAY, "mail-server-connect-421"),
    Case("CONNECT", CLOSE, RELAY, "mail-server-connect-unreachable"),
    Case("CONNECT", HANG, RELAY, "mail-server-connect-timed-out"),
    Case("CONNECT", GARBAGE, RELAY, "mail-server-connect-unreadable"),
    # EHLO
    Case("EHLO", "550 5.7.1 who are you", RELAY, "mail-server-ehlo-5.7.1"),
    Case("EHLO", "451 later", RELAY, "mail-server-ehlo-451"),
    Case("EHLO", CLOSE, RELAY, "mail-server-ehlo-disconnected"),
    Case("EHLO", NO_UTF8, RECIPIENT, "recipient-needs-smtputf8", to=CHINESE),
    # TLS
    Case("EHLO", PLAIN, RELAY, "mail-server-tls-not-offered", tls=True),
    Case("STARTTLS", "454 4.7.0 not now", RELAY, "mail-server-tls-4.7.0", tls=True),
    Case("STARTTLS", CLOSE, RELAY, "mail-server-tls-disconnected", tls=True),
    Case("STARTTLS", "220 go ahead", RELAY, "mail-server-tls-untrusted", tls=True),
    # AUTH
    Case("EHLO", PLAIN, RELAY, "mail-server-auth-not-offered", log_in=True),
    Case("AUTH", "535 5.7.8 wrong password", RELAY, "mail-server-auth-5.7.8", log_in=True),
    Case("AUTH", "535 wrong password", RELAY, "mail-server-auth-535", log_in=True),
    Case("AUTH", "454 4.7.0 temporary failure", RELAY, "mail-server-auth-4.7.0", log_in=True),
    Case("AUTH", "421 4.7.0 too many failures", RELAY, "mail-server-auth-4.7.0", log_in=True),
    Case("AUTH", "421 too many failures", RELAY, "mail-server-auth-421", log_in=True),
    Case("AUTH", CLOSE, RELAY, "mail-server-auth-disconnected", log_in=True),
    # MAIL FROM
    Case("MAIL", "550 5.7.1 sender not allowed", RELAY, "mail-server-mail-from-5.7.1"),
    Case("MAIL", "550 sender not allowed", RELAY, "mail-server-mail-from-550"),
    Case("MAIL", "553 5.1.8 sender domain unknown", RELAY, "mail-server-mail-from-5.1.8"),
    Case("MAIL", "530 5.7.0 log in first", RELAY, "mail-server-mail-from-5.7.0"),
    Case("MAIL", "452 4.3.1 disk full", RELAY, "mail-server-mail-from-4.3.1"),
    Case("MAIL", "552 5.3.4 too large", RELAY, "mail-server-mail-from-5.3.4"),
    Case("MAIL", "550 5.6.7 not without SMTPUTF8", RECIPIENT, "recipient-needs-smtputf8", to=CHINESE),
    Case("MAIL", "550 5.6.7 strange", RELAY, "mail-server-mail-from-5.6.7"),
    Case("MAIL", HANG, RELAY, "mail-server-mail-from-timed-out"),
    # RCPT
    Case("RCPT", "550 5.1.1 no such user", RECIPIENT, "recipient-refused-5.1.1"),
    Case("RCPT", "550 no such user", RECIPIENT, "recipient-refused-550"),
    Case("RCPT", "550 5.1.10 null MX", RECIPIENT, "recipient-refused-5.1.10"),
    Case("RCPT", "552 5.2.2 mailbox full", RECIPIENT, "recipient-refused-5.2.2"),
    Case("RCPT", "551 user not local", RECIPIENT, "recipient-refused-551"),
    Case("RCPT", "556 5.1.10 takes no mail", RECIPIENT, "recipient-refused-5.1.10"),
    Case("RCPT", "550 5.4.4 no way to the domain", RECIPIENT, "recipient-refused-5.4.4"),
    Case("RCPT", "550 5.6.7 SMTPUTF8 needed", RECIPIENT, "recipient-needs-smtputf8", to=CHINESE),
    Case("RCPT", "450 4.2.1 mailbox busy", LATER, "recipient-later-4.2.1"),
    Case("RCPT", "450 try later", LATER, "recipient-later-450"),
    Case("RCPT", "451 4.4.1 no connection to his server", LATER, "recipient-later-4.4.1"),
    Case("RCPT", "452 4.2.2 mailbox full", LATER, "recipient-later-4.2.2"),
    Case("RCPT", "554 5.7.1 relay access denied", RELAY, "mail-server-rcpt-5.7.1"),
    Case("RCPT", "550 5.7.1 relaying denied", RELAY, "mail-server-rcpt-5.7.1"),
    Case("RCPT", "554 relay access denied", RELAY, "mail-server-rcpt-554"),
    Case("RCPT", "530 5.7.0 log in first", RELAY, "mail-server-rcpt-5.7.0"),
    Case("RCPT", "530 log in first", RELAY, "mail-server-rcpt-530"),
    Case("RCPT", "550 5.1.8 sender domain unknown", RELAY, "mail-server-rcpt-5.1.8"),
    Case("RCPT", "450 4.7.1 too many mails from you", RELAY, "mail-server-rcpt-4.7.1"),
    Case("RCPT", "452 4.3.1 disk full", RELAY, "mail-server-rcpt-4.3.1"),
    Case("RCPT", "503 5.5.1 bad order", RELAY, "mail-server-rcpt-5.5.1"),
    Case("RCPT", "421 4.3.2 closing", RELAY, "mail-server-rcpt-4.3.2"),
    Case("RCPT", "421 closing", RELAY, "mail-server-rcpt-421"),
    Case("RCPT", CLOSE, RELAY, "mail-server-rcpt-disconnected"),
    Case("RCPT", HANG, RELAY, "mail-server-rcpt-timed-out"),
    Case("RCPT", GARBAGE, RELAY, "mail-server-rcpt-unreadable"),
    # DATA
    Case("DATA", "554 no valid recipients", RELAY, "mail-server-data-554"),
    Case("DATA", "550 5.1.1 no such user", RECIPIENT, "recipient-refused-5.1.1"),
    Case("DATA", "451 4.3.0 later", RELAY, "mail-server-data-4.3.0"),
    Case("DATA", CLOSE, RELAY, "mail-server-data-disconnected"),
    # end of DATA
    Case(".", "554 not wanted", RELAY, "mail-server-end-of-data-554"),
    Case(".", "550 5.7.1 looks like spam", RELAY, "mail-server-end-of-data-5.7.1"),
    Case(".", "552 5.3.4 too large", RELAY, "mail-server-end-of-data-5.3.4"),
    Case(".", "552 5.2.3 too large for him", RELAY, "mail-server-end-of-data-5.2.3"),
    Case(".", "552 too large", RELAY, "mail-server-end-of-data-552"),
    Case(".", "552 5.2.2 mailbox full", RECIPIENT, "recipient-refused-5.2.2"),
    Case(".", "550 5.1.1 no such user", RECIPIENT, "recipient-refused-5.1.1"),
    Case(".", "452 4.2.2 mailbox full", LATER, "recipient-later-4.2.2"),
    Case(".", "451 try later", RELAY, "mail-server-end-of-data-451"),
    Case(".", "550 5.6.9 SMTPUTF8 needed", RECIPIENT, "recipient-needs-smtputf8", to=CHINESE),
    Case(".", CLOSE, RELAY, "mail-server-end-of-data-disconnected"),
    Case(".", HANG, RELAY, "mail-server-end-of-data-timed-out"),
]


def letter(to: str = "li@applicant.example") -> Letter:
    return Letter.of(sender="office@example.org", recipient=to, subject="题", body="文", mail_id="<1@x>", at=START)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.command} {case.reply[:24]!r} {case.to}")
async def test_the_fault_is_that_of_who_caused_it(case: Case) -> None:
    async with smtp_script({case.command: case.reply}) as server:
        login = {"smtp_username": "us", "smtp_password": SecretStr("ours")} if case.log_in else {}
        settings = server.settings(smtp_starttls=case.tls, **login)

        found = await hand_over(settings, letter(case.to), deadline=0.4)

    assert found is not None
    assert (found.fault, found.reason) == (case.fault, case.reason)
    assert server.taken == []


async def test_a_mail_server_that_is_not_there_is_at_fault() -> None:
    async with smtp_script() as server:
        settings = server.settings()
    assert await hand_over(settings.model_copy(update={"smtp_port": 1}), letter()) == Outcome(
        fault=RELAY, reason="mail-server-connect-unreachable", stage=Stage.CONNECT
    )


async def test_what_is_accepted_has_no_outcome_and_a_failing_farewell_changes_nothing() -> None:
    for farewell in ("221 bye", "500 what", CLOSE):
        async with smtp_script({"QUIT": farewell}) as server:
            assert await hand_over(server.settings(), letter()) is None
            assert server.taken == [letter().content]


def test_the_runbook_shows_the_table() -> None:
    page = (Path(__file__).parents[3] / "docs/runbooks/mail.md").read_text("utf-8")
    shown = [line for line in page.splitlines() if line.startswith("| ") and line.endswith(" |")]
    begin = shown.index("| Stage | Answer | Code | Enhanced code | Fault | Because |") + 1
    assert shown[begin : begin + len(TABLE)] == [in_words(row) for row in TABLE]


def in_words(row: Row) -> str:
    """Return a row of the table as the runbook shows it."""
    stages = "any" if set(row.stages) == set(Stage) else ", ".join(row.stages)
    stages += ", address beyond ASCII" if row.only_smtputf8 else ""
    names = {frozenset(Answer): "any", frozenset({Answer.REPLIED}): "reply", WITHOUT_REPLY: "no reply"}
    words = names.get(frozenset(row.answers), ", ".join(row.answers))
    cells = (stages, words, ", ".join(row.codes) or "any", ", ".join(row.enhanced) or "any", row.fault, row.why)
    return f"| {' | '.join(cells)} |"


def test_every_row_of_the_table_decides_one_of_the_cases() -> None:
    """A row that none of the cases reaches is not needed, or is hidden behind another."""
    stages = {"CONNECT": Stage.CONNECT, "EHLO": Stage.EHLO, "STARTTLS": Stage.TLS, "AUTH": Stage.AUTH}
    stages |= {"MAIL": Stage.MAIL_FROM, "RCPT": Stage.RCPT, "DATA": Stage.DATA, ".": Stage.END_OF_DATA}
    deciding = set()
    for case in CASES:
        kind = {CLOSE: Answer.DISCONNECTED, HANG: Answer.TIMED_OUT, GARBAGE: Answer.UNREADABLE}.get(case.reply)
        replied = kind is None and case.reply not in (NO_UTF8, PLAIN)
        code, _, text = case.reply.partition(" ")
        refusal = Refusal(
            stage=stages[case.command],
            answer=Answer.REPLIED if replied else kind or Answer.NOT_OFFERED,
            code=int(code) if replied else None,
            enhanced=enhanced_code(int(code), text) if replied else None,
            needs_smtputf8=case.to == CHINESE,
        )
        deciding.add(next(number for number, row in enumerate(TABLE) if row.fits(refusal)))
    assert deciding == set(range(len(TABLE)))


def test_a_recipient_is_charged_only_with_what_is_said_about_him() -> None:
    """Walks every stage, answer, reply code and enhanced code; also that the table has an answer to each."""
    codes = [*range(400, 460), *range(500, 560)]
    subjects = [None, *itertools.product(range(8), range(12))]
    for stage, code, subject in itertools.product(Stage, codes, subjects):
        enhanced = None if subject is None else f"{code // 100}.{subject[0]}.{subject[1]}"
        found = outcome(Refusal(stage=stage, answer=Answer.REPLIED, code=code, enhanced=enhanced))
        said_about_him = stage not in BEFORE_RECIPIENT and (
            (subject is None and stage is Stage.RCPT)
            or (subject is not None and subject[0] in (1, 2))
            or (subject is not None and subject[0] in (0, 4) and stage is Stage.RCPT)
        )
        assert found.fault is RELAY or said_about_him, (stage, code, enhanced)
        assert found.fault is not RECIPIENT or code >= 500, (stage, code, enhanced)
        assert found.fault is not LATER or code < 500, (stage, code, enhanced)
    for stage, answer in itertools.product(Stage, WITHOUT_REPLY):
        assert outcome(Refusal(stage=stage, answer=answer)).fault is RELAY, (stage, answer)


@pytest.mark.parametrize(
    ("code", "text", "enhanced"),
    [
        (550, "5.1.1 no", "5.1.1"),
        (550, "5.1.1", "5.1.1"),
        (550, "5.1.1\n5.1.1 no", "5.1.1"),
        (550, "4.1.1 contradicts the code", None),
        (550, "see 5.1.1", None),
        (550, "5.1.1234 no", None),
        (550, "", None),
    ],
)
def test_an_enhanced_code_is_at_the_beginning_and_fits_the_code(code: int, text: str, enhanced: str | None) -> None:
    assert enhanced_code(code, text) == enhanced
