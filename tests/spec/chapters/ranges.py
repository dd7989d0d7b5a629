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
            "有人未知时，count 和 share 是一个范围：从肯定符合的到可能符合的。",
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
            "只有范围内每个值的答案都一样，比较才是符合或不符合，否则未知。",
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
            "只能是整数的数（count，以及整数的和、差、积等）成了范围，范围内的每个值就是每个整数：带小数的界限不会等于它；"
            "in 后面写明的数连起来盖住整个范围，就符合。",
            "Where a number that can only be whole (count, sums, differences, products … of whole numbers) is a range, "
            "every value in it is every whole number: none equals a written fraction, and written options that cover "
            "the range meet in.",
            _FACTS,
            """
            expression                                             | A       | B
            count(person, labour) in (1, 2)                        | met     | unknown
            count(person, labour) in (3, 1, 0, 2)                  | met     | met
            not (count(person, labour) in (0, 1, 2, 3))            | not met | not met
            count(person, labour) in (1, 3)                        | unknown | unknown
            count(person, labour) in (0, 1.5, 3)                   | not met | unknown
            count(person, labour) in (param.debt_limit, 0, 1, 2)   | met     | met
            count(person, labour) = 1.5                            | not met | not met
            2.5 != count(person, labour)                           | met     | met
            count(person, labour) between 1.5 and 1.7              | not met | not met
            count(person, labour) between 1.5 and 2                | unknown | unknown
            count(person, labour) - 1 in (-1, 0, 1)                | met     | met
            2 * count(person, labour) in (0, 2, 4)                 | unknown | unknown
            greatest(count(person, labour), 1) in (1, 2)           | met     | met
            round(count(person, labour) / 2, 0) in (0, 1)          | met     | met
            (if members = 3 then count(person, labour) else 1) in (1, 2) | met | met
            max(person, years_between(date('2000-01-01'), date('2016-01-01'))) = 16.5 | not met | not met
            count(person, labour) / 2 = 0.5                        | unknown | unknown
            count(person, labour) / 1 in (1, 2)                    | unknown | unknown
            share(person, labour) = 0.5                            | unknown | unknown
            sum(person, if labour then 1 else 0) = 0.5             | unknown | unknown
            """,
        ),
        Section(
            "范围参加运算仍是范围；除数的范围含 0 时未知。同一个范围用两次，按互不相干计算，只会更宽，不会误判。",
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
            "sum、avg、min、max：只要有一行未知就未知；各行是范围时，结果也是范围。",
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
