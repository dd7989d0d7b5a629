"""One household under two numbers."""

# Where many share an account or a door, each is paired with the oldest record of them: as many leads as doubles.
# One member alone who agrees is a coincidence unless a number is wanting; all members of several are none.
PAIRS = """
    CREATE TEMPORARY TABLE lead_same_home ON COMMIT DROP AS
    WITH accounts AS (
        SELECT household, first_value(household) OVER (PARTITION BY account ORDER BY household) AS first
        FROM lead_home WHERE account IS NOT NULL
    ), doors AS (
        SELECT household, first_value(household) OVER (PARTITION BY h.phone, a.address ORDER BY household) AS first
        FROM lead_home h JOIN lead_address a USING (household) WHERE h.phone IS NOT NULL
    ), pairs AS (
        SELECT a.household AS one, b.household AS two FROM lead_home a JOIN lead_home b USING (signature)
        WHERE a.household < b.household AND (a.members > 1 OR a.weak OR b.weak)
        UNION SELECT a.household, b.household FROM lead_twin t
            JOIN lead_person a ON a.person = t.first AND a.relation = '01'
            JOIN lead_person b ON b.person = t.second AND b.relation = '01'
        UNION SELECT first, household FROM accounts WHERE first <> household
        UNION SELECT first, household FROM doors WHERE first <> household
    )
    SELECT DISTINCT least(one, two) AS first, greatest(one, two) AS second FROM pairs
"""
NONE = "CREATE TEMPORARY TABLE lead_same_home (first uuid, second uuid) ON COMMIT DROP"
# The households whose address is looked at before the pairs are known, and once they are.
SHARED_PHONES = (
    "SELECT household FROM (SELECT household, count(*) OVER (PARTITION BY phone) AS sharing FROM lead_home "
    "WHERE phone IS NOT NULL) AS phones WHERE sharing > 1"
)
PAIRED = "SELECT first FROM lead_same_home UNION SELECT second FROM lead_same_home"
ONE_HOUSEHOLD = """
    INSERT INTO found_lead (pattern, key, facts, village, other_village, household_id, other_household_id, evidence)
    SELECT %(pattern)s, %(pattern)s || ':' || a.household || ':' || b.household,
           encode(sha256(convert_to(concat_ws('|', encode(a.signature, 'hex'), encode(b.signature, 'hex'), a.village,
                  b.village, t.members, t.head, t.account, t.phone, t.address), 'UTF8')), 'hex'),
           a.village, b.village, a.household, b.household,
           jsonb_build_object(
               'agrees', to_jsonb(array_remove(ARRAY[
                   CASE WHEN t.members THEN 'members' END, CASE WHEN t.head THEN 'head' END,
                   CASE WHEN t.account THEN 'account' END, CASE WHEN t.phone THEN 'phone' END,
                   CASE WHEN t.address THEN 'address' END], NULL)),
               'differs', to_jsonb(array_remove(ARRAY[
                   CASE WHEN NOT t.members THEN 'members' END, CASE WHEN NOT t.head THEN 'head' END,
                   CASE WHEN NOT t.account THEN 'account' END, CASE WHEN NOT t.phone THEN 'phone' END,
                   CASE WHEN NOT t.address THEN 'address' END], NULL)))
    FROM lead_same_home s
    JOIN lead_home a ON a.household = s.first JOIN lead_home b ON b.household = s.second
    LEFT JOIN lead_person ha ON ha.household = a.household AND ha.relation = '01'
    LEFT JOIN lead_person hb ON hb.household = b.household AND hb.relation = '01'
    LEFT JOIN lead_address da ON da.household = a.household LEFT JOIN lead_address db ON db.household = b.household
    CROSS JOIN LATERAL (SELECT
        coalesce(a.signature = b.signature, false) AS members,
        coalesce(ha.pinyin = hb.pinyin AND ha.born = hb.born AND ha.sex = hb.sex, false) AS head,
        coalesce(a.account = b.account, false) AS account, coalesce(a.phone = b.phone, false) AS phone,
        coalesce(da.address = db.address, false) AS address) t
"""
