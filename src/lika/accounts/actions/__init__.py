"""Named writes: accounts, officials, posts and grants.

Whoever keeps accounts may do so only inside their own area, and never for themselves: nobody widens
their own sight.
"""

from lika.accounts.actions.confirming import Confirmation, confirm_holder
from lika.accounts.actions.grants import Sight, end_grant, end_grants, grant_household, grant_households, grant_village
from lika.accounts.actions.officials import (
    add_official,
    appoint,
    lock_account,
    name_person,
    open_account,
    reset_password,
    unlock_account,
)
from lika.accounts.actions.passwords import OneTimePassword, change_own_password, refuse_expired, refuse_same
from lika.accounts.actions.posts import end_post, give_post
from lika.accounts.actions.signin import note_failure, note_success, refuse_closed, take_second_factor

__all__ = [
    "Confirmation",
    "OneTimePassword",
    "Sight",
    "add_official",
    "appoint",
    "change_own_password",
    "confirm_holder",
    "end_grant",
    "end_grants",
    "end_post",
    "give_post",
    "grant_household",
    "grant_households",
    "grant_village",
    "lock_account",
    "name_person",
    "note_failure",
    "note_success",
    "open_account",
    "refuse_closed",
    "refuse_expired",
    "refuse_same",
    "reset_password",
    "take_second_factor",
    "unlock_account",
]
