"""What failed and successful attempts to sign in leave behind, and taking a lost second factor away."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts import closing
from lika.accounts.actions.common import require_whole
from lika.accounts.models import FailedSignIn, Official, User
from lika.core import audit
from lika.core.actors import Actor, SystemActor
from lika.core.errors import PermissionRefused, UserError


def refuse_closed(*, typed: str, address: str) -> None:
    """ACC-025: too many attempts failed, for this name or from this address."""
    until = closing.closed_until(account=closing.account_index(typed), address=address)
    if until is not None:
        raise PermissionRefused(
            "ACC-025",
            _("Too many attempts to sign in have failed. Sign-in is closed until %(time)s.")
            % {"time": f"{timezone.localtime(until):%H:%M}"},
            remedy=_("Wait until then, or ask your administrator to unlock the account."),
        )


@transaction.atomic
def note_failure(*, typed: str, address: str) -> None:
    """Count a failed attempt. The one that closes sign-in is told to the audit, with the address, never the name."""
    account = closing.account_index(typed)
    FailedSignIn.objects.filter(at__lt=timezone.now() - closing.window()).delete()
    FailedSignIn.objects.create(account=account, address=address)
    until = closing.closed_until(account=account, address=address)
    if until is not None:
        change = audit.Change("sign_in", account.hex()[:32], new={"address": address, "until": until})
        audit.record(by=SystemActor("sign-in", ()), action="sign_in.closed", change=change)


def note_success(*, user: User) -> None:
    """What failed before the right password no longer counts against the account; against the address it does."""
    FailedSignIn.objects.filter(account__in=closing.names_of(user)).delete()


@transaction.atomic
def take_second_factor(*, by: Actor, official: Official) -> None:
    """The account signs in by its password alone, for its holder has lost telephone and recovery codes.

    Raises ACC-001, ACC-003, ACC-014 (no account), ACC-017, ACC-026 (none is set up).
    """
    require_whole(by, official)
    if official.user_id is None:
        raise UserError("ACC-014", _("This official has no account."), remedy=_("Open one first."))
    removed, _each = Authenticator.objects.filter(user_id=official.user_id).delete()
    if not removed:
        raise UserError(
            "ACC-026",
            _("No second step is set up for this account."),
            remedy=_("Its holder sets it up after signing in."),
        )
    new = {"removed": removed}
    audit.record(by=by, action="second_factor.taken", change=audit.Change("official", official.id, new=new))
