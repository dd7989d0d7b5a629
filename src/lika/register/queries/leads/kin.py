"""Households split, elders registered apart: by what the register remembers of living together.

The register holds no kinship across households. Who once was a member of the other household, and as what, is a
record; surname, age and address are a hint.
"""

# To the head: spouse, child, parent (CL-REL).
_NEAR = "('02', '03', '04', '11', '12')"
_PARENTS = "('11', '12', '13', '14', '15', '16')"
_CHILDREN = "('03', '04')"
# A row whose two days are one never held (`Membership`).
_HELD = "old.left_on IS NOT NULL AND old.left_on IS DISTINCT FROM old.joined_on"

# The head of one household was a member of the other until they parted. Identified is who was found poor by a decision
# of its own: a status that came along with the split is none.
PARTED = f"""
    DROP TABLE IF EXISTS lead_parted;
    CREATE TEMPORARY TABLE lead_parted ON COMMIT DROP AS
    WITH parted AS (
        SELECT DISTINCT ON (first, second) least(old.household_id, now.household) AS first,
               greatest(old.household_id, now.household) AS second, old.left_on AS day,
               old.leave_reason = '55' AS split, old.relation IN {_NEAR} AS near
        FROM register_membership old
        JOIN lead_person now ON now.person = old.person_id AND now.relation = '01'
        JOIN lead_home h ON h.household = old.household_id AND h.members > 0
        WHERE {_HELD} AND old.household_id <> now.household AND (old.leave_reason = '55' OR old.relation IN {_NEAR})
        ORDER BY first, second, old.left_on DESC
    ), identified AS (
        SELECT t.first, t.second, min(e.effective_on) AS day
        FROM parted t JOIN register_statusevent e ON e.household_id IN (t.first, t.second)
        WHERE e.axis = 'poverty' AND e.to_status IN ('10', '20') AND e.decision_kind <> 'split'
        GROUP BY t.first, t.second
    )
    SELECT t.first, t.second, t.day, t.split, t.near, i.day AS identified
    FROM parted t LEFT JOIN identified i USING (first, second)
    WHERE t.day BETWEEN i.day - make_interval(months => %(months)s) AND i.day
       OR t.day BETWEEN %(at)s::date - make_interval(months => %(months)s) AND %(at)s::date
"""  # noqa: S608 - our own
PARTED_HOMES = "SELECT first FROM lead_parted UNION SELECT second FROM lead_parted"
SPLIT = """
    INSERT INTO found_lead (pattern, key, facts, village, other_village, household_id, other_household_id, evidence)
    SELECT %(pattern)s, %(pattern)s || ':' || t.first || ':' || t.second,
           encode(sha256(convert_to(concat_ws('|', t.day, t.split, t.near, t.identified, d.same), 'UTF8')), 'hex'),
           a.village, b.village, t.first, t.second,
           jsonb_build_object(
               'agrees', to_jsonb(array_remove(ARRAY[
                   CASE WHEN t.split THEN 'split' END, CASE WHEN t.near THEN 'near' END,
                   CASE WHEN d.same THEN 'address' END], NULL)),
               'differs', to_jsonb(array_remove(ARRAY[CASE WHEN NOT d.same THEN 'address' END], NULL)),
               'parted', t.day, 'identified', t.identified)
    FROM lead_parted t
    JOIN lead_home a ON a.household = t.first JOIN lead_home b ON b.household = t.second
    LEFT JOIN lead_address da ON da.household = t.first LEFT JOIN lead_address db ON db.household = t.second
    CROSS JOIN LATERAL (SELECT coalesce(da.address = db.address, false) AS same) d
"""
ELDERS = """
    DROP TABLE IF EXISTS lead_elder, lead_namesake;
    CREATE TEMPORARY TABLE lead_elder ON COMMIT DROP AS
    SELECT p.household, p.village FROM lead_person p JOIN lead_home h USING (household)
    WHERE h.registered GROUP BY p.household, p.village
    HAVING bool_and(p.born IS NOT NULL AND p.born <= %(at)s::date - make_interval(years => %(age)s))
"""
# The elders with the heads of their village who have the surname of one of them and are a generation younger.
NAMESAKES = """
    CREATE TEMPORARY TABLE lead_namesake ON COMMIT DROP AS
    SELECT DISTINCT e.household AS elder, head.household AS younger
    FROM lead_elder e JOIN lead_person p USING (household)
    JOIN lead_person head ON head.village = e.village AND head.relation = '01' AND head.household <> e.household
        AND left(head.name, 1) = left(p.name, 1)
        AND head.born >= p.born + make_interval(years => %(older)s)
"""
NAMESAKE_HOMES = "SELECT elder FROM lead_namesake UNION SELECT younger FROM lead_namesake"
SEPARATED = f"""
    INSERT INTO found_lead (pattern, key, facts, village, other_village, household_id, other_household_id, evidence)
    WITH lived AS (
        SELECT e.household AS elder, old.household_id AS younger
        FROM lead_elder e JOIN lead_person p USING (household)
        JOIN register_membership old ON old.person_id = p.person AND {_HELD} AND old.relation IN {_PARENTS}
        WHERE old.household_id <> e.household
        UNION
        SELECT e.household, child.household FROM lead_elder e
        JOIN register_membership old ON old.household_id = e.household AND {_HELD} AND old.relation IN {_CHILDREN}
        JOIN lead_person child ON child.person = old.person_id AND child.household <> e.household
    ), found AS (
        SELECT elder, younger, bool_or(lived) AS lived, bool_or(namesake) AS namesake FROM (
            SELECT elder, younger, true AS lived, false AS namesake FROM lived
            UNION ALL SELECT elder, younger, false, true FROM lead_namesake) AS each_way
        GROUP BY elder, younger
    )
    SELECT %(pattern)s, %(pattern)s || ':' || f.elder || ':' || f.younger,
           encode(sha256(convert_to(concat_ws('|', f.lived, f.namesake, t.phone, t.address, a.signature), 'UTF8')),
                  'hex'),
           a.village, b.village, f.elder, f.younger,
           jsonb_build_object(
               'agrees', to_jsonb(array_remove(ARRAY[
                   CASE WHEN f.lived THEN 'lived_together' END, CASE WHEN f.namesake THEN 'surname' END,
                   CASE WHEN t.phone THEN 'phone' END, CASE WHEN t.address THEN 'address' END], NULL)),
               'differs', to_jsonb(array_remove(ARRAY[
                   CASE WHEN NOT t.phone THEN 'phone' END, CASE WHEN NOT t.address THEN 'address' END], NULL)),
               'hint', NOT f.lived)
    FROM found f
    JOIN lead_home a ON a.household = f.elder
    JOIN lead_home b ON b.household = f.younger AND b.village = a.village AND b.members > 0
    LEFT JOIN lead_address da ON da.household = f.elder LEFT JOIN lead_address db ON db.household = f.younger
    CROSS JOIN LATERAL (SELECT coalesce(a.phone = b.phone, false) AS phone,
                               coalesce(da.address = db.address, false) AS address) t
    WHERE (f.lived OR t.phone OR t.address)
      AND NOT EXISTS (SELECT 1 FROM lead_elder other WHERE other.household = f.younger)
"""  # noqa: S608 - our own
