"""The names of all permissions, in one place so that a typing slip is an error.

Which role holds which is in `lika.accounts.choices`; the rule that a URL names its permission is
held by `tests/test_architecture.py`.
"""

from enum import StrEnum


class Permission(StrEnum):
    """A thing that an actor may do; where, is the actor's area and grants."""

    DIVISIONS_VIEW = "divisions.view"
    DIVISIONS_MANAGE = "divisions.manage"
    ACCOUNTS_MANAGE = "accounts.manage"
    POLICY_VIEW = "policy.view"
    POLICY_MANAGE = "policy.manage"
    REGISTER_VIEW = "register.view"
    REGISTER_PERSONAL = "register.personal"  # names in full, ages, health: else masked
    REGISTER_REVEAL = "register.reveal"  # identity numbers, telephones, accounts: with a reason, audited
    REGISTER_IMPORT = "register.import"
    REGISTER_EXPORT = "register.export"  # the register of an area as a file; with personal data, by two persons
    PROFILE_KEEP = "profile.keep"  # say what the columns and codes of another system's files mean
    REGISTER_CHANGE = "register.change"  # single households, members and yearly rows
    REGISTER_CONFIRM = "register.confirm"  # yearly rows: confirm and lock
    REGISTER_STATUS = "register.status"  # enter a status that was decided
    ROUND_VIEW = "round.view"  # rounds of the yearly collection: how far which village is
    ROUND_AUDIT = "round.audit"  # look through what a village handed in: pass or return
    ROUND_KEEP = "round.keep"  # open a round, lock what was passed, or send it back
    SNAPSHOT_TAKE = "snapshot.take"
    SNAPSHOT_TRUST = "snapshot.trust"  # by command alone: whose snapshots are taken in here
    SCREENING_RUN = "screening.run"
    SCREENING_MAKE_CURRENT = "screening.make_current"  # an older snapshot's verdicts in place of newer ones
    SCREENING_VIEW = "screening.view"
    CASEWORK_VIEW = "casework.view"  # campaigns, their quotas, the work calendar
    CAMPAIGN_OPEN = "campaign.open"  # and its number of persons; lock it
    QUOTA_SPLIT = "quota.split"  # the number of a division among those below, and publish it
    CASE_VILLAGE = "case.village"  # act on cases at the stages of a level
    CASE_TOWNSHIP = "case.township"
    CASE_COUNTY = "case.county"
    CASE_DEPARTMENT = "case.department"  # confirm the indicators of its sector, at the county's stages
    CASE_PREFECTURE = "case.prefecture"
    CASE_PROVINCE = "case.province"
    CASE_SIGN = "case.sign"  # sign by account, in a capacity that the table of signatories gives
    SIGNATORIES_KEEP = "signatories.keep"  # who signs in which capacity, at the own level and below
    WORKDAYS_KEEP = "workdays.keep"  # holidays and make-up work days, which years are confirmed
    DISCLOSURE_PROPOSE = "disclosure.propose"
    DISCLOSURE_PUBLISH = "disclosure.publish"  # what another proposed; and withdraw
    QUALITY_VIEW = "quality.view"
    QUALITY_RUN = "quality.run"
    QUALITY_ASSIGN = "quality.assign"  # name who mends a fault of data, until when
    QUALITY_MEND = "quality.mend"  # say that it is mended, explain a warning, have it rechecked
    DUTIES_VIEW = "duties.view"
    DUTIES_APPOINT = "duties.appoint"  # name who is answerable in townships and villages
    LEADS_DECIDE = "leads.decide"  # on what was found across households: duplicates, evasion
    LEADS_CHECK = "leads.check"  # what another would clear
    SURVEYS_VIEW = "surveys.view"
    SURVEYS_KEEP = "surveys.keep"  # open surveys of villages, name the surveyors
    SURVEYS_MARK = "surveys.mark"  # mark own visits and sign
    REQUESTS_VIEW = "requests.view"
    REQUESTS_KEEP = "requests.keep"  # the service window: register, assign, close
    REQUESTS_REPLY = "requests.reply"
    PAIRING_VIEW = "pairing.view"  # which household has which helper, and which has none
    HELPERS_KEEP = "helpers.keep"  # helping units and the helpers that they name
    PAIRING_PROPOSE = "pairing.propose"
    PAIRING_REVIEW = "pairing.review"  # the township looks through what is proposed
    PAIRING_AGREE = "pairing.agree"  # the county headquarters: then it takes effect
    AUDIT_VIEW = "audit.view"
    AUDIT_SEAL = "audit.seal"  # the sealer and the command, no role
    DOCUMENTS_KEEP = "documents.keep"  # look through the stored files: the operator at the machine, no role
    BACKUP_KEEP = "backup.keep"  # backup and restore: the operator at the machine, no role
    KEYS_ROTATE = "keys.rotate"  # the operator at the machine, no role
