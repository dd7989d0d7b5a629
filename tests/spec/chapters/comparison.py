"""Comparison: numbers, codes, dates, truth; between and in."""

from tests.spec.tables import Chapter, Section

_HOUSEHOLDS = """
    id | net_income | members | housing_grade | safe_water | registered_on
    A  | 2736.10    | 3       | A             | yes        | 2014-02-28
    B  | 2736.11    | 4       | C             | no         | 2014-03-01
    C  | -0.50      | 0       | D             | yes        | 2016-12-31
"""

COMPARISON = Chapter(
    "comparison",
    "比较",
    "Comparison",
    (
        Section(
            "数按值比较，小数位数不影响大小；恰好等于界限不算“大于”。",
            "Numbers compare by value, whatever their decimal places; a value on the line is not over it.",
            {"household": _HOUSEHOLDS},
            """
            expression                         | A       | B       | C
            net_income > 2736.1                | not met | met     | not met
            net_income >= 2736.10              | met     | met     | not met
            net_income < 2736.11               | met     | not met | met
            net_income <= 2736.1               | met     | not met | met
            net_income = 2736.1000             | met     | not met | not met
            net_income != 2736.10              | not met | met     | met
            net_income > param.exit_line       | not met | met     | not met
            纯收入 > 参数.退出线               | not met | met     | not met
            net_income = -0.5                  | not met | not met | met
            """,
        ),
        Section(
            "between … and … 包括两端。",
            "between … and … includes both ends.",
            {"household": _HOUSEHOLDS},
            """
            expression                                                        | A       | B       | C
            members between 3 and 4                                           | met     | met     | not met
            members between 4 and 3                                           | not met | not met | not met
            members between 0 and 3 and safe_water                            | met     | not met | met
            registered_on between date('2014-01-01') and date('2014-02-28')   | met     | not met | not met
            """,
        ),
        Section(
            "代码用 =、!= 和 in 比较，只认本代码表里的代码。",
            "Codes compare by =, != and in, and only with codes of their own list.",
            {"household": _HOUSEHOLDS},
            """
            expression                         | A       | B       | C
            housing_grade = 'A'                | met     | not met | not met
            housing_grade != 'A'               | not met | met     | met
            housing_grade in ('A', 'B')        | met     | not met | not met
            'C' = 住房等级                     | not met | met     | not met
            members in (0, 4)                  | not met | met     | met
            """,
        ),
        Section(
            "是/否可以直接作条件，也可以相互比较是否相等。",
            "A yes/no fact is a condition by itself; two can be compared for equality.",
            {"household": _HOUSEHOLDS},
            """
            expression                              | A   | B       | C
            safe_water                              | met | not met | met
            safe_water = false                      | not met | met | not met
            safe_water = (members > 3)              | not met | not met | not met
            safe_water != (members > 3)             | met | met | met
            """,
        ),
    ),
)
