"""What the role that serves pages may do with each table, and which of its rows it sees: the second wall.

One line per table; `tests/test_wall.py` refuses a table without one. `rows` is the condition of the table's
row-level security, in SQL; where there is none, `because` says why every row may be seen, or why none is.
The bounds in the conditions are those of `lika.core.bounds`; `lika.core.wall` puts all of this into the database.

Conditions decide in the order in which they stand: first the comparison of numbers that answers for most rows. They
name the columns of their table in full, for a subquery inside them may have columns of the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass

READ = ("SELECT",)
ADD = ("SELECT", "INSERT")
KEEP = ("SELECT", "INSERT", "UPDATE")
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
CLOSED = ()

_BOUNDS = "nullif(current_setting('lika.area', true), '')::int8multirange"
# First two comparisons of numbers, which answer for readers of one area; the ranges themselves, at four times the cost,
# where there are several. Each SELECT is worked out once for a statement. Inside CASE the planner takes the condition
# for even odds: a bare comparison it would expect to leave one row in two hundred, and join a county row by row.
_IN_AREA = (
    f"CASE WHEN {{0}} >= (SELECT lower({_BOUNDS})) AND {{0}} < (SELECT upper({_BOUNDS})) "
    f"THEN (SELECT int8multirange(range_merge({_BOUNDS})) = {_BOUNDS}) OR {{0}} <@ (SELECT {_BOUNDS}) ELSE false END"
)
_GRANTED = "{0} IN (SELECT unnest(string_to_array(nullif(current_setting('lika.households', true), ''), ',')::uuid[]))"
_OF_READER = "{0} = (SELECT nullif(current_setting('lika.reader', true), ''))"

_READER = f"SELECT reader.id FROM accounts_user reader WHERE {_OF_READER.format('reader.username')}"  # noqa: S608 - our own names
_OWN_VIEW = f"reports_savedview.owner_id = ({_READER})"


@dataclass(frozen=True)
class Rule:
    """One table: what pages may do with it, and the rows that they see and may write.

    `added` is the condition on new rows where it differs from `rows`.
    """

    rights: tuple[str, ...]
    rows: str = ""
    added: str = ""
    because: str = ""


@dataclass(frozen=True)
class Door:
    """A function that runs with the rights of the owner: the few questions that reach behind the wall, and no more."""

    signature: str
    returns: str
    body: str


def _either(*conditions: str) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)


def _seen(table: str, key: str, column: str) -> str:
    """That the row of another table is seen; its own condition holds inside."""
    return f"EXISTS (SELECT 1 FROM {table} seen WHERE seen.{key} = {column})"  # noqa: S608 - our own names


def _standing_in(table: str, household: str) -> str:
    """Rows in a village in sight, and rows of a granted household."""
    return _either(_IN_AREA.format(f"{table}.village"), _GRANTED.format(f"{table}.{household}"))


def _dated(table: str, owner: str, key: str, column: str) -> str:
    """Rows that stay with the village where they were made and go along to the next: seen from both."""
    return _either(_IN_AREA.format(f"{table}.village"), _seen(owner, key, f"{table}.{column}"))


_PUBLIC = "published figures of areas: they tell of nobody"
_COUNTS = "counts and the words of criteria: no row of a household or person"
_KEPT = "numbers of villages, kept by triggers with the owner's rights: a number tells of nobody"
_DAYS = "which days are worked: published arrangements"
_STAFF = "who works where, and on whose behalf: the pages of accounts narrow it by post"
_WORDS = "what columns and codes of other systems mean: no row of a household or person"
_FRAME = "sign-in and permissions: no row of a household or person"

TABLES: Mapping[str, Rule] = {
    # Households and persons
    "register_household": Rule(KEEP, _standing_in("register_household", "id")),
    "register_membership": Rule(KEEP, _standing_in("register_membership", "household_id")),
    "register_placement": Rule(KEEP, _dated("register_placement", "register_household", "id", "household_id")),
    "register_person": Rule(
        KEEP,
        _seen("register_membership", "person_id", "register_person.id"),
        added="true",  # a person is written before the membership; until then nobody sees them
    ),
    "register_householdyear": Rule(KEEP, _dated("register_householdyear", "register_household", "id", "household_id")),
    "register_personyear": Rule(KEEP, _dated("register_personyear", "register_membership", "person_id", "person_id")),
    "register_householditem": Rule(ALL, _seen("register_householdyear", "id", "register_householditem.year_id")),
    "register_personitem": Rule(ALL, _seen("register_personyear", "id", "register_personitem.year_id")),
    # Both sides of a move see the change; a line of it is seen with it.
    "register_change": Rule(
        KEEP,
        _either(
            _IN_AREA.format("register_change.village"),
            _IN_AREA.format("register_change.to_village"),
            _seen("register_household", "id", "register_change.household_id"),
        ),
    ),
    "register_changefield": Rule(ADD, _seen("register_change", "id", "register_changefield.change_id")),
    "register_incomeentry": Rule(KEEP, _dated("register_incomeentry", "register_household", "id", "household_id")),
    "register_ledgerchoice": Rule(ADD, _dated("register_ledgerchoice", "register_household", "id", "household_id")),
    "register_document": Rule(
        KEEP,
        _either(
            _IN_AREA.format("register_document.village"),
            _seen("register_household", "id", "register_document.owner_id"),
            _seen("register_membership", "person_id", "register_document.owner_id"),
            _seen("register_change", "id", "register_document.owner_id"),
        ),
    ),
    "register_statusevent": Rule(
        KEEP,
        _either(
            "register_statusevent.household_id IS NULL",
            _seen("register_household", "id", "register_statusevent.household_id"),
        ),
    ),
    "snapshots_currentverdict": Rule(
        READ,
        _either(
            _IN_AREA.format("snapshots_currentverdict.village"),
            "snapshots_currentverdict.unit_kind NOT IN ('household', 'person')",
            _GRANTED.format("snapshots_currentverdict.unit_id"),
            _seen("register_membership", "person_id", "snapshots_currentverdict.unit_id"),
        ),
    ),
    "collection_importbatch": Rule(KEEP, _OF_READER.format("collection_importbatch.by_name")),
    "collection_mappingprofile": Rule(ADD, because=_WORDS),
    "collection_export": Rule(KEEP, _IN_AREA.format("collection_export.division")),
    "collection_senthousehold": Rule(READ, _IN_AREA.format("collection_senthousehold.village")),
    "collection_founddifference": Rule(ALL, _IN_AREA.format("collection_founddifference.village")),
    "collection_comparison": Rule(KEEP, _OF_READER.format("collection_comparison.by_name")),
    "collection_round": Rule(KEEP, because="what is collected where until when: it tells of nobody"),
    "collection_submission": Rule(KEEP, _IN_AREA.format("collection_submission.village")),
    "collection_entry": Rule(KEEP, _IN_AREA.format("collection_entry.village")),
    "collection_broughtworkbook": Rule(KEEP, _IN_AREA.format("collection_broughtworkbook.village")),
    "collection_fieldremark": Rule(ALL, _IN_AREA.format("collection_fieldremark.village")),
    "collection_step": Rule(ADD, _IN_AREA.format("collection_step.village")),
    "monitoring_qualityfault": Rule(KEEP, _standing_in("monitoring_qualityfault", "household_id")),
    "monitoring_lead": Rule(
        ("SELECT", "UPDATE"),
        _either(
            _standing_in("monitoring_lead", "household_id"),
            _IN_AREA.format("monitoring_lead.other_village"),
            _GRANTED.format("monitoring_lead.other_household_id"),
        ),
    ),
    "monitoring_leaddecision": Rule(KEEP, _seen("monitoring_lead", "id", "monitoring_leaddecision.lead_id")),
    # A request without a household lies in its township. What belongs to a row is seen with it, steps never changed.
    "governance_servicerequest": Rule(KEEP, _standing_in("governance_servicerequest", "household_id")),
    "governance_requeststep": Rule(ADD, _seen("governance_servicerequest", "id", "governance_requeststep.request_id")),
    "governance_survey": Rule(KEEP, _IN_AREA.format("governance_survey.village")),
    "governance_surveytask": Rule(KEEP, _seen("governance_survey", "id", "governance_surveytask.survey_id")),
    "governance_surveyvisit": Rule(KEEP, _seen("governance_surveytask", "id", "governance_surveyvisit.task_id")),
    "assistance_helpingunit": Rule(KEEP, because=_STAFF),
    "assistance_helpedvillage": Rule(ALL, because=_STAFF),
    "assistance_helper": Rule(KEEP, because=_STAFF),
    "assistance_pairing": Rule(KEEP, _dated("assistance_pairing", "register_household", "id", "household_id")),
    "assistance_proposal": Rule(KEEP, _IN_AREA.format("assistance_proposal.number")),
    "assistance_proposalline": Rule(ADD, _seen("assistance_proposal", "id", "assistance_proposalline.proposal_id")),
    "assistance_proposalstep": Rule(ADD, _seen("assistance_proposal", "id", "assistance_proposalstep.proposal_id")),
    # Figures of areas
    "register_villageyear": Rule(KEEP, because=_PUBLIC),
    "register_countyyear": Rule(KEEP, because=_PUBLIC),
    "register_villageitem": Rule(ALL, because=_PUBLIC),
    "register_countyitem": Rule(ALL, because=_PUBLIC),
    "register_areastatus": Rule(KEEP, because=_PUBLIC),
    "register_openyear": Rule(ALL, because="which year is being collected where: it tells of nobody"),
    "register_statuscount": Rule(READ, because=_KEPT),
    "register_turncount": Rule(READ, because=_KEPT),
    "divisions_division": Rule(READ, because=_PUBLIC),
    "divisions_divisionchange": Rule(READ, because=_PUBLIC),
    "policy_packversion": Rule(READ, because="published documents"),
    # Screenings
    "snapshots_snapshotsender": Rule(READ, because=_COUNTS),
    "snapshots_snapshot": Rule(READ, because=_COUNTS),
    "snapshots_screening": Rule(READ, because=_COUNTS),
    "snapshots_scenario": Rule(KEEP, because=_COUNTS),
    "snapshots_scenariochange": Rule(ADD, because=_COUNTS),
    "snapshots_screenedunit": Rule(READ, because=_COUNTS),
    "snapshots_screenedcriterion": Rule(READ, because=_COUNTS),
    "snapshots_verdictfile": Rule(READ, because=_COUNTS),
    "snapshots_rollup": Rule(READ, because=_COUNTS),
    "snapshots_statusrollup": Rule(READ, because=_COUNTS),
    "snapshots_measurecombination": Rule(READ, because=_COUNTS),
    "snapshots_currentscreening": Rule(READ, because=_COUNTS),
    "monitoring_qualityrun": Rule(READ, because=_COUNTS),
    "monitoring_qualityjob": Rule(ADD, because=_COUNTS),
    "monitoring_qualitycount": Rule(READ, because=_COUNTS),
    "monitoring_leadrun": Rule(ADD, because=_COUNTS),
    "monitoring_leadcount": Rule(READ, because=_COUNTS),
    "reports_reportrun": Rule(ADD, because=_COUNTS),
    "reports_reportfigure": Rule(READ, because=_COUNTS),
    "reports_reportdivision": Rule(READ, because=_COUNTS),
    "reports_savedview": Rule(ALL, _either("reports_savedview.shared", _OWN_VIEW), added=_OWN_VIEW),
    "console_visit": Rule(KEEP, f"console_visit.user_id = ({_READER})"),
    # What is told to everyone: written once. The database refuses to change it, whoever asks.
    "disclosure_proposal": Rule(KEEP, because="what is proposed to be told to everyone: small counts hidden already"),
    "disclosure_publication": Rule(ADD, because="told to everyone"),
    "disclosure_withdrawal": Rule(ADD, because="told to everyone"),
    "disclosure_noticepage": Rule(ADD, because="told to everyone, names masked"),
    "disclosure_noticeterm": Rule(ADD, because="told to everyone"),
    "disclosure_receiptstep": Rule(
        ADD, because="how far an objection is, for whoever holds its receipt: it tells of nobody"
    ),
    # Anybody sends, and sees nothing of it: whoever serves the public page has no area.
    "disclosure_inbox": Rule(KEEP, _IN_AREA.format("disclosure_inbox.village"), added="true"),
    # The audit: pages add to it, and tell how much waits for the sealer. What stands in it is the owner's.
    "core_auditentry": Rule(
        ("INSERT", "SELECT (id, at, county, sealed)"), because="added to; nothing that it says is read or changed"
    ),
    "core_auditlink": Rule(CLOSED, because="the chain is the sealer's"),
    "core_audithead": Rule(CLOSED, because="the chain is the sealer's"),
    "core_datakey": Rule(ADD, because="keys sealed under one that is not in the database"),
    # Accounts
    "accounts_user": Rule(KEEP, because=_STAFF),
    "accounts_failedsignin": Rule(ALL, because=_FRAME),
    "accounts_official": Rule(KEEP, because=_STAFF),
    "accounts_post": Rule(KEEP, because=_STAFF),
    "accounts_grant": Rule(KEEP, because=_STAFF),
    "casework_campaign": Rule(KEEP, because=_PUBLIC),
    "casework_quota": Rule(
        KEEP, because="numbers of divisions, no household; before they are published the pages hide them"
    ),
    "casework_deadline": Rule(ALL, because=_PUBLIC),
    "casework_batch": Rule(KEEP, _IN_AREA.format("casework_batch.number")),
    "casework_campaignrun": Rule(KEEP, because=_PUBLIC),
    "casework_campaignpart": Rule(KEEP, _IN_AREA.format("casework_campaignpart.number")),
    "casework_case": Rule(
        KEEP, _either(_IN_AREA.format("casework_case.division"), _GRANTED.format("casework_case.household_id"))
    ),
    "casework_step": Rule(ADD, _seen("casework_case", "id", "casework_step.case_id")),
    "casework_evidence": Rule(ADD, _seen("casework_batch", "id", "casework_evidence.batch_id")),
    "casework_meeting": Rule(ADD, _seen("casework_batch", "id", "casework_meeting.batch_id")),
    "casework_vote": Rule(ADD, _seen("casework_case", "id", "casework_vote.case_id")),
    "casework_surveyform": Rule(ADD, _seen("casework_case", "id", "casework_surveyform.case_id")),
    "casework_consent": Rule(ADD, _seen("casework_case", "id", "casework_consent.case_id")),
    "casework_opinion": Rule(ADD, _seen("casework_batch", "id", "casework_opinion.batch_id")),
    "casework_application": Rule(ADD, _seen("casework_case", "id", "casework_application.case_id")),
    "casework_signal": Rule(ADD, _seen("casework_case", "id", "casework_signal.case_id")),
    "casework_noticebundle": Rule(KEEP, _IN_AREA.format("casework_noticebundle.number")),
    "casework_bundlednotice": Rule(KEEP, _IN_AREA.format("casework_bundlednotice.number")),
    "casework_notice": Rule(KEEP, _seen("casework_batch", "id", "casework_notice.batch_id")),
    "casework_noticeline": Rule(ADD, _seen("casework_notice", "id", "casework_noticeline.notice_id")),
    "casework_posting": Rule(KEEP, _seen("casework_notice", "id", "casework_posting.notice_id")),
    "casework_objection": Rule(KEEP, _seen("casework_case", "id", "casework_objection.case_id")),
    "casework_objectionstep": Rule(ADD, _seen("casework_objection", "id", "casework_objectionstep.objection_id")),
    "casework_indicatorsheet": Rule(KEEP, _seen("casework_case", "id", "casework_indicatorsheet.case_id")),
    "casework_indicator": Rule(KEEP, _seen("casework_indicatorsheet", "id", "casework_indicator.sheet_id")),
    "casework_indicatorcheck": Rule(ADD, _seen("casework_indicator", "id", "casework_indicatorcheck.indicator_id")),
    "casework_signatory": Rule(KEEP, because=_STAFF),
    "casework_roster": Rule(
        KEEP, because="which list of cases was signed, by its hash: no row of a household or person"
    ),
    "casework_rosterentry": Rule(KEEP, _seen("casework_case", "id", "casework_rosterentry.case_id")),
    "casework_signature": Rule(
        KEEP, _either("casework_signature.case_id IS NULL", _seen("casework_case", "id", "casework_signature.case_id"))
    ),
    "casework_signedpaper": Rule(ADD, _IN_AREA.format("casework_signedpaper.number")),
    "casework_calendaryear": Rule(ALL, because=_DAYS),
    "casework_specialday": Rule(ALL, because=_DAYS),
    "governance_dutyterm": Rule(KEEP, because=_STAFF),
    "accounts_user_groups": Rule(READ, because=_FRAME),
    "accounts_user_user_permissions": Rule(READ, because=_FRAME),
    "account_emailaddress": Rule(ALL, because=_FRAME),
    "account_emailconfirmation": Rule(ALL, because=_FRAME),
    "mfa_authenticator": Rule(ALL, because=_FRAME),
    "usersessions_usersession": Rule(ALL, because=_FRAME),
    "auth_group": Rule(READ, because=_FRAME),
    "auth_group_permissions": Rule(READ, because=_FRAME),
    "auth_permission": Rule(READ, because=_FRAME),
    "django_content_type": Rule(READ, because=_FRAME),
    "django_session": Rule(ALL, because=_FRAME),
    "django_migrations": Rule(CLOSED, because="the owner's"),
}

# The role of the public pages: what it may do, and with no other table anything.
PORTAL: Mapping[str, tuple[str, ...]] = {
    "disclosure_publication": READ,
    "disclosure_withdrawal": READ,
    "disclosure_noticepage": READ,
    "disclosure_noticeterm": READ,
    "disclosure_receiptstep": READ,
    "disclosure_inbox": ("INSERT",),
}

# A condition that is not leakproof (LIKE, the characters of a name) is asked of rows only after the wall's own, row by
# row and without its index. These two ask it of the index and the wall of what is found.
_FOUND = (
    "SELECT p.id FROM register_person p WHERE {condition} AND (session_user = current_user OR EXISTS "
    "(SELECT 1 FROM register_membership m WHERE m.person_id = p.id AND ({seen})))"
)
_MEMBER_SEEN = _either(_IN_AREA.format("m.village"), _GRANTED.format("m.household_id"))

# An entry about a person is told with the household that it names: they may have belonged to another before.
_TRACES = """
WITH home AS (
    SELECT h.id, h.number FROM register_household h
    WHERE h.id = wanted AND (session_user = current_user OR ({seen}))
), subject (kind, id) AS (
    SELECT 'household', home.id::text FROM home
    UNION ALL SELECT 'household_year', y.id::text FROM home JOIN register_householdyear y ON y.household_id = home.id
    UNION ALL SELECT 'person', m.person_id::text FROM home JOIN register_membership m ON m.household_id = home.id
)
SELECT e.id, e.at, e.actor, e.action, e.reason, CASE WHEN right(e.action, 9) = '.revealed' THEN e.new END
FROM home, subject JOIN core_auditentry e ON e.subject_kind = subject.kind AND e.subject_id = subject.id
WHERE subject.kind <> 'person' OR e.label = home.number ORDER BY e.at DESC, e.id DESC LIMIT 100
"""

# From each year to the next by the index, and one row of it in the ranges: a province has millions. The order leads to
# the index wherever in the table an area's rows lie. Where a year is still being collected its rows do not count.
_YEARS = """
WITH RECURSIVE held (year) AS (
    SELECT min(data_year) FROM register_householdyear
    UNION ALL
    SELECT (SELECT min(y.data_year) FROM register_householdyear y WHERE y.data_year > held.year)
    FROM held WHERE held.year IS NOT NULL
)
SELECT held.year FROM held WHERE EXISTS (
    SELECT 1 FROM unnest(
        (SELECT range_agg(int8range(low, high, '[]')) FROM unnest(lows, highs) AS asked (low, high))
        - (SELECT coalesce(range_agg(int8range(o.low, o.high, '[]')), '{}'::int8multirange)
           FROM register_openyear o WHERE o.data_year = held.year)
    ) AS part, LATERAL (
        SELECT 1 FROM register_householdyear y
        WHERE y.village >= lower(part) AND y.village < upper(part) AND y.data_year = held.year
        ORDER BY y.village LIMIT 1
    ) AS one
)
"""

DOORS = (
    Door(
        "lika_persons_named(characters text[], part text)",
        "SETOF uuid",
        _FOUND.format(
            condition="string_to_array(p.name, NULL) @> characters AND strpos(p.name, part) > 0",
            seen=_MEMBER_SEEN,
        ),
    ),
    Door(
        "lika_persons_spelt(letters text)",
        "SETOF uuid",
        _FOUND.format(
            condition="(starts_with(p.pinyin, letters) OR starts_with(p.initials, letters))", seen=_MEMBER_SEEN
        ),
    ),
    # Whoever keeps the accounts gives sight of households by number and sees none of them.
    Door(
        "lika_household_numbered(wanted text)",
        "TABLE (id uuid, village bigint)",
        "SELECT h.id, h.village FROM register_household h WHERE h.number = wanted",
    ),
    # Who joins a household may be known elsewhere: then it is the same person, who leaves there first. Told to whoever
    # knows the identity number (its blind index).
    Door(
        "lika_person_numbered(wanted bytea, day date)",
        "TABLE (id uuid, belongs boolean)",
        "SELECT p.id, EXISTS (SELECT 1 FROM register_membership m WHERE m.person_id = p.id "
        "AND (m.left_on IS NULL OR (m.left_on > day AND m.left_on IS DISTINCT FROM m.joined_on))) "
        "FROM register_person p WHERE p.id_index = wanted",
    ),
    # Who wrote or looked at what of one household: its page tells it to those who may read the audit there.
    Door(
        "lika_household_traces(wanted uuid)",
        "TABLE (id uuid, at timestamptz, actor varchar, action varchar, reason varchar, new bytea)",
        _TRACES.format(seen=_standing_in("h", "id")),
    ),
    # Which years the county has data of is asked by its villages too; a year tells of nobody.
    Door(
        "lika_data_years(lows bigint[], highs bigint[])",
        "SETOF smallint",
        _YEARS,
    ),
    # What a signature over a roster covers is proved by all its lines, also those of other villages; hashes, no names.
    Door(
        "lika_roster_hashes(wanted uuid)",
        "SETOF varchar",
        "SELECT e.content_hash FROM casework_rosterentry e WHERE e.roster_id = wanted",
    ),
)
