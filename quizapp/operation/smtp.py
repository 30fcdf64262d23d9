"""Sending what is in the outbox by SMTP. No request does it, nor waits for it: see `operation.tasks`."""

from __future__ import annotations

import logging
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

from quizapp import clock, config
from quizapp.accounts import mails
from quizapp.accounts.letters import Letter
from quizapp.config import LOOPBACK
from quizapp.errors import N_, QuizError

TIMEOUT = 20.0

log = logging.getLogger("quizapp.mail")


class NoEncryption(QuizError):
    template = N_("%(host)s offers no encryption, so the password isn't sent to it. Use smtps://, or another server.")


def send_due(mail: config.Mail) -> int:
    """Send what is due, one by one; how many were sent. It stops at a server that doesn't answer or refuses."""
    count = 0
    while (row := mails.claim(clock.now())) is not None:
        letter = mails.letter_of(row, mail.site, clock.now())
        try:
            send(mail, row.email, letter)
        except (OSError, smtplib.SMTPException, QuizError, ValueError) as error:
            for_good = is_for_good(error)
            mails.mark_failed(row, f"{type(error).__name__}: {error}", for_good)
            log.warning("mail not sent", extra={"mail": row.id, "try": row.tries, "error": type(error).__name__})
            if not for_good:
                break
        else:
            mails.mark_sent(row, clock.now())
            count += 1
    return count


def is_for_good(error: Exception) -> bool:
    """Whether the server will never take a mail to this address, or the address can't be written."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    return isinstance(error, (smtplib.SMTPNotSupportedError, ValueError))


def send(mail: config.Mail, to: str, letter: Letter) -> None:
    """Hand one mail to the server. Raises OSError, SMTPException, or NoEncryption in place of a password in clear."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, to, letter.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=parseaddr(mail.sender)[1].rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    server = connect(mail)
    try:
        server.send_message(message)
        with suppress(OSError, smtplib.SMTPException):  # it has the mail: a bad farewell must not send it twice
            server.quit()
    finally:
        server.close()


def connect(mail: config.Mail) -> smtplib.SMTP:
    """A connection to the server, encrypted wherever it can be, and logged in."""
    if mail.tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
    try:
        server.ehlo()
        if not mail.tls and mail.host not in LOOPBACK:
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif mail.user:
                raise NoEncryption(host=mail.host)
        if mail.user:
            server.login(mail.user, mail.password)
    except BaseException:
        server.close()
        raise
    return server
