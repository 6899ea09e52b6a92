"""A private Postfix on a free port: STARTTLS, log-in checked by Dovecot, delivery to Dovecot by LMTP.

Postfix needs root to start. Its master is run directly, because the `postfix` command takes seconds.
"""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from tests.servers.dovecot import Dovecot
from tests.servers.process import end, greets, program, wait_until, workplace
from tests.servers.tls import Certificate

LOCAL_DOMAINS = ("vendor.test", "buyer.test", "fernhill.test")
"""Mail to these is delivered; an unknown user there gives a real bounce, any other domain too."""

_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
default_privs = nobody
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.vendor.test
mydomain = vendor.test
mydestination =
mynetworks =
alias_maps =
alias_database =
virtual_mailbox_domains = {domains}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
virtual_destination_recipient_limit = 1
default_transport = error:5.1.2 no such domain in the test network
relay_transport = error:5.1.2 no such domain in the test network
smtpd_tls_cert_file = {home}/cert.pem
smtpd_tls_key_file = {home}/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_sender_login_maps = regexp:{home}/etc/owners
smtpd_sender_restrictions = permit_mynetworks, reject_sender_login_mismatch
smtpd_recipient_restrictions = check_recipient_access regexp:{home}/etc/recipients, permit
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
in_flow_delay = 0
message_size_limit = 30000000
"""

_MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{relay} inet n - n - - smtpd -o mynetworks=127.0.0.0/8 -o smtpd_tls_security_level=none
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

_RECIPIENTS = """
/^gone@/ 550 5.1.1 No such user here
/^busy@/ 450 4.2.0 Mailbox busy, try again later
/^full@/ 552 5.2.2 Mailbox full
"""

_QUEUES = "active bounce corrupt defer deferred flush hold incoming private saved trace"


def is_installed() -> bool:
    return os.getuid() == 0 and program("postfix") is not None and _daemons() is not None


def _daemons() -> Path | None:
    places = (Path("/usr/lib/postfix/sbin"), Path("/usr/libexec/postfix"))
    return next((place for place in places if (place / "master").exists()), None)


class Postfix:
    """smtp: where reps hand in their mail; relay: where Dovecot's Sieve scripts may, without log-in."""

    def __init__(self, dovecot: Dovecot, smtp: int, relay: int) -> None:
        self.smtp = smtp
        self.home = workplace("postfix")
        self.certificate = Certificate.make(self.home)
        self._daemons = _daemons()
        self._process: subprocess.Popen[bytes] | None = None
        etc = self.home / "etc"
        etc.mkdir()
        values = {"home": self.home, "daemons": self._daemons, "smtp": smtp, "relay": relay, **dovecot.ports}
        (etc / "main.cf").write_text(_MAIN.format(domains=", ".join(LOCAL_DOMAINS), **values))
        (etc / "master.cf").write_text(_MASTER.format(**values))
        (etc / "recipients").write_text(_RECIPIENTS.lstrip())
        (etc / "owners").write_text("/^(.*)$/ $1\n")
        self._make_queues()

    def _make_queues(self) -> None:
        owner = pwd.getpwnam("postfix")
        spool = self.home / "spool"
        for folder in (spool, spool / "pid"):
            folder.mkdir()
        for name in (*_QUEUES.split(), "maildrop", "public"):
            (spool / name).mkdir()
            os.chown(spool / name, owner.pw_uid, owner.pw_gid)
        (self.home / "data").mkdir()
        os.chown(self.home / "data", owner.pw_uid, owner.pw_gid)

    def start(self) -> "Postfix":
        assert self._daemons
        with (self.home / "out.log").open("ab") as out:
            self._process = subprocess.Popen(
                [str(self._daemons / "master"), "-c", str(self.home / "etc"), "-d"],
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        wait_until(lambda: greets(self.smtp, b"220 "), self._process, self.home / "mail.log")
        return self

    def remove(self) -> None:
        end(self._process)
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def smtp_url(self) -> str:
        return f"smtp://localhost:{self.smtp}"

    def log(self) -> str:
        path = self.home / "mail.log"
        return path.read_text() if path.exists() else ""
