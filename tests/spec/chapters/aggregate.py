"""Aggregates over lower units."""

from datetime import date

from tests.spec.tables import Chapter, Section

_HOUSEHOLDS = """
    id | members
    A  | 3
    B  | 1
    E  | 0
"""
_PERSONS = """
    id | household | birth_date | out_of_school | labour | wage
    1  | A         | 2008-05-01 | yes           | no     | 0
    2  | A         | 1980-01-01 | no            | yes    | 1200.50
    3  | A         | 1950-07-15 | no            | no     | 99.50
    4  | B         | 2001-12-31 | no            | yes    | 300
"""

AGGREGATE = Chapter(
    "aggregate",
    "对下级汇总",
    "Aggregates over lower units",
    (
        Section(
            "count、any、all、sum、avg、min、max、share 在下级各行上计算；share 和 avg 是精确的商。",
            "count, any, all, sum, avg, min, max and share go over the rows below; share and avg are exact quotients.",
            {"household": _HOUSEHOLDS, "person": _PERSONS},
            """
            expression                                                        | A          | B
            count(person)                                                     | 3          | 1
            count(人, 劳动力)                                                 | 1          | 1
            count(person, age between 6 and 15 and out_of_school = 'yes') = 0 | not met    | met
            any(person, labour)                                               | met        | met
            all(person, labour)                                               | not met    | met
            sum(person, wage)                                                 | 1300       | 300
            avg(person, wage)                                                 | 1300/3     | 300
            min(person, wage)                                                 | 0          | 300
            max(person, age)                                                  | 66         | 15
            max(person, birth_date)                                           | 2008-05-01 | 2001-12-31
            share(person, labour)                                             | 1/3        | 1
            share(person, labour) = 1/3                                       | met        | not met
            count(person) = members                                           | met        | met
            """,
            date(2016, 12, 31),
        ),
        Section(
            "空组：count 为 0，any 不符合，all 符合，其余未知。",
            "Empty group: count is 0, any is not met, all is met, everything else is unknown.",
            {"household": _HOUSEHOLDS, "person": _PERSONS},
            """
            expression                    | E
            count(person)                 | 0
            count(person, labour)         | 0
            any(person, labour)           | not met
            all(person, labour)           | met
            sum(person, wage)             | unknown
            avg(person, wage)             | unknown
            min(person, wage)             | unknown
            max(person, birth_date)       | unknown
            share(person, labour)         | unknown
            sum_known(person, wage)       | unknown
            known_share(person, wage)     | unknown
            """,
        ),
        Section(
            "可以越级，也可以嵌套：村可以直接对人汇总，也可以先在户内汇总再对户汇总。",
            "Levels can be skipped and nested: a village counts persons directly, or households by their persons.",
            {
                "village": """
                    id | rural_registered_population
                    V  | 100
                    W  | 10
                """,
                "household": """
                    id | village | poverty | members
                    A  | V       | poor    | 2
                    B  | V       | exited  | 1
                    C  | V       | poor    | 0
                    D  | W       | exited  | 4
                """,
                "person": """
                    id | household | labour | wage
                    1  | A         | no     | 10
                    2  | A         | yes    | 20
                    3  | B         | no     | 40
                """,
            },
            """
            expression                                                                  | V       | W
            count(person)                                                               | 3       | 0
            count(household)                                                            | 3       | 1
            count(household, any(person, labour))                                       | 1       | 0
            all(household, count(person) > 0)                                           | not met | not met
            sum(household, count(person))                                               | 3       | 0
            sum(person, wage)                                                           | 70      | unknown
            max(household, sum_known(person, wage))                                     | unknown | unknown
            sum(household, if poverty = 'poor' then members else 0) / 农业户籍人口 <= param.incidence | met | met
            sum(household, if poverty = 'poor' then members else 0) / 农业户籍人口  | 1/50 | 0
            """,
        ),
    ),
)
