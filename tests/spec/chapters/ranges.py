"""Ranges: counts of what is partly unknown."""

from tests.spec.tables import Chapter, Section

_FACTS = {
    "household": """
        id | members
        A  | 3
        B  | 2
    """,
    "person": """
        id | household | labour | wage
        1  | A         | yes    | 10
        2  | A         |        | 20
        3  | A         | no     | 30
        4  | B         |        | 5
        5  | B         |        | 6
    """,
}

RANGES = Chapter(
    "range",
    "范围",
    "Ranges",
    (
        Section(
            "有人未知时,count 和 share 是一个范围:从肯定符合的到可能符合的。",
            "Where some rows are unknown, count and share are ranges, from the certain to the possible.",
            _FACTS,
            """
            expression                              | A        | B
            count(person, labour)                   | 1..2     | 0..2
            share(person, labour)                   | 1/3..2/3 | 0..1
            count(person, not labour)               | 1..2     | 0..2
            any(person, labour)                     | met      | unknown
            all(person, labour)                     | not met  | unknown
            """,
        ),
        Section(
            "只有范围内每个值的答案都一样,比较才是符合或不符合,否则未知。",
            "A comparison is met or not met only if every value in the range answers alike, else unknown.",
            _FACTS,
            """
            expression                              | A       | B
            count(person, labour) >= 1              | met     | unknown
            count(person, labour) > 1               | unknown | unknown
            count(person, labour) > 2               | not met | not met
            count(person, labour) = 1               | unknown | unknown
            count(person, labour) = 0               | not met | unknown
            count(person, labour) != 3              | met     | met
            count(person, labour) between 1 and 2   | met     | unknown
            count(person, labour) in (3, 4)         | not met | not met
            share(person, labour) <= 2/3            | met     | unknown
            share(person, labour) < 1/3             | not met | unknown
            """,
        ),
        Section(
            "范围参加运算仍是范围;除数的范围含 0 时未知。同一个范围用两次,按互不相干计算,只会更宽,不会误判。",
            "Arithmetic on ranges gives ranges; a divisor whose range holds 0 gives unknown. "
            "A range used twice counts as two independent ones: wider, never wrong.",
            _FACTS,
            """
            expression                                              | A         | B
            count(person, labour) + 1                               | 2..3      | 1..3
            10 - count(person, labour)                              | 8..9      | 8..10
            count(person, labour) * -2                              | -4..-2    | -4..0
            count(person, labour) / members                         | 1/3..2/3  | 0..1
            members / count(person, labour)                         | 3/2..3    | unknown
            members / (count(person, labour) - 3)                   | -3..-3/2  | -2..-2/3
            count(person, labour) - count(person, labour)           | -1..1     | -2..2
            least(count(person, labour), 1)                         | 1         | 0..1
            greatest(count(person, labour), 1)                      | 1..2      | 1..2
            round(count(person, labour) / members, 1)               | 0.3..0.7  | 0..1
            if count(person, labour) > 1 then 1 else 0              | unknown   | unknown
            """,
        ),
        Section(
            "sum、avg、min、max:只要有一行未知就未知;各行是范围时,结果也是范围。",
            "sum, avg, min, max: unknown where any row is; over rows that are ranges the result is a range.",
            {
                "village": """
                    id | surfaced_road
                    V  | yes
                """,
                "household": """
                    id | village | members | debt
                    A  | V       | 3       |
                    B  | V       | 2       | 7
                """,
                "person": """
                    id | household | labour
                    1  | A         | yes
                    2  | A         |
                    3  | B         |
                """,
            },
            """
            expression                                              | V
            sum(household, members)                                 | 5
            sum(household, debt)                                    | unknown
            avg(household, debt)                                    | unknown
            max(household, debt)                                    | unknown
            sum(household, count(person, labour))                   | 1..3
            avg(household, count(person, labour))                   | 1/2..3/2
            min(household, count(person, labour))                   | 0..1
            max(household, count(person, labour))                   | 1..2
            """,
        ),
    ),
)
