"""The functions that handle unknown."""

from tests.spec.tables import Chapter, Section

_HOUSEHOLDS = """
    id | net_income | debt | safe_water | remark
    A  | 100        | 7    | no         | x
    B  | 100        |      |            |
"""

HANDLING_UNKNOWN = Chapter(
    "handling-unknown",
    "处理未知",
    "Handling unknown",
    (
        Section(
            "只有 is_known、coalesce、sum_known、known_share 能处理未知；文字指标只能用 is_known。",
            "Only is_known, coalesce, sum_known and known_share handle unknown; text may only stand in is_known.",
            {"household": _HOUSEHOLDS},
            """
            expression                              | A       | B
            is_known(debt)                          | met     | not met
            is_known(debt + net_income)             | met     | not met
            is_known(remark)                        | met     | not met
            is_known(safe_water)                    | met     | not met
            is_known(net_income / 0)                | not met | not met
            coalesce(debt, 0)                       | 7       | 0
            coalesce(debt, param.debt_limit, 5)     | 7       | 5
            coalesce(safe_water, true)              | not met | met
            coalesce(debt, debt)                    | 7       | unknown
            not is_known(debt) or debt < 10         | met     | met
            """,
        ),
        Section(
            "sum_known 只加已知的行，known_share 是已知的行所占比例；空组仍然未知。",
            "sum_known adds the rows that are known, known_share is their share; an empty group stays unknown.",
            {
                "household": """
                    id | members
                    A  | 3
                    B  | 1
                    E  | 0
                """,
                "person": """
                    id | household | wage | labour
                    1  | A         | 10   | yes
                    2  | A         |      |
                    3  | A         | 5.5  | no
                    4  | B         |      |
                """,
            },
            """
            expression                         | A        | B       | E
            sum(person, wage)                  | unknown  | unknown | unknown
            sum_known(person, wage)            | 15.5     | 0       | unknown
            known_share(person, wage)          | 2/3      | 0       | unknown
            known_share(person, labour) >= 0.5 | met      | not met | unknown
            """,
        ),
        Section(
            "含多个值的范围不算“已知”：is_known 不符合，coalesce 取后一个值。",
            "A range of several values does not count as known: is_known is not met, coalesce takes the next value.",
            {
                "household": """
                    id | members
                    A  | 2
                    B  | 2
                """,
                "person": """
                    id | household | labour
                    1  | A         | yes
                    2  | A         |
                    3  | B         | yes
                    4  | B         | no
                """,
            },
            """
            expression                                | A       | B
            count(person, labour)                     | 1..2    | 1
            is_known(count(person, labour))           | not met | met
            coalesce(count(person, labour), 0)        | 0       | 1
            coalesce(debt, count(person, labour))     | 1..2    | 1
            """,
        ),
    ),
)
