"""Every address of the site as every role, against a table that says who may open what. 演示数据

A new address fails `test_every_address_stands_in_the_table` until it has a line here.
"""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from lika.accounts.choices import Role
from lika.accounts.models import User
from lika.register.models import Household
from tests import factories as make
from tests.console.officials import HOME, signed_in

EVERYBODY = "everybody"  # signed in or not
SIGNED_IN = frozenset(Role)
READERS = SIGNED_IN - {Role.ADMINISTRATOR}
REVEALERS = frozenset({Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.AUDITOR})
IMPORTERS = frozenset({Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY})
CONFIRMERS = frozenset({Role.TOWNSHIP, Role.COUNTY})
EXPORTERS = frozenset({Role.TOWNSHIP, Role.COUNTY})
KEEPERS = frozenset({Role.ADMINISTRATOR})
AUDITORS = frozenset({Role.COUNTY, Role.PREFECTURE, Role.PROVINCE, Role.AUDITOR, Role.ADMINISTRATOR})
PROPOSERS = frozenset({Role.TOWNSHIP, Role.COUNTY})
PUBLISHERS = frozenset({Role.COUNTY})
SEE_DUTIES = READERS - {Role.EVALUATOR, Role.HELPER}
SEE_CASEWORK = SEE_DUTIES | {Role.ADMINISTRATOR}
SEE_REQUESTS = frozenset({Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.AUDITOR})
NAME_HOLDERS = frozenset({Role.TOWNSHIP, Role.COUNTY})
RUNNERS = frozenset({Role.COUNTY, Role.PREFECTURE, Role.PROVINCE})
LEAD_DECIDERS = frozenset({Role.TOWNSHIP, Role.COUNTY, Role.PREFECTURE})
COLLECTORS = IMPORTERS | {Role.PREFECTURE, Role.PROVINCE, Role.AUDITOR}
SCREENERS = READERS - {Role.EVALUATOR, Role.HELPER}

# address -> who may open it
MAY_OPEN: dict[str, frozenset[Role] | str] = {
    "console:home": SIGNED_IN,
    "console:map": READERS,
    "console:households": READERS,
    "console:household-search": READERS,
    "console:household": READERS,
    "console:household-explanation": SCREENERS,
    "console:division-why": SCREENERS,
    "console:division-explanation": SCREENERS,
    "console:household-reveal": REVEALERS,
    "console:household-changes": READERS,
    "console:household-change": IMPORTERS,
    "console:household-documents": READERS,
    "console:household-income": READERS,
    "console:income-settle": IMPORTERS,
    "console:income-confirm": CONFIRMERS,
    "console:income-withdraw": IMPORTERS,
    "console:village-documents": READERS,
    "console:document": READERS,
    "console:document-thumbnail": READERS,
    "console:document-reveal": REVEALERS,
    "console:document-withdraw": IMPORTERS,
    "console:area-years": READERS,
    "console:area-year-correct": IMPORTERS,
    "console:county-year": IMPORTERS,
    "console:county-year-settle": CONFIRMERS,
    "console:changes": IMPORTERS,
    "console:change": READERS,
    "console:change-documents": IMPORTERS,
    "console:change-check": CONFIRMERS,
    "console:change-accept": IMPORTERS,
    "console:change-refuse": IMPORTERS,
    "console:change-undo": IMPORTERS,
    "console:list-take": READERS,
    "console:list-take-agreed": EXPORTERS,
    "console:officer": IMPORTERS,
    "console:officer-policy": IMPORTERS,
    "console:officials": KEEPERS,
    "console:official-add": KEEPERS,
    "console:official": KEEPERS,
    "console:official-post": KEEPERS,
    "console:official-post-end": KEEPERS,
    "console:official-grant": KEEPERS,
    "console:official-grant-end": KEEPERS,
    "console:official-account": KEEPERS,
    "console:official-password": KEEPERS,
    "console:official-lock": KEEPERS,
    "console:official-unlock": KEEPERS,
    "console:official-second-step": KEEPERS,
    "console:sessions": SIGNED_IN,
    "console:session-end": SIGNED_IN,
    "console:view-save": READERS,
    "console:view": SIGNED_IN,
    "console:view-change": SIGNED_IN,
    "console:view-delete": SIGNED_IN,
    "console:audit": AUDITORS,
    "console:audit-verify": AUDITORS,
    "console:audit-progress": AUDITORS,
    "console:help": SIGNED_IN,
    "console:help-role": SIGNED_IN,
    "console:glossary": SIGNED_IN,
    "console:data-protection": SIGNED_IN,
    "console:design": SIGNED_IN,
    "collection:exports": EXPORTERS,
    "collection:export-decide": EXPORTERS,
    "collection:export-take": EXPORTERS,
    "rounds:rounds": COLLECTORS,
    "rounds:open": PUBLISHERS,
    "rounds:progress": COLLECTORS,
    "rounds:village": COLLECTORS,
    "rounds:figures": COLLECTORS,
    "rounds:household": COLLECTORS,
    "rounds:unchanged": IMPORTERS,
    "rounds:take-up": IMPORTERS,
    "rounds:workbook": IMPORTERS,
    "rounds:workbook-file": IMPORTERS,
    "rounds:extend": COLLECTORS,
    "rounds:stand-in": PUBLISHERS,
    "rounds:submit": IMPORTERS,
    "rounds:remark": frozenset({Role.TOWNSHIP}),
    "rounds:remark-drop": frozenset({Role.TOWNSHIP}),
    "rounds:return": frozenset({Role.TOWNSHIP}),
    "rounds:pass": frozenset({Role.TOWNSHIP}),
    "rounds:send-back": PUBLISHERS,
    "rounds:lock": PUBLISHERS,
    "collection:receipt": EXPORTERS,
    "collection:sending": EXPORTERS,
    "collection:comparisons": EXPORTERS,
    "collection:comparison": EXPORTERS,
    "collection:import": IMPORTERS,
    "collection:profiles": IMPORTERS,
    "collection:profile": IMPORTERS,
    "collection:columns": EXPORTERS,
    "collection:template": IMPORTERS,
    "collection:batch": IMPORTERS,
    "collection:progress": IMPORTERS,
    "collection:run": IMPORTERS,
    "collection:discard": IMPORTERS,
    "collection:marked": IMPORTERS,
    "snapshots:screenings": SCREENERS,
    "snapshots:screening": SCREENERS,
    "snapshots:units": SCREENERS,
    **{f"snapshots:against{name}": SCREENERS for name in ("", "-units", "-changes")},
    "snapshots:try": SCREENERS,
    "snapshots:scenarios": SCREENERS,
    "snapshots:scenarios-beside": SCREENERS,
    "snapshots:scenario": SCREENERS,
    "snapshots:scenario-new": RUNNERS,
    "snapshots:scenario-run": RUNNERS,
    "snapshots:scenario-progress": SCREENERS,
    "snapshots:scenario-draft": SCREENERS,
    "snapshots:scenario-units": SCREENERS,
    "monitoring:quality": SCREENERS,
    "monitoring:quality-run": RUNNERS,
    "monitoring:quality-progress": SCREENERS,
    "monitoring:faults": SCREENERS,
    "monitoring:fault": SCREENERS,
    "monitoring:assign": IMPORTERS - {Role.VILLAGE},
    "monitoring:fix": IMPORTERS,
    "monitoring:explain": IMPORTERS,
    "monitoring:recheck": IMPORTERS,
    "monitoring:leads": SCREENERS,
    "monitoring:leads-run": RUNNERS,
    "monitoring:leads-progress": SCREENERS,
    "monitoring:lead": SCREENERS,
    "monitoring:lead-decide": LEAD_DECIDERS,
    "monitoring:lead-check": LEAD_DECIDERS,
    "casework:work": SEE_CASEWORK,
    "casework:campaigns": SEE_CASEWORK,
    "casework:campaign-new": RUNNERS,
    "casework:campaign": SEE_CASEWORK,
    "casework:quota-propose": RUNNERS | {Role.TOWNSHIP},
    "casework:quota-change": RUNNERS | {Role.TOWNSHIP},
    "casework:quota-publish": RUNNERS | {Role.TOWNSHIP},
    "casework:quota-take-back": RUNNERS | {Role.TOWNSHIP},
    "casework:campaign-size": RUNNERS,
    "casework:campaign-lock": RUNNERS,
    "casework:annex-1": SEE_CASEWORK,
    "casework:campaign-cases": SEE_CASEWORK,
    "casework:exit-list": SEE_CASEWORK,
    "casework:case-correct": RUNNERS,
    "casework:campaign-begin": RUNNERS,
    "casework:campaign-deadline": RUNNERS,
    "casework:campaign-take-in": RUNNERS,
    "casework:run-go-on": RUNNERS,
    "casework:run": RUNNERS,
    "casework:run-stop": RUNNERS,
    "casework:batch-apply": SEE_CASEWORK,
    "casework:batch-notice": SEE_CASEWORK,
    "casework:batch-rescreen": SEE_CASEWORK,
    "casework:batches": SEE_CASEWORK,
    "casework:batch": SEE_CASEWORK,
    "casework:case": SEE_CASEWORK,
    "casework:case-explanation": SCREENERS,
    "casework:announce": SEE_CASEWORK,
    "casework:hold-back": SEE_CASEWORK,
    "casework:indicators-draw": SEE_CASEWORK,
    "casework:indicators-enter": SEE_CASEWORK,
    **dict.fromkeys(("casework:batch-decide", "casework:batch-leave-out", "casework:meeting-record"), SEE_CASEWORK),
    "casework:batch-close": SEE_CASEWORK,
    **dict.fromkeys(("casework:meeting-close", "casework:survey-record", "casework:answers-record"), SEE_CASEWORK),
    **dict.fromkeys(("casework:answers-close", "casework:evidence-add", "casework:evidence-withdraw"), SEE_CASEWORK),
    **dict.fromkeys(
        ("casework:sign", "casework:sign-pass", "casework:send-back", "casework:signatories"), SEE_CASEWORK
    ),
    "casework:signature-sheet": REVEALERS & SEE_CASEWORK,
    **{f"casework:roster{name}": SEE_CASEWORK for name in ("", "-draw", "-sign", "-pass")},
    **dict.fromkeys(("casework:signatory-name", "casework:signatory-end"), RUNNERS),
    "casework:notices": SEE_CASEWORK,
    "casework:notice-board": SEE_CASEWORK,
    **{f"casework:bundle{name}": EXPORTERS for name in ("s", "", "-progress", "-stop", "-go-on", "-take")},
    **dict.fromkeys(("casework:batch-print", "casework:case-print"), SEE_CASEWORK),
    "casework:objection": SEE_CASEWORK,
    "casework:objections": SEE_CASEWORK,
    **{f"casework:{name}": SEE_CASEWORK for name in ("batch-file", "case-file")},
    **{f"casework:{name}-file-take": SEE_CASEWORK for name in ("batch", "case", "appeal")},
    "casework:rolling": SEE_CASEWORK,
    "casework:workdays": SEE_CASEWORK,
    "casework:workday-set": KEEPERS,
    "casework:workday-drop": KEEPERS,
    "casework:year-confirm": KEEPERS,
    "casework:year-reopen": KEEPERS,
    **{f"assistance:{name}": SEE_DUTIES for name in ("coverage", "unpaired", "pairings", "household", "statistics")},
    **{f"assistance:{name}": SEE_DUTIES for name in ("units", "unit", "proposals", "proposal", "proposal-return")},
    **{f"assistance:{name}": NAME_HOLDERS for name in ("unit-new", "unit-villages", "unit-end")},
    **{f"assistance:{name}": NAME_HOLDERS for name in ("helper-new", "helper-end")},
    **{f"assistance:{name}": IMPORTERS for name in ("suggestion", "proposal-withdraw")},
    "assistance:proposal-pass": frozenset({Role.TOWNSHIP}),
    "assistance:proposal-agree": frozenset({Role.COUNTY}),
    "console:pairing-form": SEE_DUTIES,
    "governance:work": SEE_DUTIES,
    "governance:duties": SEE_DUTIES,
    "governance:duty-appoint": NAME_HOLDERS,
    "governance:duty-carry": NAME_HOLDERS,
    "governance:duty-end": NAME_HOLDERS,
    "governance:requests": SEE_REQUESTS,
    "governance:request-new": NAME_HOLDERS,
    "governance:request": SEE_REQUESTS,
    "governance:request-receipt": SEE_REQUESTS,
    "governance:request-assign": NAME_HOLDERS,
    "governance:request-reply": SEE_REQUESTS - {Role.AUDITOR},
    "governance:request-return": NAME_HOLDERS,
    "governance:request-close": NAME_HOLDERS,
    "governance:request-withdraw": NAME_HOLDERS,
    "governance:request-phone": REVEALERS,
    "governance:surveys": SEE_REQUESTS,
    "governance:survey-new": NAME_HOLDERS,
    "governance:survey": SEE_REQUESTS,
    "governance:survey-close": NAME_HOLDERS,
    "governance:survey-task": SEE_REQUESTS,
    "governance:survey-paper": SEE_REQUESTS,
    "governance:survey-sheets": SEE_REQUESTS,
    "governance:survey-sign": SEE_REQUESTS - {Role.AUDITOR},
    "governance:survey-visit": SEE_REQUESTS - {Role.AUDITOR},
    "reports:analysis": READERS,
    "reports:villages": READERS,
    "reports:save": READERS,
    "reports:view": READERS,
    "reports:delete": READERS,
    "reports:reports": SCREENERS,
    "reports:report": SCREENERS,
    "reports:report-ask": RUNNERS,
    "reports:report-progress": SCREENERS,
    "disclosure:publications": PROPOSERS,
    "disclosure:propose": PROPOSERS,
    "disclosure:proposal": PROPOSERS,
    "disclosure:publish": PUBLISHERS,
    "disclosure:decline": PROPOSERS,
    "disclosure:withdraw": PUBLISHERS,
    "disclosure:notice-page": SEE_CASEWORK,
    "disclosure:inbox": frozenset({Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY}),
    "open:publications": EVERYBODY,
    "open:help": EVERYBODY,
    "open:notices": EVERYBODY,
    "open:notice": EVERYBODY,
    "open:receipt": EVERYBODY,
    "open:publication": EVERYBODY,
    "open:content": EVERYBODY,
    "open:language": EVERYBODY,
    "policy:packs": SIGNED_IN,
    "policy:pack": SIGNED_IN,
    "policy:compare": SIGNED_IN,
    "demo:enter": EVERYBODY,
    "demo:step": SIGNED_IN,
    "demo:dismiss": SIGNED_IN,
    "demo:workbook": IMPORTERS,
    "healthz": EVERYBODY,
    "set_language": EVERYBODY,
}
# Addresses of allauth: the same for every role; they guard themselves by what the account has (a second factor …).
BEFORE_SIGNING_IN = {
    *("account_login", "account_logout", "account_inactive", "account_signup", "account_email_verification_sent"),
    *("account_reset_password", "account_confirm_login_code", "account_confirm_email"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done", "account_reset_password_done"),
    *("mfa_authenticate", "no_reset"),
}
AFTER_SIGNING_IN = {
    *(
        "account_reauthenticate",
        "account_email",
        "no_email",
        "no_sessions",
        "account_change_password",
        "account_set_password",
    ),
    *("usersessions_list", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
}
BY_POST: dict[str, dict[str, str]] = {
    "console:household-reveal": {"what": "phone", "reason": "核实"},
    "console:income-settle": {},
    "console:income-confirm": {},
    "console:income-withdraw": {"reason": "错"},
    "console:document-reveal": {"reason": "核实"},
    "console:document-withdraw": {"reason": "放错户"},
    "console:change-documents": {"kind": "10"},
    "console:county-year-settle": {},
    "console:change-check": {},
    "console:change-accept": {},
    "console:change-refuse": {},
    "console:change-undo": {},
    "console:official-post": {},
    "console:official-post-end": {},
    "console:official-grant": {},
    "console:official-grant-end": {},
    "console:official-account": {},
    "console:official-password": {},
    "console:official-lock": {},
    "console:official-unlock": {},
    "console:official-second-step": {},
    "console:session-end": {},
    "console:list-take": {"kind": "csv"},
    "console:list-take-agreed": {},
    "console:view-save": {"name": "我的视图"},
    "console:view-change": {},
    "console:view-delete": {},
    **{f"rounds:{name}": {} for name in ("unchanged", "take-up", "submit", "remark", "remark-drop", "return", "pass")},
    "rounds:send-back": {},
    "rounds:workbook-file": {},
    "rounds:extend": {},
    "rounds:stand-in": {},
    "rounds:lock": {},
    "collection:run": {},
    "disclosure:propose": {},
    "disclosure:publish": {},
    "disclosure:decline": {},
    "disclosure:withdraw": {},
    "disclosure:notice-page": {},
    "open:language": {"language": "en"},
    "collection:export-decide": {},
    "collection:export-take": {},
    "demo:enter": {},
    "demo:dismiss": {},
    "collection:discard": {},
    "monitoring:assign": {},
    "monitoring:fix": {},
    "monitoring:explain": {},
    "monitoring:recheck": {},
    "monitoring:quality-run": {},
    "monitoring:leads-run": {},
    "monitoring:lead-decide": {},
    "monitoring:lead-check": {},
    **{f"casework:{name}": {} for name in ("quota-propose", "quota-change", "quota-publish")},
    **{f"casework:{name}": {} for name in ("quota-take-back", "campaign-size", "campaign-lock", "workday-set")},
    **{f"casework:{name}": {} for name in ("campaign-begin", "campaign-deadline", "campaign-take-in")},
    **{f"casework:{name}": {} for name in ("run-go-on", "run-stop", "batch-close")},
    "casework:batch-rescreen": {},
    **{f"casework:{name}": {} for name in ("workday-drop", "year-confirm", "year-reopen")},
    **{f"casework:{name}": {} for name in ("announce", "hold-back", "indicators-draw", "indicators-enter")},
    **{f"casework:{name}": {} for name in ("batch-decide", "batch-leave-out", "meeting-record", "meeting-close")},
    **{f"casework:{name}": {} for name in ("survey-record", "answers-record", "answers-close", "evidence-add")},
    **{f"casework:{name}": {} for name in ("evidence-withdraw", "sign-pass", "signatory-name", "signatory-end")},
    **{f"casework:{name}": {} for name in ("send-back", "notice-board")},
    "casework:signature-sheet": {"reason": "核实"},
    **{f"casework:{name}-print": {} for name in ("batch", "case")},
    **{f"casework:{name}-file-take": {} for name in ("batch", "case", "appeal")},
    **{f"casework:roster-{name}": {} for name in ("draw", "pass")},
    **{f"assistance:{name}": {} for name in ("unit-villages", "unit-end", "helper-new", "helper-end")},
    **{f"assistance:proposal-{name}": {} for name in ("pass", "agree", "return", "withdraw")},
    "governance:duty-carry": {},
    "governance:request-assign": {},
    "governance:request-reply": {},
    "governance:request-return": {},
    "governance:request-close": {},
    "governance:request-withdraw": {},
    "governance:request-phone": {"reason": "核实"},
    "governance:survey-close": {},
    "governance:survey-sign": {},
    "reports:save": {},
    "reports:delete": {},
    "reports:report-ask": {},
    "snapshots:scenario-run": {},
}


def addresses(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
        else:
            yield from addresses(pattern, pattern.namespace or namespace)


def test_every_address_stands_in_the_table():
    assert sorted({*MAY_OPEN, *BEFORE_SIGNING_IN, *AFTER_SIGNING_IN}) == sorted(set(addresses()))


@pytest.fixture
def household() -> Household:
    """A household in the village where every role's post stands or looks."""
    return make.make_household(number="A1", members=2, phone="13800001234")


def path_of(name: str, household: Household) -> str:
    """The address with sample arguments: of the household, of nothing in particular for the rest."""
    for arguments in (
        {},
        {"pk": household.id},
        {"pk": household.id, "post": household.id},
        {"pk": household.id, "grant": household.id},
        {"pk": household.id, "surveyor": household.id},
        {"batch_id": household.id},
        {"round_id": household.id},
        {"submission_id": household.id},
        {"submission_id": household.id, "pk": household.id},
        {"submission_id": household.id, "remark_id": household.id},
        {"export_id": household.id},
        {"comparison_id": household.id},
        {"code": make.VILLAGE},
        {"code": make.VILLAGE, "year": 2016},
        {"code": make.VILLAGE, "pk": household.id},
        {"label": "national-2018"},
        {"kind": "csv"},
        {"pk": household.id, "kind": "leave"},
        {"pk": household.id, "code": make.VILLAGE},
        {"pk": household.id, "code": make.VILLAGE, "kind": "json"},
        {"pk": household.id, "slot": 0},
        {"pk": household.id, "stage": "none", "paper": "none"},
        {"code": make.VILLAGE},
        {"name": "dibao_listed", "answer": "yes"},
        {"pk": household.id, "year": 2016},
        {"pack_id": "demo/none"},
        {"role": "village"},
        {"page": "households"},
        {"number": 1},
        {"name": "faulty.xlsx"},
        {"county": 0},
        {"key": "none"},
        {"uidb36": "none", "key": "none"},
    ):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name}: say in path_of which arguments it takes")


def answer(client: Client, name: str, household: Household) -> HttpResponse:
    path = path_of(name, household)
    found = client.post(path, BY_POST[name]) if name in BY_POST else client.get(path)
    if found.streaming:
        b"".join(found.streaming_content)  # a file is closed where it ends
    return found


def status(client: Client, name: str, household: Household) -> int:
    return answer(client, name, household).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_the_table_says_and_nothing_else(role: Role, household: Household):
    grants = {"households": [household], "villages": [make.VILLAGE]}
    client = signed_in(role, **(grants if role in {Role.HELPER, Role.EVALUATOR} else {}))
    found = {name: status(client, name, household) for name in MAY_OPEN}
    expected = {name for name, may in MAY_OPEN.items() if may == EVERYBODY or role in may}
    assert {name for name, code in found.items() if code != 403} == expected
    assert {name: code for name, code in found.items() if code >= 500} == {}


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(household: Household):
    closed = {name for name, may in MAY_OPEN.items() if may != EVERYBODY} | AFTER_SIGNING_IN
    asked = {name: answer(Client(), name, household) for name in closed}
    assert {name for name, response in asked.items() if response.status_code != 302} == set()
    assert {response["Location"].partition("?")[0] for response in asked.values()} == {"/accounts/login/"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_with_a_one_time_password_every_address_leads_to_its_change(role: Role, household: Household):
    client = signed_in(role)
    User.objects.update(must_change_password=True)
    closed = ({name for name, may in MAY_OPEN.items() if may != EVERYBODY} | AFTER_SIGNING_IN) - {
        "account_change_password"
    }
    asked = {name: answer(client, name, household) for name in closed}
    assert {name for name, response in asked.items() if response.status_code != 302} == set()
    assert {name: response["Location"] for name, response in asked.items()} == dict.fromkeys(
        closed, "/accounts/password/change/"
    )
    assert status(client, "healthz", household) == 200


@pytest.mark.django_db
def test_the_pages_before_signing_in_answer_strangers(household: Household):
    assert {name for name in BEFORE_SIGNING_IN if answer(Client(), name, household).status_code >= 500} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(READERS))
def test_what_lies_outside_the_area_is_not_there(role: Role):
    """The household stands in another province's village, and in the next village for the village officer."""
    outside = make.make_household("531102100201", number="Z9", phone="13800001234")
    inside = make.make_household(HOME[role] if role is Role.VILLAGE else make.VILLAGE, number="A1")
    client = signed_in(role, **({"villages": [make.VILLAGE]} if role in {Role.HELPER, Role.EVALUATOR} else {}))
    assert status(client, "console:household", inside) == 200
    assert status(client, "console:household", outside) == 404
    assert client.get("/households/", {"division": "531102100201"}).status_code == 404
    assert client.get("/map.json", {"division": "531102000000"}).status_code == 404
    if role in REVEALERS:
        assert status(client, "console:household-reveal", outside) == 404
