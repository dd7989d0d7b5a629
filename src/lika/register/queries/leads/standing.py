"""Households that nobody lives in, and identical amounts across a village: what one year of the collection shows."""

# What is unknown is no sign: months of residence count only where each member's are known.
EMPTY = """
    INSERT INTO found_lead (pattern, key, facts, village, household_id, evidence)
    WITH lived AS (
        SELECT p.household, count(y.id) AS told, count(y.resident_months) = count(*) AS known,
               max(y.resident_months) < %(months)s AS away,
               bool_and(y.medical_resident IS FALSE AND y.medical_employee IS NOT TRUE) AS uninsured
        FROM lead_person p LEFT JOIN register_personyear y ON y.person_id = p.person AND y.data_year = %(year)s
        GROUP BY p.household
    ), signs AS (
        SELECT h.household, h.village, array_remove(ARRAY[
            CASE WHEN h.members = 0 THEN 'no_members' END,
            CASE WHEN l.known AND l.away THEN 'all_away' END,
            CASE WHEN h.members > 0 AND y.id IS NULL AND l.told = 0 AND EXISTS (
                SELECT 1 FROM register_placement c WHERE c.household_id = h.household AND (c.started_on IS NULL
                    OR c.started_on <= make_date(%(year)s, 12, 31))) THEN 'no_year' END,
            CASE WHEN y.power_life IS FALSE AND l.uninsured THEN 'no_traces' END], NULL) AS found
        FROM lead_home h LEFT JOIN lived l USING (household)
        LEFT JOIN register_householdyear y ON y.household_id = h.household AND y.data_year = %(year)s
        WHERE h.registered
    )
    SELECT %(pattern)s, %(pattern)s || ':' || household,
           encode(sha256(convert_to(concat_ws('|', array_to_string(found, ','), %(year)s::text), 'UTF8')), 'hex'),
           village, household, jsonb_build_object('agrees', to_jsonb(found), 'year', %(year)s::int)
    FROM signs WHERE cardinality(found) > 0
"""
# One amount a village and kind: the most frequent that is not zero. Which of the households are compared does not
# matter to what was decided: the same amount in the same year is the same lead.
EQUAL = """
    INSERT INTO found_lead (pattern, key, facts, village, evidence)
    WITH amounts AS (
        SELECT y.village, y.{amount} AS amount, count(*) AS households
        FROM register_householdyear y JOIN lead_home h ON h.household = y.household_id AND h.registered
        WHERE y.data_year = %(year)s AND y.{amount} IS NOT NULL AND y.village BETWEEN %(low)s AND %(high)s
        GROUP BY y.village, y.{amount}
    ), ranked AS (
        SELECT amounts.*, sum(households) OVER (PARTITION BY village) AS compared,
               row_number() OVER (PARTITION BY village ORDER BY amount = 0, households DESC, amount) AS place
        FROM amounts
    )
    SELECT %(pattern)s, %(pattern)s || ':' || village || ':{amount}',
           encode(sha256(convert_to(concat_ws('|', amount, %(year)s::text), 'UTF8')), 'hex'), village,
           jsonb_build_object('fact', '{amount}', 'amount', amount::text, 'households', households,
                              'compared', compared, 'year', %(year)s::int)
    FROM ranked
    WHERE place = 1 AND amount <> 0 AND compared >= %(households)s AND households >= compared * %(share)s
"""
