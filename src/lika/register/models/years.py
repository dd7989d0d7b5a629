"""The yearly collection: one row per person, household, village or county and data year.

A past year is never overwritten. A row says which reference period (标准时期) its flows cover and
whether it is draft, confirmed or locked. Columns are what two documents or the national form share
(DOMAIN §3.2-3.8); their Chinese and English labels, units and meanings are in `register.facts`.
Empty means unknown, never no. Counts that the register can compute are not typed.
"""

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.register.choices import YearState
from lika.register.models.households import Household, Person


def _money() -> models.DecimalField:
    """Yuan with two places."""
    return models.DecimalField(max_digits=14, decimal_places=2, null=True)


def _decimal() -> models.DecimalField:
    """An area, a distance or a rate with two places."""
    return models.DecimalField(max_digits=10, decimal_places=2, null=True)


def _count() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(null=True)


def _year() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(null=True)


def _flag() -> models.BooleanField:
    return models.BooleanField(null=True)


def _code() -> models.CharField:
    return models.CharField(max_length=3, null=True)


_HEAD = "id data_year period_from period_to state recorded_at"


def _net_income() -> CombinedExpression:
    """Income of all accounts less the cost of operating; empty where one of them is."""
    return (
        F("wage")
        + F("operating")
        + F("property_dividend")
        + F("property_other")
        + F("transfer_family_planning")
        + F("transfer_dibao")
        + F("transfer_extreme")
        + F("transfer_pension")
        + F("transfer_eco")
        + F("transfer_other")
        - F("expense_operating")
    )


def _per_head(income: CombinedExpression, members: F) -> Func:
    """Rounded half up to two places, as every quotient that is shown; empty where nobody belongs to the household."""
    exact = models.DecimalField(max_digits=30, decimal_places=10)
    quotient = Cast(income, exact) / NullIf(Cast(members, exact), Value(0, output_field=exact))
    shown = models.DecimalField(max_digits=14, decimal_places=2)
    return Func(quotient, Value(2), function="ROUND", output_field=shown)


class YearRow(models.Model):
    """What all yearly rows share. `period_to` is the standard time point (标准时点) of the year."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    data_year = models.PositiveSmallIntegerField()
    period_from = models.DateField()
    period_to = models.DateField()
    state = models.CharField(max_length=10, choices=YearState, default=YearState.DRAFT)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.CharField(max_length=150, blank=True, help_text="Who wrote the values last.")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="%(app_label)s_%(class)s_period_in_order"
            )
        ]


class HouseholdYear(YearRow):
    """Income, living conditions, guarantees, causes and labels of a household in a year."""

    # Found by the index of `householdyear_once`.
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="years", db_index=False)
    # Kept by the database, as `Household.members`.
    members = models.PositiveIntegerField(default=0, editable=False, help_text="Members at the time point.")
    village = models.BigIntegerField(help_text="Where the household stood at the reference time.")
    # Income and cost, yuan a year (DOMAIN §3.4)
    wage = _money()
    operating = _money()
    property_dividend = _money()
    property_other = _money()
    transfer_family_planning = _money()
    transfer_dibao = _money()
    transfer_extreme = _money()
    transfer_pension = _money()
    transfer_eco = _money()
    transfer_other = _money()
    expense_operating = _money()
    net_income = models.GeneratedField(
        expression=_net_income(),
        output_field=models.DecimalField(max_digits=14, decimal_places=2, null=True),
        db_persist=True,
    )
    # Kept so that lists are sorted by an index. No generated column may name another, so the sum stands here again.
    income_per_head = models.GeneratedField(
        expression=_per_head(_net_income(), F("members")),
        output_field=models.DecimalField(max_digits=14, decimal_places=2, null=True),
        db_persist=True,
        help_text="Net income over the members at the time point, rounded half up.",
    )
    # Means and surroundings (DOMAIN §3.3)
    land_cultivated = _decimal()
    land_forest = _decimal()
    land_returned_forest = _decimal()
    house_area = _decimal()
    house_structure = _code()
    house_built_year = _year()
    house_renovated_year = _year()
    housing_grade = _code()
    power_life = _flag()
    power_production = _flag()
    tv = _flag()
    broadband = _flag()
    road_type = _code()
    road_distance = _decimal()
    water_source = _code()
    water_difficult = _flag()
    safe_water = _flag()
    fuel = _code()
    toilet = _flag()
    coop_member = _flag()
    leading_firm = _flag()
    leader_support = _flag()
    # Guarantees and risks that the exit criteria name (seed 001 ch. 10 §1-6)
    food_secure = _flag()
    clothing_secure = _flag()
    income_channels = _count()
    debt_illness = _money()
    debt_schooling = _money()
    debt_housing = _money()
    # Causes (DOMAIN §4.7: one main, at most two others)
    main_cause = _code()
    other_cause_1 = _code()
    other_cause_2 = _code()
    # Labels and lists of the seven measures (seed 001 ch. 9 note)
    batch_industry = _flag()
    batch_ecology = _flag()
    batch_education = _flag()
    relocation_planned = _flag()
    dibao_listed = _flag()

    class Meta(YearRow.Meta):
        verbose_name = _("household year")
        constraints = [
            *YearRow.Meta.constraints,
            models.UniqueConstraint(fields=["household", "data_year"], name="householdyear_once"),
        ]
        indexes = [
            models.Index(fields=["village", "data_year"], name="householdyear_village"),
            # Lists show and sort by these for all households of a year; row-level security asks for the village.
            models.Index(
                fields=["data_year", "household"],
                include=["village", "income_per_head", "main_cause"],
                name="householdyear_listed",
            ),
            models.Index(
                fields=["data_year", "income_per_head"], include=["household", "village"], name="householdyear_income"
            ),
        ]

    privacy = all_are(Privacy.INTERNAL, _HEAD + " recorded_by village members") | all_are(
        Privacy.PERSONAL,
        "household wage operating property_dividend property_other transfer_family_planning transfer_dibao "
        "transfer_extreme transfer_pension transfer_eco transfer_other expense_operating net_income income_per_head "
        "land_cultivated land_forest land_returned_forest house_area house_structure house_built_year "
        "house_renovated_year housing_grade power_life power_production tv broadband road_type road_distance "
        "water_source water_difficult safe_water fuel toilet coop_member leading_firm leader_support "
        "food_secure clothing_secure income_channels debt_illness debt_schooling debt_housing "
        "main_cause other_cause_1 other_cause_2 batch_industry batch_ecology batch_education "
        "relocation_planned dibao_listed",
    )


class PersonYear(YearRow):
    """Schooling, health, labour, work and insurance of a person in a year (DOMAIN §3.2)."""

    # Found by the index of `personyear_once`.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="years", db_index=False)
    village = models.BigIntegerField(help_text="Where the person's household stood at the reference time.")
    political = _code()
    education = _code()
    student_status = _code()
    out_of_school = _code()
    dropout_reason = _code()
    # 健康状况 allows several answers at once: healthy is none of the three.
    chronic_illness = _flag()
    serious_illness = _flag()
    disabled = _flag()
    disability_type = _code()
    disability_grade = _code()
    illness_collected = _flag()
    labour = _code()
    work_status = _code()
    work_months = _count()
    monthly_pay = _money()
    welfare_post = _code()
    welfare_post_months = _count()
    training_wish = _flag()
    mandarin = _flag()
    medical_resident = _flag()
    medical_employee = _flag()
    major_illness_insurance = _flag()
    commercial_insurance = _flag()
    accident_insurance_aided = _flag()
    pension_resident = _flag()
    pension_employee = _flag()
    dibao = _flag()
    extreme_support = _flag()
    medical_aid = _flag()
    left_behind = _flag()
    resident_months = _count()

    class Meta(YearRow.Meta):
        verbose_name = _("person year")
        constraints = [
            *YearRow.Meta.constraints,
            models.UniqueConstraint(fields=["person", "data_year"], name="personyear_once"),
        ]
        indexes = [models.Index(fields=["village", "data_year"], name="personyear_village")]

    privacy = (
        all_are(Privacy.INTERNAL, _HEAD + " recorded_by village")
        | all_are(
            Privacy.PERSONAL,
            "person political education student_status out_of_school dropout_reason labour work_status work_months "
            "monthly_pay welfare_post welfare_post_months training_wish mandarin medical_resident medical_employee "
            "major_illness_insurance commercial_insurance accident_insurance_aided pension_resident "
            "pension_employee dibao extreme_support left_behind resident_months",
        )
        | all_are(
            Privacy.SENSITIVE,
            "chronic_illness serious_illness disabled disability_type disability_grade illness_collected medical_aid",
        )
    )


class VillageYear(YearRow):
    """The village form of a year (DOMAIN §3.7). Counts of the poor are computed from the register."""

    village = models.BigIntegerField()
    rural_registered_population = _count()
    rural_households = _count()
    natural_villages = _count()
    terrain = _code()
    net_income_per_head = _money()
    collective_income = _money()
    hard_road = _flag()
    natural_villages_unpaved = _count()
    bus = _flag()
    production_power = _flag()
    broadband_village = _flag()
    tap_water_households = _count()
    unsafe_water_households = _count()
    dangerous_house_households = _count()
    medical_insured = _count()
    pension_insured = _count()
    standard_clinic = _flag()
    village_doctors = _count()
    culture_room = _flag()
    service_centre = _flag()
    waste_handled = _flag()
    village_appearance = _flag()
    leading_industries = _count()
    cooperatives = _count()
    cooperative_poor_households = _count()

    class Meta(YearRow.Meta):
        verbose_name = _("village year")
        constraints = [
            *YearRow.Meta.constraints,
            models.UniqueConstraint(fields=["village", "data_year"], name="villageyear_once"),
        ]

    privacy = all_are(Privacy.INTERNAL, "recorded_by") | all_are(
        Privacy.PUBLIC,
        _HEAD + " village rural_registered_population rural_households "
        "natural_villages terrain net_income_per_head collective_income hard_road natural_villages_unpaved bus "
        "production_power broadband_village tap_water_households unsafe_water_households "
        "dangerous_house_households medical_insured pension_insured standard_clinic village_doctors culture_room "
        "service_centre waste_handled village_appearance leading_industries cooperatives cooperative_poor_households",
    )


class CountyYear(YearRow):
    """The county form of a year (DOMAIN §3.8), as far as the exit criteria of seed 001 need it."""

    county = models.BigIntegerField(help_text="12-digit code of the county, as a number.")
    rural_registered_population = _count()
    rural_households = _count()
    net_income_per_head = _money()
    safe_water_population = _count()
    safe_housing_households = _count()
    medical_insured = _count()
    compulsory_retention_rate = _decimal()
    villages_total = _count()
    villages_hard_road = _count()
    villages_standard_clinic = _count()

    class Meta(YearRow.Meta):
        verbose_name = _("county year")
        constraints = [
            *YearRow.Meta.constraints,
            models.UniqueConstraint(fields=["county", "data_year"], name="countyyear_once"),
        ]

    privacy = all_are(Privacy.INTERNAL, "recorded_by") | all_are(
        Privacy.PUBLIC,
        _HEAD + " county rural_registered_population rural_households "
        "net_income_per_head safe_water_population safe_housing_households medical_insured "
        "compulsory_retention_rate villages_total villages_hard_road villages_standard_clinic",
    )
