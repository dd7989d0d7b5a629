"""Roles, what each may do, and what a grant may cover."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lika.core.permissions import Permission


class Role(TextChoices):
    """What a post lets its holder do. Where, is the post's division."""

    VILLAGE = "village", _("Village officer")
    TOWNSHIP = "township", _("Township station")
    COUNTY = "county", _("County office")
    DEPARTMENT = "department", _("Line department")
    PREFECTURE = "prefecture", _("Prefecture office")
    PROVINCE = "province", _("Province office")
    EVALUATOR = "evaluator", _("Third-party evaluator")
    AUDITOR = "auditor", _("Auditor")
    HELPER = "helper", _("Helper")
    ADMINISTRATOR = "administrator", _("Administrator")


# The division levels at which a role's post may stand (1 province … 5 village).
POST_LEVELS: dict[Role, frozenset[int]] = {
    Role.VILLAGE: frozenset({5}),
    Role.TOWNSHIP: frozenset({4}),
    Role.COUNTY: frozenset({3}),
    Role.DEPARTMENT: frozenset({3, 2, 1}),
    Role.PREFECTURE: frozenset({2}),
    Role.PROVINCE: frozenset({1}),
    Role.EVALUATOR: frozenset({1, 2, 3}),
    Role.AUDITOR: frozenset({1, 2, 3, 4}),
    Role.HELPER: frozenset({3, 4, 5}),
    Role.ADMINISTRATOR: frozenset({1, 2, 3}),
}
# Helpers and evaluators work on what is granted to them, wherever their post stands.
ROLES_BY_GRANT = frozenset({Role.HELPER, Role.EVALUATOR})
# Nor does an administrator see households: they keep the accounts and divisions of their area.
ROLES_WITHOUT_AREA = ROLES_BY_GRANT | {Role.ADMINISTRATOR}

_LOOK = {
    Permission.REGISTER_VIEW,
    Permission.SCREENING_VIEW,
    Permission.QUALITY_VIEW,
    Permission.POLICY_VIEW,
    Permission.DIVISIONS_VIEW,
    Permission.DUTIES_VIEW,
    Permission.CASEWORK_VIEW,
    Permission.PAIRING_VIEW,
}
_OFFICE = _LOOK | {Permission.REGISTER_PERSONAL, Permission.REGISTER_REVEAL}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.VILLAGE: frozenset(
        _OFFICE
        | {
            Permission.CASE_VILLAGE,
            Permission.CASE_SIGN,
            Permission.PAIRING_PROPOSE,
            Permission.REGISTER_IMPORT,
            Permission.REGISTER_CHANGE,
            Permission.ROUND_VIEW,
            Permission.QUALITY_MEND,
            Permission.REQUESTS_VIEW,
            Permission.REQUESTS_REPLY,
            Permission.SURVEYS_VIEW,
            Permission.SURVEYS_MARK,
        }
    ),
    Role.TOWNSHIP: frozenset(
        _OFFICE
        | {
            Permission.REGISTER_IMPORT,
            Permission.REGISTER_EXPORT,
            Permission.PROFILE_KEEP,
            Permission.REGISTER_CHANGE,
            Permission.REGISTER_CONFIRM,
            Permission.ROUND_VIEW,
            Permission.ROUND_AUDIT,
            Permission.CASE_TOWNSHIP,
            Permission.CASE_SIGN,
            Permission.HELPERS_KEEP,
            Permission.PAIRING_PROPOSE,
            Permission.PAIRING_REVIEW,
            Permission.QUOTA_SPLIT,
            Permission.DISCLOSURE_PROPOSE,
            Permission.QUALITY_ASSIGN,
            Permission.QUALITY_MEND,
            Permission.DUTIES_APPOINT,
            Permission.LEADS_DECIDE,
            Permission.LEADS_CHECK,
            Permission.REQUESTS_VIEW,
            Permission.REQUESTS_KEEP,
            Permission.SURVEYS_VIEW,
            Permission.SURVEYS_KEEP,
            Permission.SURVEYS_MARK,
            Permission.REQUESTS_REPLY,
        }
    ),
    Role.COUNTY: frozenset(
        _OFFICE
        | {
            Permission.REGISTER_IMPORT,
            Permission.REGISTER_EXPORT,
            Permission.PROFILE_KEEP,
            Permission.REGISTER_CHANGE,
            Permission.REGISTER_CONFIRM,
            Permission.REGISTER_STATUS,
            Permission.ROUND_VIEW,
            Permission.ROUND_KEEP,
            Permission.CASE_COUNTY,
            Permission.CASE_SIGN,
            Permission.HELPERS_KEEP,
            Permission.PAIRING_PROPOSE,
            Permission.PAIRING_AGREE,
            Permission.SIGNATORIES_KEEP,
            Permission.CAMPAIGN_OPEN,
            Permission.QUOTA_SPLIT,
            Permission.SNAPSHOT_TAKE,
            Permission.SCREENING_RUN,
            Permission.SCREENING_MAKE_CURRENT,
            Permission.QUALITY_RUN,
            Permission.QUALITY_ASSIGN,
            Permission.QUALITY_MEND,
            Permission.DUTIES_APPOINT,
            Permission.LEADS_DECIDE,
            Permission.LEADS_CHECK,
            Permission.REQUESTS_VIEW,
            Permission.REQUESTS_KEEP,
            Permission.SURVEYS_VIEW,
            Permission.SURVEYS_KEEP,
            Permission.SURVEYS_MARK,
            Permission.REQUESTS_REPLY,
            Permission.POLICY_MANAGE,
            Permission.DISCLOSURE_PROPOSE,
            Permission.DISCLOSURE_PUBLISH,
            Permission.AUDIT_VIEW,
        }
    ),
    Role.DEPARTMENT: frozenset(
        _LOOK | {Permission.REGISTER_PERSONAL, Permission.CASE_DEPARTMENT, Permission.CASE_SIGN}
    ),
    Role.PREFECTURE: frozenset(
        _LOOK
        | {
            Permission.ROUND_VIEW,
            Permission.CASE_PREFECTURE,
            Permission.CASE_SIGN,
            Permission.SIGNATORIES_KEEP,
            Permission.CAMPAIGN_OPEN,
            Permission.QUOTA_SPLIT,
            Permission.SNAPSHOT_TAKE,
            Permission.SCREENING_RUN,
            Permission.QUALITY_RUN,
            Permission.LEADS_DECIDE,
            Permission.LEADS_CHECK,
            Permission.AUDIT_VIEW,
        }
    ),
    Role.PROVINCE: frozenset(
        _LOOK
        | {
            Permission.ROUND_VIEW,
            Permission.CASE_PROVINCE,
            Permission.CASE_SIGN,
            Permission.SIGNATORIES_KEEP,
            Permission.CAMPAIGN_OPEN,
            Permission.QUOTA_SPLIT,
            Permission.SNAPSHOT_TAKE,
            Permission.SCREENING_RUN,
            Permission.QUALITY_RUN,
            Permission.POLICY_MANAGE,
            Permission.AUDIT_VIEW,
        }
    ),
    Role.EVALUATOR: frozenset(
        {Permission.REGISTER_VIEW, Permission.REGISTER_PERSONAL, Permission.POLICY_VIEW, Permission.DIVISIONS_VIEW}
    ),
    Role.AUDITOR: frozenset(
        _OFFICE | {Permission.ROUND_VIEW, Permission.AUDIT_VIEW, Permission.REQUESTS_VIEW, Permission.SURVEYS_VIEW}
    ),
    Role.HELPER: frozenset(
        {Permission.REGISTER_VIEW, Permission.REGISTER_PERSONAL, Permission.POLICY_VIEW, Permission.DIVISIONS_VIEW}
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ACCOUNTS_MANAGE,
            Permission.DIVISIONS_VIEW,
            Permission.DIVISIONS_MANAGE,
            Permission.CASEWORK_VIEW,
            Permission.WORKDAYS_KEEP,
            Permission.POLICY_VIEW,
            Permission.AUDIT_VIEW,
        }
    ),
}


# How long a password that somebody else has seen may wait for its first use.
ONE_TIME_PASSWORD_DAYS = 3


class AccountState(TextChoices):
    """What an official's account is like."""

    NONE = "none", _("No account")
    FIRST = "first", _("Must choose an own password")
    EXPIRED = "expired", _("One-time password expired")
    ACTIVE = "active", _("In use")
    LOCKED = "locked", _("Locked")


class GrantKind(TextChoices):
    """What a grant covers."""

    HOUSEHOLD = "household", _("One household")
    VILLAGE = "village", _("One village")


class Sector(TextChoices):
    """The line department that a post belongs to, where it is one."""

    NONE = "", _("None")
    CIVIL_AFFAIRS = "civil_affairs", _("Civil affairs")
    EDUCATION = "education", _("Education")
    HEALTH = "health", _("Health")
    HOUSING = "housing", _("Housing and construction")
    LABOUR = "labour", _("Human resources and social security")
    WATER = "water", _("Water resources")
    AGRICULTURE = "agriculture", _("Agriculture and rural affairs")
    FORESTRY = "forestry", _("Forestry")
    FINANCE = "finance", _("Finance")
    STATISTICS = "statistics", _("Statistics")
