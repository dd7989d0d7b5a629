"""What personal data Lika keeps, what for, how it is guarded and who sees it: made from the declarations themselves.

The fields and their classes are those of the models (`privacy`), the roles those of `accounts.choices`, the labels
of yearly columns those of the facts. Only what no declaration says stands here: the purpose of each table, and the
words for columns that are no facts. A table with personal columns that has no purpose here is an error, and a test.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from lika.accounts.choices import PERMISSIONS, Role
from lika.console.facts import declared, label
from lika.core.fields import EncryptedTextField
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.core.privacy import Privacy
from lika.runtime.faults import Words

GUARDED = frozenset({Privacy.PERSONAL, Privacy.SENSITIVE})


class Sight(Enum):
    """How somebody comes to see a column."""

    NAMED = "named"  # whoever sees persons in full there
    REVEALED = "revealed"  # on request, with a reason that the audit keeps
    OWN = "own"  # whoever brought it in
    WINDOW = "window"  # whoever reads the service window
    NOBODY = "nobody"  # the program alone


@dataclass(frozen=True)
class Table:
    """What the personal columns of a table are kept for, and how they are seen where the column does not say."""

    title: Words
    purpose: Words
    sight: Sight = Sight.NAMED
    encrypted: Sight = Sight.NAMED


@dataclass(frozen=True)
class Column:
    """A column of a table, and what holds for it."""

    label: str
    sensitive: bool
    guard: str
    seen: str


@dataclass(frozen=True)
class Group:
    """A line of the page: the columns of a table that are alike in all but their label."""

    labels: str
    sensitive: bool
    guard: str
    seen: str


@dataclass(frozen=True)
class Section:
    """A table of the page."""

    key: str
    title: str
    purpose: str
    columns: tuple[Column, ...]

    @property
    def groups(self) -> list[Group]:
        """The columns by how they are kept and seen, in the order in which each kind first stands in the table."""
        labels: dict[tuple[bool, str, str], list[str]] = {}
        for column in self.columns:
            labels.setdefault((column.sensitive, column.guard, column.seen), []).append(column.label)
        return [Group(chosen("、", ", ").join(found), *alike) for alike, found in labels.items()]


_WHO = Words("确定帮扶对象，核对身份，避免重复登记", "to know whom help reaches, to register nobody twice")
_NEED = Words("判定贫困状况、致贫原因和应享受的措施", "to judge poverty, its causes, and the measures that apply")
_PROOF = Words("证明谁在何时因何改动或查看了数据", "to prove who changed or looked at what, when and why")
TABLES: Mapping[str, Table] = {
    "register.Household": Table(
        Words("户", "Household"),
        Words("联系农户、兑付补助", "to reach the household and pay it"),
        encrypted=Sight.REVEALED,
    ),
    "register.Person": Table(Words("家庭成员", "Person"), _WHO, encrypted=Sight.REVEALED),
    "register.Membership": Table(Words("家庭关系", "Membership"), _WHO),
    "register.HouseholdYear": Table(Words("户年度数据", "Household, by year"), _NEED),
    "register.PersonYear": Table(Words("人口年度数据", "Person, by year"), _NEED),
    "register.HouseholdItem": Table(Words("户采集项", "Collected items of households"), _NEED),
    "register.PersonItem": Table(Words("人员采集项", "Collected items of persons"), _NEED),
    "register.VillageItem": Table(Words("村采集项", "Collected items of villages"), _NEED),
    "register.CountyItem": Table(Words("县采集项", "Collected items of counties"), _NEED),
    "register.Change": Table(Words("变更", "Changes"), _PROOF),
    "register.ChangeField": Table(Words("变更明细", "Changes, field by field"), _PROOF),
    "register.IncomeEntry": Table(Words("收支台账", "Income ledger"), _NEED),
    "register.LedgerChoice": Table(Words("收支合计来源", "What yearly totals come from"), _PROOF),
    "register.Document": Table(
        Words("材料和照片", "Documents and photographs"),
        Words("证明登记的情况", "to prove what the register says"),
    ),
    "snapshots.CurrentVerdict": Table(Words("现行结果", "Current results"), _NEED),
    "monitoring.QualityFault": Table(
        Words("数据质量问题", "Faults in the data"), Words("改正数据差错", "to have faults in the data mended")
    ),
    "monitoring.Lead": Table(
        Words("疑似重复与违规线索", "Leads to duplicates and evasion"),
        Words("查清重复登记和违规登记", "to find out double and wrongful registration"),
    ),
    "monitoring.LeadDecision": Table(
        Words("线索处理", "Decisions on leads"),
        Words(
            "证明线索由谁如何处理；上报理由供上级处理",
            "to prove who decided what on a lead; why one is referred upward is told to the office above",
        ),
    ),
    "casework.Case": Table(
        Words("案件", "Cases"), Words("办理识别、退出、返贫和清退", "to decide on entry, exit, return and removal")
    ),
    "casework.Step": Table(Words("案件办理记录", "Steps of cases"), _PROOF),
    "casework.Vote": Table(Words("评议表决", "Votes of appraisals"), _PROOF),
    "casework.SurveyForm": Table(Words("入户调查核实表", "Forms of survey and verification"), _PROOF),
    "casework.Consent": Table(
        Words("农户意见", "Answers of households"),
        Words("证明农户是否认可，由谁听取、谁见证", "to prove what the household said, who heard it and who was there"),
    ),
    "casework.Opinion": Table(Words("审核意见", "Opinions of offices"), _PROOF),
    "casework.Application": Table(Words("贫困户申请", "Applications of households"), _PROOF),
    "casework.Signal": Table(Words("案件线索", "What led to a case"), _PROOF),
    "casework.Notice": Table(
        Words("公示公告", "Notices and announcements"),
        Words("向群众公示名单，接受监督", "to tell the people who is on the list, and hear them"),
    ),
    "casework.Objection": Table(
        Words("异议", "Objections"),
        Words("调查并答复群众异议", "to investigate and answer what people object to"),
        encrypted=Sight.WINDOW,
    ),
    "casework.ObjectionStep": Table(Words("异议办理记录", "Steps of objections"), _PROOF, encrypted=Sight.WINDOW),
    "disclosure.Inbox": Table(
        Words("网页来信", "Sent from the public pages"),
        Words("接收群众对公示名单的异议", "to take in what people object to"),
        encrypted=Sight.WINDOW,
    ),
    "casework.SignedPaper": Table(
        Words("签字件", "Signed papers"),
        Words("证明签字人亲笔签字、盖章或按手印", "to prove that who signed did so by hand, seal or handprint"),
    ),
    "governance.ServiceRequest": Table(
        Words("服务窗口受理事项", "Requests at the service window"),
        Words("受理并答复群众诉求", "to deal with what residents ask and to answer them"),
        encrypted=Sight.WINDOW,
    ),
    "governance.SurveyVisit": Table(
        Words("入户调查记录", "Visits of surveys"),
        Words("证明哪些农户已入户调查", "to prove which households were visited"),
    ),
    "assistance.Pairing": Table(
        Words("结对关系", "Pairings"),
        Words("明确每户的帮扶责任人", "to say who answers for which household"),
    ),
    "assistance.ProposalLine": Table(
        Words("结对调整明细", "Lines of proposals of pairings"),
        Words("留存结对调整的审批依据", "to keep why a helper was changed"),
    ),
    "governance.RequestStep": Table(Words("受理事项办理记录", "Steps of requests"), _PROOF, encrypted=Sight.WINDOW),
    "collection.ImportBatch": Table(
        Words("导入", "Imports"),
        Words("让导入人找到自己的文件", "to find one's own file again"),
        Sight.OWN,
    ),
    "collection.Comparison": Table(
        Words("文件比对", "Comparisons with files of other systems"),
        Words("让比对人找到自己的文件", "to find the file that one compared again"),
        Sight.OWN,
    ),
    "collection.FoundDifference": Table(
        Words("与外部系统的差异", "Differences from other systems"),
        Words("让村里知道哪些户需要核对", "to tell the village which households to compare"),
    ),
    "collection.Entry": Table(Words("年度采集农户", "Households of a yearly collection"), _NEED),
    "collection.FieldRemark": Table(
        Words("年度采集审核意见", "Remarks on a yearly collection"),
        Words("让村里知道哪一项需要核实", "to tell the village what to look at again"),
    ),
    "collection.BroughtWorkbook": Table(Words("年度采集工作簿", "Workbooks brought to a yearly collection"), _NEED),
    "collection.Step": Table(Words("年度采集办理记录", "Steps of a yearly collection"), _PROOF),
    "core.AuditEntry": Table(Words("审计记录", "Audit log"), _PROOF, Sight.NOBODY),
    "core.DataKey": Table(
        Words("数据密钥", "Data keys"), Words("加密上述数据", "to encrypt what stands above"), Sight.NOBODY
    ),
    "accounts.User": Table(Words("账号", "Accounts"), Words("登录", "to sign in"), Sight.NOBODY),
    "accounts.FailedSignIn": Table(
        Words("登录失败记录", "Failed sign-ins"),
        Words("阻止猜测密码，到期即删", "to stop guessing of passwords; deleted after minutes"),
        Sight.NOBODY,
    ),
}
# Shown one at a time whatever the table.
REVEALED_ANYWHERE = frozenset({"phone"})
# Columns that are no facts, by name.
LABELS: Mapping[str, Words] = {
    "address": Words("地址", "Address"),
    "phone": Words("联系电话", "Telephone"),
    "phone_index": Words("电话检索码", "Index of the telephone"),
    "bank_name": Words("开户银行", "Bank"),
    "bank_account": Words("银行账号", "Bank account"),
    "bank_account_index": Words("账号检索码", "Index of the bank account"),
    "position": Words("坐标", "Position"),
    "monitoring_status": Words("监测状态", "Monitoring status"),
    "attribute": Words("户属性", "Kind of poor household"),
    "name": Words("姓名", "Name"),
    "pinyin": Words("姓名拼音", "Name in pinyin"),
    "initials": Words("拼音首字母", "Initials of the pinyin"),
    "sex": Words("性别", "Sex"),
    "birth_date": Words("出生日期", "Date of birth"),
    "ethnicity": Words("民族", "Ethnicity"),
    "id_number": Words("证件号码", "Identity number"),
    "id_original": Words("原15位证件号码", "Former number of 15 digits"),
    "id_index": Words("证件检索码", "Index of the identity number"),
    "no_id_reason": Words("无证件原因", "Why there is no number"),
    "relation": Words("与户主关系", "Relation to the head"),
    "joined_on": Words("加入日期", "Joined on"),
    "left_on": Words("离开日期", "Left on"),
    "join_reason": Words("增加原因", "Reason of joining"),
    "leave_reason": Words("减少原因", "Reason of leaving"),
    "household": Words("户", "Household"),
    "person": Words("人员", "Person"),
    "person_id": Words("人员", "Person"),
    "note": Words("说明", "Note"),
    "what": Words("不一致的项目", "Fields that differ"),
    "unit_id": Words("户或人员", "Household or person"),
    "household_id": Words("所在户", "Household concerned"),
    "other_household_id": Words("另一户", "The other household"),
    "other_person_id": Words("另一人员", "The other person"),
    "key": Words("线索标识", "What the lead is about"),
    "facts": Words("线索依据摘要", "Digest of what the lead rests on"),
    "reason": Words("事由", "Reason"),
    "reason_code": Words("原因", "Kind of reason"),
    "evidence": Words("依据", "Evidence"),
    "remark": Words("备注", "Remark"),
    "signed_by": Words("签字人", "Who signed it"),
    "label": Words("线索名称", "Name of what led to it"),
    "ledger_account": Words("收支科目", "Account of income or cost"),
    "national": Words("国家收支科目", "National account"),
    "on": Words("日期", "Day"),
    "quantity": Words("数量", "Quantity"),
    "amount": Words("金额", "Amount"),
    "document": Words("依据材料", "Document as evidence"),
    "owner_id": Words("所属的户、人员或变更", "Household, person or change it belongs to"),
    "title": Words("标题", "Title"),
    "withdrawn_reason": Words("撤回或更换事由", "Why it was withdrawn or replaced"),
    "old": Words("原值", "Value before"),
    "new": Words("新值", "Value after"),
    "number": Words("数值", "Number"),
    "day": Words("日期", "Day"),
    "code": Words("代码", "Code"),
    "text": Words("文字", "Text"),
    "applicant": Words("申请人", "Applicant"),
    "reply": Words("答复", "Reply"),
    "visited_on": Words("入户日期", "Visited on"),
    "result": Words("入户结果", "Result of the visit"),
    "notes_given": Words("已交帮扶须知", "Notes handed over"),
    "as_registered": Words("与登记是否一致", "Whether it is as registered"),
    "latitude": Words("纬度", "Latitude"),
    "longitude": Words("经度", "Longitude"),
    "answer": Words("农户意见", "Answer of the household"),
    "manner": Words("表达方式", "How it was given"),
    "witness": Words("见证人", "Witness"),
    "box": Words("加密来信", "Sealed letter"),
    "content": Words("内容", "Content"),
    "verdicts": Words("各条件结果", "Result of each criterion"),
    "results": Words("各条件结果", "Result of each criterion"),
    "summary": Words("综合判定结果", "Result on the whole"),
    "income_per_head": Words("人均纯收入", "Net income per head"),
    "file_name": Words("文件名", "Name of the file"),
    "told": Words("读入结果与错误", "What came of it, with its faults"),
    "wrapped": Words("封装后的密钥", "Key under the master key"),
    "password": Words("密码摘要", "Digest of the password"),
    "account": Words("账号检索码", "Index of the account"),
}


def guarded_models() -> Iterator[tuple[type[models.Model], dict[str, Privacy]]]:
    """The models with personal columns, lowest app first, and these columns."""
    for model in apps.get_models():
        privacy: Mapping[str, Privacy] = getattr(model, "privacy", {})
        columns = {name: Privacy(value) for name, value in privacy.items() if value in GUARDED}
        if columns:
            yield model, columns


def sections() -> list[Section]:
    """The page: register first, then what the program keeps to guard it."""
    order = list(TABLES)
    found = [_section(model, columns) for model, columns in guarded_models()]
    return sorted(found, key=lambda section: order.index(section.key))


def label_of(model: type[models.Model], column: str) -> str:
    """A column in the reader's language: as the fact of that name says, else as `LABELS` does. KeyError for neither."""
    unit = {"HouseholdYear": "household", "PersonYear": "person"}.get(model.__name__)
    facts = declared().units[unit] if unit else {}
    if column in facts:
        return label(facts[column])
    words = LABELS[column]
    return chosen(words.zh, words.en)


def _section(model: type[models.Model], columns: Mapping[str, Privacy]) -> Section:
    table = TABLES[model._meta.label]
    lines = tuple(
        Column(
            label=label_of(model, name),
            sensitive=privacy is Privacy.SENSITIVE,
            guard=_guard(model._meta.get_field(name)),
            seen=_seen(_sight(model._meta.get_field(name), table)),
        )
        for name, privacy in columns.items()
    )
    return Section(
        model._meta.label, chosen(table.title.zh, table.title.en), chosen(table.purpose.zh, table.purpose.en), lines
    )


def _sight(field: object, table: Table) -> Sight:
    if isinstance(field, EncryptedTextField):
        return Sight.REVEALED if field.name in REVEALED_ANYWHERE else table.encrypted
    return Sight.NOBODY if isinstance(field, models.BinaryField) else table.sight


def _guard(field: object) -> str:
    """How the column lies in the database."""
    if isinstance(field, EncryptedTextField):
        return _("Encrypted")
    if isinstance(field, models.BinaryField):
        return _("Encrypted, or a keyed digest")
    return _("Row-level security")


def _seen(sight: Sight) -> str:
    if sight is Sight.NAMED:
        return _("%(roles)s: in their own area or as granted; others see it masked or not at all") % {
            "roles": _holders(Permission.REGISTER_PERSONAL)
        }
    if sight is Sight.REVEALED:
        return _("%(roles)s: one value at a time, in their own area, with a reason that the audit keeps") % {
            "roles": _holders(Permission.REGISTER_REVEAL)
        }
    if sight is Sight.WINDOW:
        return _("%(roles)s: at the service window of their own area") % {"roles": _holders(Permission.REQUESTS_VIEW)}
    return _("Whoever brought it in") if sight is Sight.OWN else _("Nobody: the program alone")


def _holders(permission: Permission) -> str:
    return chosen("、", ", ").join(str(role.label) for role in Role if permission in PERMISSIONS[role])
