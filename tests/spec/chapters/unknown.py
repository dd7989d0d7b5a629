"""Unknown: how it arises and spreads."""

from tests.spec.tables import Chapter, Section

_HOUSEHOLDS = """
    id | net_income | members | debt
    A  | 9000       | 3       |
    B  | 9000       | 0       | 100
    C  |            | 3       | 0
"""

UNKNOWN = Chapter(
    "unknown",
    "未知",
    "Unknown",
    (
        Section(
            "没有填写的指标是未知；含有未知的计算和比较是未知，绝不当作符合。",
            "A fact that is not recorded is unknown; what is computed from it is unknown, and never met.",
            {"household": _HOUSEHOLDS},
            """
            expression                       | A       | B       | C
            debt                             | unknown | 100     | 0
            debt + net_income                | unknown | 9100    | unknown
            debt * 0                         | unknown | 0       | 0
            debt = debt                      | unknown | met     | met
            debt != debt                     | unknown | not met | not met
            least(debt, net_income)          | unknown | 100     | unknown
            greatest(debt, 0)                | unknown | 100     | 0
            -debt                            | unknown | -100    | 0
            debt between 0 and 50            | unknown | not met | met
            debt in (0, 1)                   | unknown | not met | met
            """,
        ),
        Section(
            "除以零是未知，不是零，也不是无穷大。",
            "A division by zero is unknown: neither zero nor infinite.",
            {"household": _HOUSEHOLDS},
            """
            expression                            | A    | B       | C
            net_income / members                  | 3000 | unknown | unknown
            net_income_per_capita > 1             | met  | unknown | unknown
            not (net_income_per_capita > 1)       | not met | unknown | unknown
            members / members = 1                 | met  | unknown | met
            1 / 0                                 | unknown | unknown | unknown
            """,
        ),
        Section(
            "参数没有依据（待补充依据）也是未知。",
            "A parameter without a source (待补充依据) is unknown too.",
            {"household": _HOUSEHOLDS},
            """
            expression                       | A       | B
            debt < param.debt_limit          | unknown | unknown
            param.debt_limit = 0             | unknown | unknown
            net_income > 1 or debt < param.debt_limit | met | met
            """,
        ),
    ),
)
