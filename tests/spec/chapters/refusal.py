"""What is refused when it is loaded."""

from tests.spec.tables import Chapter, Refusals

REFUSAL = Chapter(
    "refusal",
    "拒绝",
    "Refusals",
    refusals=(
        Refusals(
            "看不懂的文字一律拒绝，并指出位置；全角符号、形近字、注释、SQL 都不接受。",
            "What cannot be read is refused, with its position: full-width signs, look-alikes, comments and SQL.",
            """
            expression                        | code    | column
            net_income > 1 2                  | ENG-001 | 16
            net_income AND safe_water         | ENG-001 | 12
            housing_grade not in ('A')        | ENG-001 | 15
            safe_water and                    | ENG-002 | 15
            (safe_water                       | ENG-002 | 12
            nеt_income > 1                    | ENG-003 | 2
            net_income > 1@                   | ENG-003 | 15
            net_income ＞ 1                   | ENG-004 | 12
            count（person）                   | ENG-004 | 6
            housing_grade = ‘A’               | ENG-004 | 17
            net_income ≥ 1                    | ENG-004 | 12
            net_income > 1e3                  | ENG-005 | 14
            net_income > 2,736.10             | ENG-001 | 15
            net_income > 1.                   | ENG-005 | 14
            housing_grade = 'A                | ENG-006 | 17
            safe_water -- and debt > 1        | ENG-009 | 12
            safe_water; drop table household  | ENG-009 | 11
            net_income == 1                   | ENG-010 | 12
            net_income <> 1                   | ENG-010 | 12
            1 < members < 3                   | ENG-011 | 13
            housing_grade = 'A' or 'B'        | ENG-033 | 24
            """,
        ),
        Refusals(
            "名称必须存在，聚合只能针对下级。",
            "Names must exist; aggregates go over lower units only.",
            """
            expression                        | code    | column
            net_incom > 1                     | ENG-020 | 1
            net_income > param.exitline       | ENG-021 | 14
            met('nothing')                    | ENG-022 | 5
            count(house) > 0                  | ENG-023 | 7
            median(person, wage) > 0          | ENG-024 | 1
            round(net_income) > 0             | ENG-025 | 1
            years_between(registered_on) > 0  | ENG-025 | 1
            sum(person) > 0                   | ENG-025 | 1
            age > 6                           | ENG-026 | 1
            surfaced_road                     | ENG-027 | 1
            count(village) > 0                | ENG-050 | 7
            count(household) > 0              | ENG-050 | 7
            met('schooled')                   | ENG-055 | 5
            any(person, met('income'))        | ENG-055 | 17
            """,
        ),
        Refusals(
            "类型必须相符；代码必须在代码表里。",
            "Types must agree; a code must be in its list.",
            """
            expression                             | code    | column
            safe_water > 1                         | ENG-030 | 14
            registered_on > 20140101               | ENG-030 | 17
            registered_on > '2014-01-01'           | ENG-030 | 17
            housing_grade = 'E'                    | ENG-031 | 17
            housing_grade = 'A级'                  | ENG-031 | 17
            housing_grade = poverty                | ENG-032 | 17
            'A' = 'A'                              | ENG-033 | 1
            net_income and safe_water              | ENG-034 | 1
            safe_water + 1 > 0                     | ENG-035 | 1
            years_between(net_income, reference_date) > 1 | ENG-036 | 15
            remark = remark                        | ENG-037 | 1
            coalesce(remark, remark)               | ENG-037 | 10
            registered_on > date('2015-02-29')     | ENG-038 | 22
            round(net_income, members) > 0         | ENG-039 | 19
            previous(net_income, 0) > 0            | ENG-039 | 22
            housing_grade > 'A'                    | ENG-040 | 1
            """,
        ),
        Refusals(
            "以前年度只能取保存下来的指标；精确计算放不下的，拒绝而不近似。",
            "Earlier years hold only the facts that were kept; what cannot be computed exactly is refused.",
            """
            expression                                            | code    | column
            previous(debt, 1) > 0                                 | ENG-051 | 10
            previous(net_income, 3) > 0                           | ENG-051 | 10
            previous(previous(members, 1), 1) > 0                 | ENG-051 | 19
            previous(count(person), 1) > 0                        | ENG-052 | 10
            previous(met('income'), 1)                            | ENG-052 | 10
            previous(years_between(registered_on, reference_date), 1) > 0 | ENG-052 | 39
            net_income * net_income * net_income > 0              | ENG-060 | 1
            sum(person, wage / age) > 0                           | ENG-061 | 1
            avg(person, wage / age) > 0                           | ENG-061 | 1
            """,
        ),
    ),
)
