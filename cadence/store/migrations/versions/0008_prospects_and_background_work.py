"""What lists of prospects are searched and filtered by, and long work that outlives its process.

`prospect_words` holds each person's name, address and company for searching by the beginnings of words: a
full-text index of each database's own kind, kept by triggers, so that nobody who changes a name has to
think of it. It is no table of the model: queries on it are in store/words.py.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0008'
down_revision = '0007'

_WORDS = "coalesce({p}.first_name, '') || ' ' || coalesce({p}.last_name, '') || ' ' || {p}.email || ' ' || accounts.name"
_OF_NEW = f'SELECT {_WORDS.format(p="NEW")} FROM accounts WHERE accounts.id = NEW.account_id'
_OF_OLD = f'SELECT {_WORDS.format(p="prospects")} FROM prospects JOIN accounts ON accounts.id = prospects.account_id'
_NAMES = ('first_name', 'last_name', 'email', 'account_id')
_ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE prospect_words USING fts5(
        words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3', detail = none, columnsize = 0
    )
    """,
    f'INSERT INTO prospect_words (rowid, words) {_OF_OLD.replace("SELECT", "SELECT prospects.id,", 1)}',
    f"""
    CREATE TRIGGER prospect_words_of_new AFTER INSERT ON prospects BEGIN
        INSERT INTO prospect_words (rowid, words) {_OF_NEW.replace("SELECT", "SELECT NEW.id,", 1)};
    END
    """,
    f"""
    CREATE TRIGGER prospect_words_of_changed AFTER UPDATE OF {', '.join(_NAMES)} ON prospects
    WHEN {' OR '.join(f'OLD.{name} IS NOT NEW.{name}' for name in _NAMES)} BEGIN
        UPDATE prospect_words SET words = ({_OF_NEW}) WHERE rowid = NEW.id;
    END
    """,
    f"""
    CREATE TRIGGER prospect_words_of_company AFTER UPDATE OF name ON accounts WHEN OLD.name IS NOT NEW.name BEGIN
        UPDATE prospect_words SET words = ({_OF_OLD} WHERE prospects.id = prospect_words.rowid)
        WHERE rowid IN (SELECT id FROM prospects WHERE account_id = NEW.id);
    END
    """,
)
_ON_POSTGRESQL = (
    # Letters without their accents, and every other character a gap: an address is several words.
    """
    CREATE FUNCTION words_of(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT to_tsvector('simple', regexp_replace(
            regexp_replace(normalize(lower($1), NFKD), '[\u0300-\u036f]+', '', 'g'), '[^[:alnum:]]+', ' ', 'g'))
    $$
    """,
    """
    CREATE TABLE prospect_words (
        prospect_id BIGINT PRIMARY KEY REFERENCES prospects (id) ON DELETE CASCADE, words TSVECTOR NOT NULL
    )
    """,
    f"""
    INSERT INTO prospect_words
    SELECT prospects.id, words_of({_WORDS.format(p='prospects')})
    FROM prospects JOIN accounts ON accounts.id = prospects.account_id
    """,
    'CREATE INDEX ix_prospect_words ON prospect_words USING gin (words) WITH (gin_pending_list_limit = 512)',
    f"""
    CREATE FUNCTION prospect_words_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO prospect_words
        SELECT added.id, words_of({_WORDS.format(p='added')})
        FROM added JOIN accounts ON accounts.id = added.account_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER prospect_words_of_new AFTER INSERT ON prospects REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION prospect_words_of_new()
    """,
    f"""
    CREATE FUNCTION prospect_words_of_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE prospect_words SET words = (SELECT words_of({_WORDS.format(p='NEW')}) FROM accounts WHERE accounts.id = NEW.account_id)
        WHERE prospect_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE TRIGGER prospect_words_of_changed AFTER UPDATE OF {', '.join(_NAMES)} ON prospects FOR EACH ROW
    WHEN ({' OR '.join(f'OLD.{name} IS DISTINCT FROM NEW.{name}' for name in _NAMES)})
    EXECUTE FUNCTION prospect_words_of_changed()
    """,
    f"""
    CREATE FUNCTION prospect_words_of_company() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE prospect_words SET words = words_of({_WORDS.format(p='prospects').replace('accounts.', 'NEW.')})
        FROM prospects WHERE prospects.id = prospect_words.prospect_id AND prospects.account_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER prospect_words_of_company AFTER UPDATE OF name ON accounts FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION prospect_words_of_company()
    """,
)


def _big() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _ref(name: str, table: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, _big(), sa.ForeignKey(f'{table}.id'), **{'nullable': False, **options})


def _text(name: str, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null, **options)


def _count(name: str, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=null, **options)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    op.create_index('ix_prospects_status', 'prospects', ['status', 'id'])
    op.create_index('ix_deals_reason', 'deals', ['reason', 'id'])
    op.create_index(
        'ix_enrollments_mailbox_prospect', 'enrollments', ['mailbox_id', 'prospect_id', 'state', 'sequence']
    )
    op.create_index('ix_enrollments_state_prospect', 'enrollments', ['state', 'prospect_id'])
    op.create_index('ix_enrollments_sequence_prospect', 'enrollments', ['sequence', 'state', 'prospect_id'])
    op.create_index('ix_enrollments_mailbox_deal', 'enrollments', ['mailbox_id', 'deal_id'])
    op.create_table(
        'jobs', sa.Column('id', _big(), primary_key=True, autoincrement=True),
        _text('kind'), _text('state'), _ref('user_id', 'users'), _text('title'), _json('asked'),
        _count('position', null=True), _count('done'), _count('total'), _json('found'), _json('result'),
        _text('fault', null=True), _text('held_by', null=True), sa.Column('held_until', Instant()),
        sa.Column('created_at', Instant(), nullable=False), sa.Column('changed_at', Instant(), nullable=False),
    )
    unfinished = sa.text("state IN ('checking', 'running')")
    op.create_index('ix_jobs_user_id', 'jobs', ['user_id', 'id'])
    op.create_index('ix_jobs_open', 'jobs', ['id'], sqlite_where=unfinished, postgresql_where=unfinished)
    op.create_table(
        'job_files', _ref('job_id', 'jobs', primary_key=True), _text('name'),
        sa.Column('raw', sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        'job_rejects', _ref('job_id', 'jobs', primary_key=True), _text('phase', primary_key=True),
        _count('row', primary_key=True), _text('email'), _text('reason'), _json('cells'),
    )
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for statement in _ON_SQLITE if is_sqlite else _ON_POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)
