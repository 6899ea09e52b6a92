"""The table of rights: what each role may do, and whose things it reaches."""

from datetime import UTC, datetime

import pytest

from cadence.core.people import Owner, Role, User
from cadence.core.rights import (
    MEANINGS,
    OF_EVERY_TOKEN,
    RIGHTS,
    SCOPES,
    Right,
    reaches,
    rights_of_token,
)


def user(role, *, team="North", user_id=1):
    return User(user_id, "a@vendor.test", "A", role, team, "UTC", datetime(2026, 1, 1, tzinfo=UTC))


def test_every_right_has_a_meaning_and_somebody_who_has_it():
    assert set(MEANINGS) == set(Right)
    assert frozenset().union(*RIGHTS.values()) == set(Right)


def test_an_administrator_may_everything_and_everybody_their_own_account():
    assert RIGHTS[Role.ADMINISTRATOR] == set(Right)
    assert all({Right.ACCOUNT, Right.IDENTITY} <= RIGHTS[role] for role in Role)


def test_only_an_administrator_manages_people_and_reads_the_audit_trail():
    for right in (Right.PEOPLE, Right.AUDIT, Right.WEBHOOKS):
        assert [role for role in Role if right in RIGHTS[role]] == [Role.ADMINISTRATOR]


def test_managers_connect_chats_with_no_token():
    assert [role for role in Role if Right.CHATS in RIGHTS[role]] == [Role.MANAGER, Role.ADMINISTRATOR]
    assert Right.CHATS not in SCOPES


def test_an_author_reads_nobodys_words():
    assert not RIGHTS[Role.AUTHOR] & {Right.READ_PROSPECTS, Right.READ_REPLIES, Right.READ_TASKS}


def test_a_manager_may_all_that_a_rep_may():
    assert RIGHTS[Role.REP] < RIGHTS[Role.MANAGER]


@pytest.mark.parametrize(
    ("role", "mine", "teams", "others", "nobodys"),
    [
        (Role.REP, True, False, False, False),
        (Role.MANAGER, True, True, False, False),
        (Role.AUTHOR, False, False, False, False),
        (Role.ADMINISTRATOR, True, True, True, True),
    ],
)
def test_a_role_reaches_its_own_the_teams_or_all(role, mine, teams, others, nobodys):
    me = user(role)
    owners = (Owner(1, "North"), Owner(2, "North"), Owner(3, "South"), None)
    assert [reaches(me, owner) for owner in owners] == [mine, teams, others, nobodys]


def test_a_token_has_its_scopes_as_far_as_its_user_has_them():
    assert rights_of_token(Role.REP, frozenset({Right.READ_REPLIES, Right.AUDIT})) == {
        Right.READ_REPLIES,
        *OF_EVERY_TOKEN,
    }


def test_no_token_lets_anybody_in_or_keeps_its_owner_out():
    assert not SCOPES & {Right.ACCOUNT, Right.PEOPLE}
    assert rights_of_token(Role.ADMINISTRATOR, frozenset(Right)) == SCOPES | OF_EVERY_TOKEN
