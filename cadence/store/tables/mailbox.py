"""The mailboxes that mail leaves from and is read in, and the processes that see to them."""

import sqlalchemy as sa

from cadence.store.tables.columns import Instant, identity, metadata, reference

mailboxes = sa.Table(
    "mailboxes",
    metadata,
    identity(),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("address_key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("smtp", sa.Text, nullable=False),
    sa.Column("imap", sa.Text, nullable=False),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),  # a password or a token, encrypted; the key is elsewhere
    sa.Column("title", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("signature", sa.Text),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("country", sa.Text),
    sa.Column("region", sa.Text),
    sa.Column("daily_cap", sa.Integer, nullable=False),
    sa.Column("ramp_from", sa.Integer, nullable=False),
    sa.Column("ramp_step", sa.Integer, nullable=False),
    sa.Column("gap", sa.Integer, nullable=False),
    sa.Column("jitter", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_reason", sa.Text),
    sa.Column("plus_addressing", sa.Boolean, nullable=False),
    sa.Column("sent_folder", sa.Text),
    sa.Column("files_sent", sa.Boolean),
    sa.Column("synced_at", Instant),  # every folder was read at or after this
    sa.Column("last_sent_at", Instant),
    sa.Column("first_sent_on", sa.Date),
    sa.Column("watched_by", sa.Text),  # the process that waits on it, as long as that is alive
    sa.Column("removed_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
    reference("owner_id", "users", nullable=True, index=True),
    sa.Column("absences", sa.JSON),  # days off, in the row because every mail looks at them
    sa.Column("rests_on_holidays", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("oauth", sa.Text),  # with which provider it is signed in; null: the secret is a password
    sa.Column("token_until", Instant),
    reference("relay_id", "relays", nullable=True, index=True),  # through which it sends; smtp has its URL
    sa.Column("return_path", sa.Text),  # the domain at which bounces of its mails arrive
)

relays = sa.Table(
    "relays",
    metadata,
    identity(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("smtp", sa.Text, nullable=False),
    sa.Column("username", sa.Text),  # null: it lets us in without a log-in
    sa.Column("secret", sa.Text),  # encrypted
    sa.Column("signs", sa.Boolean, nullable=False),  # what leaves by it is signed here (DKIM)
    sa.Column("hook", sa.Text),  # encrypted; by what its reports are known: a key, a password, a topic
    sa.Column("created_at", Instant, nullable=False),
)

relay_tokens = sa.Table(
    "relay_tokens",  # by which reports were signed that may come once
    metadata,
    reference("relay_id", "relays", primary_key=True),
    sa.Column("token", sa.Text, primary_key=True),  # its digest
    sa.Column("body", sa.Text, nullable=False),  # the digest of the one report that it is good for
    sa.Column("at", Instant, nullable=False),
)

dkim_keys = sa.Table(
    "dkim_keys",
    metadata,
    identity(),
    sa.Column("domain", sa.Text, nullable=False),
    sa.Column("selector", sa.Text, nullable=False),
    sa.Column("algorithm", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),  # encrypted
    sa.Column("record", sa.Text, nullable=False),  # what is to be published
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("used_since", Instant),  # null: the record was not seen yet, so nothing is signed
    sa.UniqueConstraint("domain", "selector"),
)

grants = sa.Table(
    "grants",
    metadata,
    reference("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("refresh", sa.Text, nullable=False),  # encrypted, as the secret is
    sa.Column("granted_at", Instant, nullable=False),
    sa.Column("tried_at", Instant, nullable=False),  # when it was last renewed, or that was tried
    sa.Column("busy_until", Instant),  # somebody renews it, for so long at most
    sa.Column("ended_at", Instant),  # its provider said so
    sa.Column("told_at", Instant),  # people were told that it has ended
)

folders = sa.Table(
    "folders",
    metadata,
    reference("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("last_uid", sa.BigInteger, nullable=False),  # all up to here are dealt with
)

feeds = sa.Table(
    "feeds",  # how far a provider's API told what is new in a folder, see mail/numbering.py
    metadata,
    reference("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("folder", sa.Text, primary_key=True),
    sa.Column("validity", sa.BigInteger, nullable=False),
    sa.Column("position", sa.Text),  # null: it must be asked afresh
    sa.Column("next_uid", sa.BigInteger, nullable=False),
)

feed_mails = sa.Table(
    "feed_mails",  # mails that the API told of, as long as they are not dealt with
    metadata,
    reference("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("folder", sa.Text, primary_key=True),
    sa.Column("uid", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),  # by which the API knows it
)

processes = sa.Table(
    "processes",  # workers and watchers that say, again and again, that they are alive
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("alive_until", Instant, nullable=False),
)
