"""Boolean: and, or, not, if."""

from tests.spec.tables import Chapter, Section

_TRUTH = """
    id  | safe_water | housing_grade
    TT  | yes        | A
    TF  | yes        | B
    T?  | yes        |
    F?  | no         |
    ??  |            |
"""

BOOLEAN = Chapter(
    "boolean",
    "且、或、非与选择",
    "And, or, not, if",
    (
        Section(
            "未知按克林三值逻辑：and 有一项不符合即不符合，or 有一项符合即符合，其余情形中有未知即未知。",
            "Unknown follows Kleene: one part not met decides and, one part met decides or, else unknown stays.",
            {"household": _TRUTH},
            """
            expression                                | TT      | TF      | T?      | F?      | ??
            safe_water and housing_grade = 'A'        | met     | not met | unknown | not met | unknown
            safe_water or housing_grade = 'A'         | met     | met     | met     | unknown | unknown
            not safe_water                            | not met | not met | not met | met     | unknown
            not (housing_grade = 'A')                 | not met | met     | unknown | unknown | unknown
            safe_water and not safe_water             | not met | not met | not met | not met | unknown
            """,
        ),
        Section(
            "not 比 and 紧，and 比 or 紧；括号改变次序。",
            "not binds tighter than and, and tighter than or; brackets change that.",
            {"household": _TRUTH},
            """
            expression                                | TT      | TF
            true or false and false                   | met     | met
            (true or false) and false                 | not met | not met
            not false and false                       | not met | not met
            not housing_grade = 'A'                   | not met | met
            """,
        ),
        Section(
            "if … then … else …：条件未知，结果就未知，即使两支相同。",
            "if … then … else …: where the condition is unknown the result is, even if both branches agree.",
            {"household": _TRUTH},
            """
            expression                                              | TT  | F?      | ??
            if safe_water then 1 else 2                             | 1   | 2       | unknown
            if safe_water then 1 else 1                             | 1   | 1       | unknown
            if safe_water then housing_grade else 'D'               | A   | D       | unknown
            (if safe_water then 'A' else 'D') = housing_grade       | met | unknown | unknown
            if safe_water then true else members > 1                | met | unknown | unknown
            """,
        ),
    ),
)
