"""The demo's mail server: a real SMTP sink, its mails as files, and a page to read them."""

from embedded.mailbox.app import mailbox_app
from embedded.mailbox.instead import warn_of_mail_server, without_mail_server
from embedded.mailbox.sink import SmtpSink
from embedded.mailbox.store import MailStore

__all__ = ["MailStore", "SmtpSink", "mailbox_app", "warn_of_mail_server", "without_mail_server"]
