"""The code lists of the register (DOMAIN §4): our stable codes, with the officials' words and English.

National and provincial systems number the same lists differently (DOMAIN §0.4): their numbers are
mappings at the doors, never codes here. The two yes/no lists exist where a bare boolean would hide
a third official answer.
"""

from lika.engine.schema import CodeItem, CodeList


def _list(list_id: str, zh: str, en: str, items: str) -> CodeList:
    """A list from `code|中文|English` items, each on its own line or after a semicolon."""
    texts = items.replace(";", "\n").strip().splitlines()
    return CodeList(list_id, zh, en, tuple(CodeItem(*text.strip().split("|")) for text in texts))


SEX = _list("CL-SEX", "性别", "Sex", "1|男|Male; 2|女|Female")

ID_TYPE = _list(
    "CL-IDTYPE",
    "证件类型",
    "Identity document",
    """
    01|居民身份证|Resident identity card; 02|残疾人证|Disability certificate
    03|户口簿|Household register book; 09|其他证件|Other document
    """,
)
NO_ID = _list(
    "CL-NOID",
    "无证件原因",
    "Reason for no document",
    """
    1|新生儿未落户|New-born, not yet registered; 2|外籍配偶|Foreign spouse; 9|其他|Other
    """,
)
STANDARD = _list(
    "CL-STD",
    "识别标准",
    "Identification standard",
    """
    1|国家标准|National standard; 2|省定标准|Provincial standard; 3|市定标准|Prefecture standard
    """,
)
HOUSEHOLD_ATTRIBUTE = _list(
    "CL-HHATTR",
    "贫困户属性",
    "Household attribute",
    """
    01|一般贫困户|General poor household; 02|低保贫困户|Dibao poor household; 03|低保户|Dibao household
    04|五保户|Five-guarantee household
    """,
)
REGISTER_KIND = _list(
    "CL-REGKIND",
    "登记类别",
    "Kind of registration",
    """
    registered|建档立卡户|Registered poor household; applicant|申请户|Applicant
    marginal|边缘户|Marginal household; sampled|抽样户|Sampled household
    ordinary|一般农户|Ordinary household
    """,
)
POVERTY_STATUS = _list(
    "CL-POVSTAT",
    "脱贫属性",
    "Poverty status",
    """
    00|未建档|Not registered as poor; 10|新识别|Newly identified; 20|未脱贫|Still poor
    21|预脱贫|Planned to exit this year; 30|已脱贫|Exited; 40|返贫|Returned to poverty; 90|清退|Removed
    """,
)
POVERTY = _list(
    "CL-POVERTY",
    "贫困状态",
    "Poverty",
    """
    none|未建档|Not registered as poor; poor|贫困|Poor; exited|已脱贫|Exited; removed|已清退|Removed
    """,
)
MONITORING = _list(
    "CL-MONCLASS",
    "监测对象类别",
    "Monitoring class",
    """
    0|非监测对象|Not monitored; 1|脱贫不稳定户|Unstable exited household
    2|边缘易致贫户|Marginal household at risk; 3|突发严重困难户|Household in sudden severe difficulty
    8|风险已消除|Risk cleared
    """,
)
POOR_AREA = _list(
    "CL-POORAREA",
    "贫困区域状态",
    "Poor-area status",
    """
    0|非贫困村（县）|Not a poor area; 1|贫困村（县）|Poor area; 3|已退出|Exited
    """,
)
CAUSE = _list(
    "CL-CAUSE",
    "致贫原因",
    "Cause of poverty",
    """
    01|因病|Illness; 02|因残|Disability; 03|因学|Schooling; 04|因灾|Disaster; 05|缺土地|Lack of land
    06|缺水|Lack of water; 07|缺技术|Lack of skill; 08|缺劳动力|Lack of labour; 09|缺资金|Lack of funds
    10|交通条件落后|Poor transport; 11|自身发展动力不足|Lack of own motivation; 12|因婚|Marriage
    13|因丧|Funeral; 99|其他|Other
    """,
)
#: The code of 户主, the head of a household.
HEAD = "01"
RELATION = _list(
    "CL-REL",
    "与户主关系",
    "Relation to head",
    """
    01|户主|Head; 02|配偶|Spouse; 03|之子|Son; 04|之女|Daughter; 05|之儿媳|Daughter-in-law
    06|之女婿|Son-in-law; 07|之孙子|Son's son; 08|之孙女|Son's daughter; 09|之外孙子|Daughter's son
    10|之外孙女|Daughter's daughter; 11|之父|Father; 12|之母|Mother; 13|之岳父|Wife's father
    14|之岳母|Wife's mother; 15|之公公|Husband's father; 16|之婆婆|Husband's mother
    17|之祖父|Paternal grandfather; 18|之祖母|Paternal grandmother; 19|之外祖父|Maternal grandfather
    20|之外祖母|Maternal grandmother; 21|之兄弟姐妹|Sibling; 99|其他|Other
    """,
)
MEMBER_CHANGE = _list(
    "CL-MEMCHG",
    "人员变更",
    "Member change",
    """
    01|死亡|Death; 02|嫁出|Married out; 03|出国定居|Settled abroad; 04|判刑收监|Imprisoned
    05|嫁入|Married in; 06|新生儿|New-born; 07|其他转入|Other, joined; 08|其他转出|Other, left
    51|收养|Adopted; 52|参军|Military service; 53|外出就学|Away at school; 54|离婚迁出|Divorced, left
    55|分户|Split of the household; 56|并户|Merger of households
    """,
)
# Which way each goes. 51 to 56 are ours (01 to 08 are the national list): who serves in the army or goes to school
# elsewhere stays a member, and so does a child that is adopted where it lives already.
MEMBER_JOINS = frozenset({"05", "06", "07", "51"})
MEMBER_LEAVES = frozenset({"01", "02", "03", "04", "08", "54"})
MEMBER_STAYS = frozenset({"51", "52", "53"})
SPLIT, MERGED = "55", "56"
EDUCATION = _list(
    "CL-EDU",
    "文化程度",
    "Education",
    """
    01|文盲或半文盲|Illiterate or semi-literate; 02|小学|Primary; 03|初中|Lower secondary
    04|高中|Upper secondary; 05|大专及以上|College or above; 06|学龄前儿童|Pre-school child
    """,
)
#: The code of 非在校生, somebody who goes to no school.
NOT_A_STUDENT = "01"
STUDENT = _list(
    "CL-STU",
    "在校生状况",
    "Student status",
    """
    01|非在校生|Not a student; 02|学前教育|Pre-school; 03|小学|Primary; 04|七年级|Grade 7; 05|八年级|Grade 8
    06|九年级|Grade 9; 07|高中一年级|Upper secondary 1; 08|高中二年级|Upper secondary 2
    09|高中三年级|Upper secondary 3; 10|中职一年级|Vocational 1; 11|中职二年级|Vocational 2
    12|中职三年级|Vocational 3; 13|高职一年级|Higher vocational 1; 14|高职二年级|Higher vocational 2
    15|高职三年级|Higher vocational 3; 16|大专及以上|College or above
    """,
)
YES_NO = _list("CL-YESNO", "是否", "Yes or no", "yes|是|Yes; no|否|No")
DROPOUT = _list(
    "CL-DROP",
    "失学或辍学原因",
    "Reason for being out of school",
    """
    1|因贫|Poverty; 2|因病因残|Illness or disability; 3|厌学|Unwilling to learn; 4|务工|Went to work
    5|早婚|Early marriage; 9|其他|Other
    """,
)
HEALTH = _list(
    "CL-HEALTH",
    "健康状况",
    "Health",
    """
    01|健康|Healthy; 02|长期慢性病|Long-term chronic illness; 03|患有大病|Serious illness; 04|残疾|Disabled
    """,
)
DISABILITY = _list(
    "CL-DISAB",
    "残疾类别",
    "Kind of disability",
    """
    1|视力|Sight; 2|听力|Hearing; 3|言语|Speech; 4|肢体|Limb; 5|智力|Intellectual; 6|精神|Psychiatric
    7|多重|Multiple
    """,
)
DISABILITY_GRADE = _list(
    "CL-DISGRADE",
    "残疾等级",
    "Grade of disability",
    """
    1|一级|Grade 1; 2|二级|Grade 2; 3|三级|Grade 3; 4|四级|Grade 4
    """,
)
LABOUR = _list(
    "CL-LABOUR",
    "劳动技能",
    "Labour ability",
    """
    01|普通劳动力|Ordinary; 02|技能劳动力|Skilled; 03|丧失劳动力|Lost; 04|无劳动力|None
    05|弱劳动力或半劳动力|Weak or half
    """,
)
WORK = _list(
    "CL-WORK",
    "务工状况",
    "Place of work",
    """
    01|乡（镇）内务工|In the township; 02|乡（镇）外县内务工|In the county; 03|县外省内务工|In the province
    04|省外务工|Outside the province; 05|其他|Other
    """,
)
POLITICAL = _list(
    "CL-POL",
    "政治面貌",
    "Political status",
    """
    01|中共党员|Party member; 02|中共预备党员|Probationary party member; 03|共青团员|Youth league member
    13|群众|None
    """,
)
WELFARE_POST = _list(
    "CL-WELPOST",
    "公益性岗位类型",
    "Public-welfare post",
    """
    1|生态护林员|Eco-ranger; 2|保洁员|Cleaner; 3|护路员|Road keeper; 4|水管员|Water keeper; 9|其他|Other
    """,
)
ROAD = _list(
    "CL-ROAD",
    "入户路类型",
    "Road to the house",
    """
    01|泥土路|Earth; 02|砂石路|Gravel; 03|水泥路|Concrete; 04|沥青路|Asphalt
    """,
)
FUEL = _list(
    "CL-FUEL",
    "主要燃料类型",
    "Main fuel",
    """
    01|柴草|Firewood and straw; 02|干畜粪|Dried dung; 03|煤炭|Coal; 04|清洁能源|Clean energy; 05|其他|Other
    """,
)
STRUCTURE = _list(
    "CL-STRUCT",
    "房屋主要结构",
    "House structure",
    """
    1|钢筋混凝土|Reinforced concrete; 2|砖混|Brick-concrete; 3|砖木|Brick-wood; 4|土木|Earth-wood
    5|木结构|Wood; 6|砖石窑洞|Brick or stone cave; 7|土坯、竹草、土窑洞|Adobe, bamboo or earth cave
    9|其他|Other
    """,
)
HOUSING_GRADE = _list(
    "CL-DANGER",
    "房屋安全等级",
    "Housing safety grade",
    """
    A|A级（安全）|A, safe; B|B级（基本安全）|B, basically safe; C|C级（局部危险）|C, locally dangerous
    D|D级（整栋危险）|D, wholly dangerous; N|无房|No house
    """,
)
WATER_SOURCE = _list(
    "CL-WATER",
    "饮水水源",
    "Water source",
    """
    1|自来水|Tap water; 2|受保护的井水和泉水|Protected well or spring
    3|不受保护的井水和泉水|Unprotected well or spring; 4|江河湖泊水|River or lake; 5|收集雨水|Rain water
    6|桶装水|Bottled water; 9|其他|Other
    """,
)
TERRAIN = _list("CL-TERRAIN", "地形地貌", "Terrain", "1|平原|Plain; 2|丘陵|Hills; 3|山区|Mountains; 4|高原|Plateau")
ETHNIC = _list(
    "CL-ETHNIC",
    "民族",
    "Ethnicity",
    """
    01|汉族|Han; 02|蒙古族|Mongol; 03|回族|Hui; 04|藏族|Tibetan; 05|维吾尔族|Uygur; 06|苗族|Miao; 07|彝族|Yi
    08|壮族|Zhuang; 09|布依族|Bouyei; 10|朝鲜族|Korean; 11|满族|Manchu; 12|侗族|Dong; 13|瑶族|Yao
    14|白族|Bai; 15|土家族|Tujia; 16|哈尼族|Hani; 17|哈萨克族|Kazak; 18|傣族|Dai; 19|黎族|Li; 20|傈僳族|Lisu
    21|佤族|Va; 22|畲族|She; 23|高山族|Gaoshan; 24|拉祜族|Lahu; 25|水族|Sui; 26|东乡族|Dongxiang
    27|纳西族|Naxi; 28|景颇族|Jingpo; 29|柯尔克孜族|Kirgiz; 30|土族|Tu; 31|达斡尔族|Daur; 32|仫佬族|Mulao
    33|羌族|Qiang; 34|布朗族|Blang; 35|撒拉族|Salar; 36|毛南族|Maonan; 37|仡佬族|Gelao; 38|锡伯族|Xibe
    39|阿昌族|Achang; 40|普米族|Pumi; 41|塔吉克族|Tajik; 42|怒族|Nu; 43|乌孜别克族|Ozbek
    44|俄罗斯族|Russian; 45|鄂温克族|Ewenki; 46|德昂族|Deang; 47|保安族|Bonan; 48|裕固族|Yugur; 49|京族|Jing
    50|塔塔尔族|Tatar; 51|独龙族|Derung; 52|鄂伦春族|Oroqen; 53|赫哲族|Hezhen; 54|门巴族|Monba
    55|珞巴族|Lhoba; 56|基诺族|Jino; 97|其他|Other; 98|外国血统中国籍人士|Chinese citizen of foreign descent
    """,
)
DOCUMENT_KIND = _list(
    "CL-DOCKIND",
    "材料类别",
    "Kind of document",
    """
    01|户申请书|Application of the household; 02|身份证复印件|Copy of an identity card
    03|户口簿复印件|Copy of the register book; 04|住房照片|Photograph of the house
    05|家庭成员照片|Photograph of the household; 06|收入凭证|Proof of income; 07|支出凭证|Proof of cost
    08|疾病、残疾证明|Certificate of illness or disability; 09|就学证明|Certificate of schooling
    10|变更依据材料|Evidence of a change; 11|签字页|Signed page
    12|评议公示照片|Photograph of a meeting or notice; 13|生产发展照片|Photograph of production; 99|其他|Other
    """,
)
COORDINATES = _list(
    "CL-CRS",
    "坐标系",
    "Coordinate system",
    """
    WGS-84|WGS-84|WGS-84; CGCS2000|CGCS2000|CGCS2000; GCJ-02|GCJ-02|GCJ-02
    """,
)

CODE_LISTS: tuple[CodeList, ...] = tuple(value for value in list(globals().values()) if isinstance(value, CodeList))
_BY_ID = {code_list.id: code_list for code_list in CODE_LISTS}


def by_id(list_id: str) -> CodeList:
    """A code list by its id. Raises KeyError."""
    return _BY_ID[list_id]
