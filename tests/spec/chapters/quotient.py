"""Quotients: exact comparison, rounding."""

from tests.spec.tables import Chapter, Section

QUOTIENT = Chapter(
    "quotient",
    "商与取整",
    "Quotients and rounding",
    (
        Section(
            "与商的比较化为乘积，精确判定：24,624.90 / 9 不大于 2,736.10，多一分钱就大于。",
            "A comparison with a quotient is decided as a product, exactly: "
            "24,624.90 / 9 is not over 2,736.10; one more cent and it is.",
            {
                "household": """
                    id | net_income | members
                    A  | 24624.90   | 9
                    B  | 24624.91   | 9
                    C  | -24624.90  | -9
                """
            },
            """
            expression                                   | A       | B           | C
            net_income / members > 2736.10               | not met | met         | not met
            net_income / members >= 2736.10              | met     | met         | met
            net_income / members = 2736.10               | met     | not met     | met
            net_income_per_capita > param.exit_line      | not met | met         | not met
            net_income / members                         | 2736.10 | 2462491/900 | 2736.10
            members / net_income * net_income = members  | met     | met         | met
            1/3 + 1/3 + 1/3 = 1                          | met     | met         | met
            net_income / members / members               | 273610/900 | 2462491/8100 | -273610/900
            net_income / (0 - members)                   | -2736.10 | -2462491/900 | -2736.10
            """,
        ),
        Section(
            "round 四舍五入，正好一半时离开零：0.5 取 1，-0.5 取 -1；商先精确计算再取整。",
            "round goes to the nearest, a half away from zero: 0.5 to 1, -0.5 to -1; a quotient is rounded exactly.",
            {
                "household": """
                    id | net_income | members
                    A  | 1.00       | 8
                    B  | -1.00      | 8
                    C  | 2.50       | 1
                    D  | -2.50      | 1
                    E  | 12345678901.23 | 7
                """
            },
            """
            expression                         | A    | B     | C   | D    | E
            round(net_income / members, 2)     | 0.13 | -0.13 | 2.5 | -2.5 | 1763668414.46
            round(net_income, 0)               | 1    | -1    | 3   | -3   | 12345678901
            round(net_income * members, 1)     | 8    | -8    | 2.5 | -2.5 | 86419752308.6
            round(net_income / members, 9)     | 0.125 | -0.125 | 2.5 | -2.5 | 1763668414.461428571
            round(members / 3, 0)              | 3    | 3     | 0   | 0    | 2
            """,
        ),
    ),
)
