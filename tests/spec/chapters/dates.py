"""Dates: comparison, full years, 29 February."""

from datetime import date

from tests.spec.tables import Chapter, Section

_PERSONS = {
    "person": """
        id | birth_date
        A  | 2000-12-31
        B  | 2001-01-01
        C  | 2000-02-29
        D  | 2017-03-01
        E  |
    """
}

DATES = Chapter(
    "date",
    "日期",
    "Dates",
    (
        Section(
            "years_between 数周年，按月和日计算：过了生日才满一岁。标准时点是 reference_date。",
            "years_between counts full years by month and day; reference_date is the snapshot's time point.",
            _PERSONS,
            """
            expression                                        | A   | B       | C       | D       | E
            age                                               | 16  | 15      | 16      | -1      | unknown
            age >= 16                                         | met | not met | met     | not met | unknown
            years_between(birth_date, date('2001-12-30'))     | 0   | 0       | 1       | -16     | unknown
            years_between(birth_date, date('2001-12-31'))     | 1   | 0       | 1       | -16     | unknown
            birth_date < date('2001-01-01')                   | met | not met | met     | not met | unknown
            birth_date <= reference_date                      | met | met     | met     | not met | unknown
            least(birth_date, date('2001-01-01')) | 2000-12-31 | 2001-01-01 | 2000-02-29 | 2001-01-01 | unknown
            """,
            date(2016, 12, 31),
        ),
        Section(
            "2 月 29 日出生的人，平年到 3 月 1 日才满周岁。",
            "Who is born on 29 February turns a year older on 1 March in common years.",
            _PERSONS,
            """
            expression                                        | C
            years_between(birth_date, date('2016-02-28'))     | 15
            years_between(birth_date, date('2016-02-29'))     | 16
            years_between(birth_date, date('2017-02-28'))     | 16
            years_between(birth_date, date('2017-03-01'))     | 17
            """,
        ),
        Section(
            "出生日期在标准时点之后，周年数为负，不会被当作婴儿。",
            "A birth date after the time point gives a negative number: it never passes for an infant.",
            _PERSONS,
            """
            expression                   | D
            age                          | -1
            age between 0 and 3          | not met
            """,
            date(2017, 2, 28),
        ),
    ),
)
