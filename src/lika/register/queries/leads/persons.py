"""One person in two households, one number on two persons."""

# Members of two households who agree in the sound of their names, birth date and sex, one of them without a number
# that could be relied on: two with sound numbers are two people, however alike.
TWINS = """
    CREATE TEMPORARY TABLE lead_twin ON COMMIT DROP AS
    SELECT least(w.person, o.person) AS first, greatest(w.person, o.person) AS second,
           CASE WHEN d.person IS NULL THEN 'name' ELSE 'number' END AS found_by
    FROM lead_person w JOIN lead_person o
      ON o.pinyin = w.pinyin AND o.born = w.born AND o.sex = w.sex AND o.household <> w.household
    LEFT JOIN lead_document d ON d.person = w.person AND d.number = o.number
    WHERE w.weak AND w.pinyin <> '' AND (NOT o.weak OR w.person < o.person)
"""
# A number entered as another document of one and as the card, or another document too, of the other.
NUMBERS = """
    CREATE TEMPORARY TABLE lead_number ON COMMIT DROP AS
    SELECT DISTINCT least(d.person, o.person) AS first, greatest(d.person, o.person) AS second
    FROM lead_document d JOIN (
        SELECT person, number FROM lead_person WHERE number IS NOT NULL
        UNION ALL SELECT person, number FROM lead_document
    ) o ON o.number = d.number AND o.person <> d.person
"""
_PAIR = """
    INSERT INTO found_lead (pattern, key, facts, village, other_village, household_id, other_household_id, person_id,
                            other_person_id, evidence)
    SELECT %(pattern)s, %(pattern)s || ':' || a.person || ':' || b.person,
           encode(sha256(convert_to(concat_ws('|', a.name, b.name, a.born, b.born, a.sex, b.sex, a.household,
                  b.household, encode(a.number, 'hex'), encode(b.number, 'hex'), {numbers}), 'UTF8')), 'hex'),
           a.village, b.village, a.household, b.household, a.person, b.person,
           jsonb_build_object(
               'agrees', to_jsonb(array_remove(ARRAY[
                   CASE WHEN {numbers} THEN 'number' END, CASE WHEN a.name = b.name THEN 'name' END,
                   CASE WHEN a.name <> b.name AND a.pinyin = b.pinyin THEN 'pinyin' END,
                   CASE WHEN a.born = b.born THEN 'birth_date' END, CASE WHEN a.sex = b.sex THEN 'sex' END], NULL)),
               'differs', to_jsonb(array_remove(ARRAY[
                   CASE WHEN a.name <> b.name THEN 'name' END,
                   CASE WHEN a.born IS DISTINCT FROM b.born THEN 'birth_date' END,
                   CASE WHEN a.sex <> b.sex THEN 'sex' END,
                   CASE WHEN a.document = 'none' OR b.document = 'none' THEN 'no_number' END,
                   CASE WHEN a.document = 'old' OR b.document = 'old' THEN 'old_number' END], NULL)))
    FROM {pairs} t JOIN lead_person a ON a.person = t.first JOIN lead_person b ON b.person = t.second
    WHERE {where}
"""
_SAME = "a.pinyin = b.pinyin AND a.born = b.born AND a.sex = b.sex"
# What is told of two households as a whole is not told again of each of their members.
_TOLD = (
    "NOT EXISTS (SELECT 1 FROM lead_same_home s "
    "WHERE s.first = least(a.household, b.household) AND s.second = greatest(a.household, b.household))"
)
ONE_PERSON = _PAIR.format(pairs="lead_twin", numbers="t.found_by = 'number'", where=_TOLD)
ONE_NUMBER = _PAIR.format(pairs="lead_number", numbers="true", where=f"NOT ({_SAME}) OR a.household = b.household")
