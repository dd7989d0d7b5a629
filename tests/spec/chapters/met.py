"""Met: other criteria."""

from datetime import date

from tests.spec.tables import Chapter, Section

MET = Chapter(
    "met",
    "引用其他条件",
    "Other criteria",
    (
        Section(
            "met('编号') 是另一个条件的结果，可用编号或中文名称。例中 income 为“人均纯收入 > 退出线”，"
            "water 为“安全饮水且住房等级为 A 或 B”。",
            "met('id') is the answer of another criterion, by id or Chinese title. Here income is "
            "“net_income_per_capita > param.exit_line”, water is “safe_water and housing_grade in ('A', 'B')”.",
            {
                "household": """
                    id | net_income | members | safe_water | housing_grade
                    A  | 27361.01   | 10      | yes        | A
                    B  | 27361.00   | 10      | yes        |
                    C  |            | 10      | no         |
                """
            },
            """
            expression                           | A   | B       | C
            met('income')                        | met | not met | unknown
            met('收入达标')                      | met | not met | unknown
            met('income') and met('water')       | met | not met | not met
            not met('water')                     | not met | unknown | met
            """,
        ),
        Section(
            "汇总时引用的是下级的条件。schooled 为“不在 6 至 15 岁或在校”，no_dropout 为“每人都 schooled”。",
            "Inside an aggregate it is the lower unit's criterion. schooled is “not aged 6 to 15, or in school”; "
            "no_dropout is “all persons schooled”.",
            {
                "village": """
                    id | surfaced_road
                    V  | yes
                """,
                "household": """
                    id | village
                    A  | V
                    B  | V
                    C  | V
                """,
                "person": """
                    id | household | birth_date | out_of_school
                    1  | A         | 2008-01-01 | yes
                    2  | A         | 2008-01-01 | no
                    3  | B         | 2008-01-01 |
                    4  | B         | 1970-01-01 | yes
                """,
            },
            """
            expression                                   | V
            count(person, met('schooled'))               | 2..3
            count(household, met('no_dropout'))          | 1..2
            all(household, met('no_dropout'))            | not met
            met('road') and count(household) = 3         | met
            """,
            date(2016, 12, 31),
        ),
    ),
)
