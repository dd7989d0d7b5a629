"""The texts of every refusal, by stable code: (Chinese, English). Codes are never reused for something else."""

from collections.abc import Iterable
from typing import NamedTuple


class Words(NamedTuple):
    """A detail of a message that differs by language."""

    zh: str
    en: str


def enumerated(texts: Iterable[str]) -> Words:
    """The same texts one after another: 甲、乙 or A, B; a dash where there are none."""
    texts = list(texts)
    return Words("、".join(texts) or "–", ", ".join(texts) or "–")


MESSAGES: dict[str, tuple[str, str]] = {
    # Text that cannot be read
    "ENG-001": ("此处不能出现 {found}。", "{found} cannot stand here."),
    "ENG-002": ("表达式没有写完。", "The expression ends too early."),
    "ENG-003": (
        "不能使用字符 {character}（{name}）。名称只用汉字、英文字母、数字和下划线。",
        "The character {character} ({name}) is not allowed. Names use Chinese characters, English letters, digits, _.",
    ),
    "ENG-004": (
        "不能使用全角或排版符号 {character}，请改用半角 {instead}。",
        "The full-width or typographic character {character} is not allowed; write {instead} instead.",
    ),
    "ENG-005": (
        "数字写法不对：{found}。请写 2736 或 2736.10，不用指数、千分位，数字与文字之间留空格。",
        "{found} is not a number. Write 2736 or 2736.10: no exponent, no separators, a space before a word.",
    ),
    "ENG-006": (
        "代码没有收尾的单引号，或者中间换了行。",
        "The quoted code has no closing quote on the same line.",
    ),
    "ENG-007": (
        "嵌套超过 {limit} 层，请拆成几个条件。",
        "Nested more than {limit} deep; split it into several criteria.",
    ),
    "ENG-008": ("表达式超过 {limit} 个字符。", "The expression is longer than {limit} characters."),
    "ENG-009": (
        "表达式里不能写注释或 SQL：{found}。两个减号之间请加括号。",
        "Comments and SQL are not allowed: {found}. Put brackets between two minus signs.",
    ),
    "ENG-010": (
        "没有运算符 {found}，请写 {instead}。",
        "There is no operator {found}; write {instead}.",
    ),
    "ENG-011": (
        "比较不能连写。请用 between … and …，或用 and 连接两个比较。",
        "Comparisons cannot be chained. Use between … and …, or join two comparisons with and.",
    ),
    # Names
    "ENG-020": ("{unit}没有指标“{name}”。", "The unit {unit} has no fact {name}."),
    "ENG-021": ("没有参数“{name}”。", "There is no parameter {name}."),
    "ENG-022": ("没有条件“{name}”。", "There is no criterion {name}."),
    "ENG-023": ("没有层级“{name}”。", "There is no unit {name}."),
    "ENG-024": ("没有函数“{name}”。", "There is no function {name}."),
    "ENG-025": ("{name} 的写法是 {usage}。", "{name} is written {usage}."),
    "ENG-026": (
        "“{name}”是{owner}的指标，不是{unit}的；请用 {owner} 上的聚合函数。",
        "{name} is a fact of {owner}, not of {unit}; use an aggregate over {owner}.",
    ),
    "ENG-027": (
        "“{name}”是{owner}的指标，{owner}在{unit}之上；只能用本单位和下级单位的指标。",
        "{name} is a fact of {owner}, which is above {unit}; only facts of the unit and of lower units can be used.",
    ),
    # Types
    "ENG-030": (
        "{left}不能与{right}放在一起。",
        "{left} cannot be put together with {right}.",
    ),
    "ENG-031": (
        "代码 '{value}' 不在代码表“{list}”中，可用：{values}。",
        "The code '{value}' is not in the list {list}; it has {values}.",
    ),
    "ENG-032": (
        "代码表“{left}”与“{right}”不能相互比较。",
        "Codes of {left} cannot be compared with codes of {right}.",
    ),
    "ENG-033": (
        "不知道代码 '{value}' 属于哪个代码表；代码只能与代码型指标比较。",
        "No code list is known for '{value}': a code can only be compared with a fact that is a code.",
    ),
    "ENG-034": ("此处应为是/否，而不是{found}。", "A condition (yes/no) is needed here, not {found}."),
    "ENG-035": ("此处应为数，而不是{found}。", "A number is needed here, not {found}."),
    "ENG-036": ("此处应为日期，而不是{found}。", "A date is needed here, not {found}."),
    "ENG-037": (
        "“{name}”是文字，只能放在 is_known(…) 里。",
        "{name} is text; text may only stand inside is_known(…).",
    ),
    "ENG-038": (
        "date 后面要写存在的日期，如 date('2016-12-31')。",
        "date needs a day that exists, such as date('2016-12-31').",
    ),
    "ENG-039": (
        "{name} 的第二项应直接写 {least} 到 {most} 的整数。",
        "The second argument of {name} must be a whole number from {least} to {most}, written out.",
    ),
    "ENG-040": (
        "{kind}只能用 = 和 != 比较。",
        "{kind} can only be compared with = and !=.",
    ),
    # Structure
    "ENG-050": (
        "不能在{unit}上对{over}聚合：聚合只能针对下级（{lower}）。",
        "{unit} cannot aggregate {over}: only lower units ({lower}).",
    ),
    "ENG-051": (
        "“{name}”只保存前 {lags} 个数据年，不能取前 {lag} 年。",
        "{name} keeps {lags} earlier data years; {lag} years earlier cannot be read.",
    ),
    "ENG-052": (
        "previous(…) 里只能用本单位的指标，不能用 {found}。",
        "Inside previous(…) only facts of the unit itself may stand, not {found}.",
    ),
    "ENG-053": ("条件循环引用：{path}。", "Criteria refer to each other in a circle: {path}."),
    "ENG-054": ("导出指标循环引用：{path}。", "Derived facts refer to each other in a circle: {path}."),
    "ENG-055": (
        "条件“{name}”针对{owner}，不能在{unit}上引用。",
        "The criterion {name} is about {owner} and cannot be used on {unit}.",
    ),
    "ENG-056": (
        "条件的结果必须是是/否，而这里是{found}。",
        "A criterion must answer yes or no; this one gives {found}.",
    ),
    "ENG-057": (
        "条件和导出指标相互引用太深（超过 {limit} 层）。",
        "Criteria and derived facts refer to each other too deeply (more than {limit} levels).",
    ),
    "ENG-058": ("条件编号“{name}”重复。", "The criterion id {name} is used twice."),
    "ENG-059": ("{unit}没有下级，不能聚合。", "There is no unit below {unit}: nothing can be aggregated."),
    # Numbers
    "ENG-060": (
        "精确计算需要 {digits} 位数字，超过 {limit} 位。请先用 round(…) 缩小，或拆开计算。",
        "Exact arithmetic would need {digits} digits, more than {limit}. Use round(…) first or split the expression.",
    ),
    "ENG-061": (
        "{name} 不能精确{work}各行的商。请先取整，如 {name}({unit}, round(…, 2))。",
        "{name} cannot {work} quotients of different rows exactly. Round them first: {name}({unit}, round(…, 2)).",
    ),
    # Facts documents
    "ENG-070": ("{path}：应为{expected}。", "{path}: {expected} is needed."),
    "ENG-071": ("{path}：{unit}没有指标“{name}”。", "{path}: the unit {unit} has no fact {name}."),
    "ENG-072": (
        "{path}：代码 '{value}' 不在代码表“{list}”中，可用：{values}。",
        "{path}: the code '{value}' is not in the list {list}; it has {values}.",
    ),
    "ENG-073": (
        "{path}：数值超出声明的 {digits} 位（其中小数 {places} 位）。",
        "{path}: the number has more than the declared {digits} digits ({places} of them decimal places).",
    ),
    "ENG-089": ("{path}：小数最多 {places} 位。", "{path}: a number with at most {places} decimal places is needed."),
    "ENG-094": ("{path}：必须是整数。", "{path}: the number must be whole."),
    "ENG-074": (
        '文件应当只有一个单位对象（如 "household": {{…}}），这里有：{found}。',
        'The document must hold exactly one unit object (such as "household": {{…}}); it has: {found}.',
    ),
    "ENG-075": (
        "{path}：没有层级“{name}”。",
        "{path}: there is no unit {name}.",
    ),
    "ENG-076": (
        "{path}：{lower}不是{upper}的下级。",
        "{path}: {lower} is not a lower unit of {upper}.",
    ),
    "ENG-077": (
        "{path}：“{name}”只保存前 {lags} 个数据年。",
        "{path}: {name} keeps {lags} earlier data years.",
    ),
    "ENG-078": (
        "{path}：{lower}应当写在各自的{upper}里面。",
        "{path}: list each {lower} inside its {upper}.",
    ),
    "ENG-079": (
        "文件给出的是{found}，而条件针对{unit}。",
        "The document describes a {found}; the expression is about a {unit}.",
    ),
    "ENG-085": ("{path}：重复给出。", "{path}: given twice."),
    "ENG-086": (
        '{path}：没有给出{unit}的名单，无法判定。请写 "{list}": […]；确实没有的，写 "{list}": []。',
        '{path}: the list of {unit}s is not given. Write "{list}": […], or "{list}": [] where there are none.',
    ),
    "ENG-087": (
        "{path}：第 {position} 个字节不是 UTF-8。请把文件另存为 UTF-8。",
        "{path}: byte {position} is not UTF-8. Save the file as UTF-8.",
    ),
    "ENG-088": ("{path}：嵌套太深，无法读取。", "{path}: nested too deep to be read."),
    # Tables handed to an engine
    "ENG-080": ("{unit}表缺少列 {column}。", "The {unit} table has no column {column}."),
    "ENG-081": (
        "{unit}表的列 {column} 类型是 {found}，应为 {expected}。",
        "The column {column} of the {unit} table is {found}; it must be {expected}.",
    ),
    "ENG-082": ("没有{unit}表。", "There is no {unit} table."),
    "ENG-083": ("下级单位太多，无法编码：{path}。", "Too many lower units to give them codes: {path}."),
    "ENG-084": (
        "条件编号“{name}”与键列或另一条件的编号相同（不分大小写）。",
        "The criterion id {name} equals a key column or another id (upper and lower case are not told apart).",
    ),
    # Declarations
    "ENG-090": ("名称“{name}”在{owner}中重复。", "The name {name} is used twice in {owner}."),
    "ENG-091": ("“{name}”不能作名称。", "{name} cannot be a name."),
    "ENG-092": ("没有代码表 {name}（用于 {owner}）。", "There is no code list {name} (used by {owner})."),
    "ENG-093": (
        "代码表 {name} 与类型声明的代码不一致。",
        "The codes of the list {name} differ from the declared type.",
    ),
    # Snapshots and screenings on the disk
    "ENG-110": ("快照清单 {path} 无法读取。", "The manifest {path} of the snapshot cannot be read."),
    "ENG-111": (
        "{path} 的格式版本是 {found}，本版本只认 {expected}。",
        "{path} is of format {found}; this version reads {expected}.",
    ),
    "ENG-112": ("清单所列的文件 {path} 不存在。", "The file {path} of the manifest is missing."),
    "ENG-113": (
        "文件 {path} 与清单记载的字节不符：已损坏、截断或被改动。",
        "The file {path} is not the one of the manifest: it is damaged, cut off or altered.",
    ),
    "ENG-114": ("文件 {path} 不是完好的 Parquet 文件。", "The file {path} is no sound Parquet file."),
    "ENG-115": (
        "清单记载 {path} 有 {expected} 行，文件中有 {found} 行。",
        "The manifest says that {path} has {expected} rows; it has {found}.",
    ),
    "ENG-116": (
        "文件 {path} 的列与清单不同：{columns}。",
        "The columns of {path} are not those of the manifest: {columns}.",
    ),
    "ENG-117": (
        "清单缺少 {path}：每个有户的县都要有人的文件，反之亦然。",
        "The manifest lacks {path}: a county with households has a file of its persons, and the other way round.",
    ),
    "ENG-118": (
        "{path} 的筛查结果不能沿用：{reason}。请重新全部筛查。",
        "The results in {path} cannot be built on: {reason}. Screen everything anew.",
    ),
    "ENG-119": (
        "磁盘已满，正在写入的内容没有保留为结果。请腾出空间后重做。",
        "The disk is full; what was being written is not kept as a result. Make space and start again.",
    ),
    # Spark
    "ENG-100": (
        "“{address}”不是 Spark 的地址。应写 spark://HOST:PORT（主机和端口）、sc://HOST:PORT 或 local[N]（核数）。",
        "{address} is no address of Spark. Write spark://HOST:PORT, sc://HOST:PORT or local[CORES].",
    ),
    "ENG-101": (
        "本机没有安装 Spark。请安装本程序的附加组件 spark（见 docs/scale.md）。",
        "Spark is not installed here. Install the extra `spark` of this program (docs/scale.md).",
    ),
    "ENG-102": (
        "本机没有 Java。Spark 需要 Java 17：请安装，或设置 JAVA_HOME。",
        "There is no Java here. Spark needs Java 17: install it, or set JAVA_HOME.",
    ),
    "ENG-103": (
        "无法连接 Spark（{address}）：{reason}。请检查地址、主节点是否在运行、网络是否通畅。",
        "Spark does not answer at {address}: {reason}. Check the address, whether the master runs, and the network.",
    ),
    "ENG-104": (
        "Spark 未能完成筛查，未留下任何结果：{reason}。各节点须能以同一路径读写快照与结果文件夹。",
        "Spark gave the screening up, nothing is kept: {reason}. All nodes must reach both folders by the same path.",
    ),
    "ENG-105": (
        "集群各节点读到 {read} 行（{unit}，{county}），快照清单为 {told} 行。请核对各节点同一路径下是否为同一份快照。",
        "The nodes read {read} rows of {unit} in {county}, not {told}. Check that the path is the same on all.",
    ),
}
