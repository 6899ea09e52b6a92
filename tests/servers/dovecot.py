"""A private Dovecot on free ports: IMAP, LMTP for deliveries, and log-in for a Postfix beside it.

It runs unprivileged from one folder; started by root it becomes another user, since it will not serve
mail as root.
"""

import asyncio
import os
import shutil
import signal
import smtplib
import subprocess
from pathlib import Path

from tests.servers.process import end, free_port, greets, program, unprivileged, wait_until, workplace
from tests.servers.tls import Certificate

_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_location = maildir:~/mail
mail_fsync = never
mailbox_idle_check_interval = 1 secs
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {home}/users/%u
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {home}/users/%u
  default_fields = uid={uid} gid={gid} home={home}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Gesendet {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Spam {{
    auto = create
    special_use = \\Junk
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 300
}}
service lmtp {{
  chroot =
  user = {user}
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  user = {user}
  inet_listener sasl {{
    port = {sasl}
  }}
}}
service auth-worker {{
  user = {user}
}}
protocol lmtp {{
  mail_plugins = $mail_plugins {lmtp_plugins}
  postmaster_address = postmaster@vendor.test
}}
plugin {{
  sieve = file:~/sieve;active=~/active.sieve
  sieve_extensions = +editheader
  sieve_vacation_min_period = 0
  sieve_vacation_send_from_recipient = yes
}}
submission_host = 127.0.0.1:{relay}
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
"""

_TOKENS = """
introspection_mode = post
introspection_url = http://localhost:{authority}/introspect
username_attribute = username
active_attribute = active
active_value = true
"""


def is_installed() -> bool:
    """Whether there is a Dovecot of the series whose configuration is written here."""
    executable = program("dovecot")
    if executable is None:
        return False
    said = subprocess.run([executable, "--version"], capture_output=True, text=True, check=False)
    return said.stdout.startswith("2.3.")


class Dovecot:
    """ports: of imap, imaps, lmtp, sasl, and of the authority that knows tokens; certificate: of this
    machine's name, to be trusted by clients.

    relay: the port of an SMTP server that takes what Sieve scripts send, 0 for none.
    """

    kind = "dovecot"

    def __init__(self, relay: int = 0) -> None:
        self.home = workplace("dovecot")
        self.ports = {name: free_port() for name in ("imap", "imaps", "lmtp", "sasl", "authority")}
        self.certificate = Certificate.make(self.home)
        self._owner = unprivileged()
        self._process: subprocess.Popen[bytes] | None = None
        for folder in ("mail", "state", "users"):
            (self.home / folder).mkdir()
        self._write("dovecot.conf", self._configuration(relay))
        self._write("oauth2.conf", _TOKENS.format(**self.ports))
        self._own(*self.home.rglob("*"), self.home)

    def _configuration(self, relay: int) -> str:
        group = subprocess.run(["id", "-gn", self._owner.pw_name], capture_output=True, text=True, check=True)
        has_sieve = any(Path(root).glob("**/lib90_sieve_plugin.so") for root in ("/usr/lib/dovecot",))
        return _CONFIGURATION.format(
            home=self.home,
            user=self._owner.pw_name,
            group=group.stdout.strip(),
            uid=self._owner.pw_uid,
            gid=self._owner.pw_gid,
            relay=relay or 25,
            lmtp_plugins="sieve" if has_sieve else "",
            **self.ports,
        )

    def start(self) -> "Dovecot":
        executable = program("dovecot")
        assert executable
        identity = {} if os.getuid() else {"user": self._owner.pw_uid, "group": self._owner.pw_gid}
        with (self.home / "out.log").open("ab") as out:
            self._process = subprocess.Popen(
                [executable, "-F", "-c", str(self.home / "dovecot.conf")],
                stdout=out,
                stderr=out,
                start_new_session=True,
                extra_groups=None if os.getuid() else [],
                **identity,
            )
        wait_until(lambda: greets(self.ports["imap"], b"* OK"), self._process, self.home / "out.log")
        return self

    def stop(self) -> None:
        """Stop the server; its mail stays, and it can be started again."""
        end(self._process)

    def kill(self) -> None:
        """Let the server die, with everything it was doing."""
        assert self._process
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def imap_url(self) -> str:
        return f"imap://localhost:{self.ports['imap']}"

    @property
    def imaps_url(self) -> str:
        return f"imaps://localhost:{self.ports['imaps']}"

    def add_user(self, address: str, password: str) -> None:
        """Make a user; every one has a file of its own, because a changed file is noticed late."""
        self._write(f"users/{address}", f"{address}:{{PLAIN}}{password}::::::\n")
        self._own(self.home / "users" / address)
        folder = self.home / "mail" / address
        folder.mkdir()
        self._own(folder)

    def set_sieve(self, address: str, script: str) -> None:
        """Give a user a Sieve script (RFC 5228), such as one with a vacation reply (RFC 5230)."""
        self._write(f"mail/{address}/active.sieve", script)
        self._own(self.home / "mail" / address / "active.sieve")

    def set_vacation(self, address: str, words: str) -> None:
        """Let a user be away; the List- headers, which other servers answer and Sieve does not, go first."""
        script = f'''require ["vacation", "editheader"];
deleteheader "List-Unsubscribe";
deleteheader "List-Unsubscribe-Post";
vacation :subject "Out of office" "{words}";
'''
        self.set_sieve(address, script)

    async def deliver(self, address: str, raw: bytes) -> None:
        """Hand in a mail as a mail server would."""
        await asyncio.to_thread(self._deliver, address, raw)

    def _deliver(self, address: str, raw: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", self.ports["lmtp"]) as lmtp:
            lmtp.sendmail("sender@buyer.test", [address], raw)

    def fill(self, address: str, mails: list[bytes]) -> None:
        """Put many mails into INBOX, past the server, by writing its Maildir."""
        maildir = self.home / "mail" / address / "mail"
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        for number, raw in enumerate(mails):
            path = maildir / "cur" / f"{1_700_000_000 + number}.M{number}P1.here:2,"
            path.write_bytes(raw)
            self._own(path)
        self._own(maildir, *(maildir / name for name in ("cur", "new", "tmp")))

    def doveadm(self, *words: str) -> str:
        """Do something as the server's administrator."""
        executable = program("doveadm")
        assert executable
        command = [executable, "-c", str(self.home / "dovecot.conf"), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    async def flags(self, address: str, folder: str = "INBOX") -> list[frozenset[str]]:
        """The flags of every mail in a folder, as the server itself knows them."""
        said = self.doveadm("-f", "tab", "fetch", "-u", address, "flags", "mailbox", folder, "all")
        return [frozenset(line.split()) for line in said.splitlines()[1:]]

    def _write(self, name: str, text: str) -> None:
        (self.home / name).write_text(text)

    def _own(self, *paths: Path) -> None:
        if os.getuid() == 0:
            for path in paths:
                os.chown(path, self._owner.pw_uid, self._owner.pw_gid)
