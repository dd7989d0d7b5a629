"""Previous: the same unit in earlier data years."""

from tests.spec.tables import Chapter, Section

PREVIOUS = Chapter(
    "previous",
    "以前年度",
    "Earlier years",
    (
        Section(
            "previous(表达式, n) 取同一单位前 n 个数据年的值；表达式里的每个指标都取那一年的。",
            "previous(expression, n) is the value n data years earlier: every fact in it is of that year.",
            {
                "household": """
                    id | net_income | net_income__lag1 | net_income__lag2 | members | members__lag1 | safe_water__lag1
                    A  | 9000       | 8000             | 7000             | 3       | 4             | yes
                    B  | 9000       |                  | 100              | 3       | 2             | no
                """
            },
            """
            expression                                                            | A       | B
            previous(net_income, 1)                                               | 8000    | unknown
            previous(net_income, 2)                                               | 7000    | 100
            net_income - previous(net_income, 1)                                  | 1000    | unknown
            previous(net_income + members, 1)                                     | 8004    | unknown
            previous(previous(net_income, 1), 1)                                  | 7000    | 100
            previous(net_income_per_capita, 1)                                    | 2000    | unknown
            previous(net_income_per_capita, 1) > 1999.99                          | met     | unknown
            previous(safe_water, 1) and net_income > 0                            | met     | not met
            """,
        ),
        Section(
            "导出指标自己的值在某一行已经给出时（含给出为未知），该行直接采用，不再按公式计算；没有给出的行仍按公式。",
            "Where a row gives a derived fact's own value (if only as unknown) it is used as it is, and the formula is "
            "not worked; rows that do not give it go by the formula.",
            {
                "household": """
                    id | net_income | members | net_income_per_capita | net_income_per_capita__lag2
                    A  | 9000       | 3       | 2999.99               | 10
                    B  | 9000       | 3       |                       | 20
                """
            },
            """
            expression                              | A       | B
            net_income_per_capita                   | 2999.99 | unknown
            net_income / members                    | 3000    | 3000
            previous(net_income_per_capita, 2)      | 10      | 20
            """,
        ),
    ),
)
