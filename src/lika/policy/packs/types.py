"""The types of a pack's items as the engine knows them."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from lika.core.language import listed
from lika.engine.schema import CodeList
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType, TextType, Type
from lika.policy.choices import ItemType, ValueType
from lika.policy.packs.form import CollectedFields, TypedFields

# A value of each type as one would write it in a file.
_COPYABLE = {
    ValueType.BOOLEAN: "true, false",
    ValueType.INTEGER: "16",
    ValueType.DECIMAL: "2736.10",
    ValueType.DATE: "2016-12-31",
    ValueType.CODE: "'A'",
}


def expected_of(declared: Type) -> str:
    """What a value of a type looks like, in words."""
    match declared:
        case CodeType(values=values):
            return listed(values)
        case IntegerType(digits=digits):
            words = _("a whole number of at most %(digits)s digits, without commas: %(example)s")
            return words % {"digits": digits, "example": _COPYABLE[ValueType.INTEGER]}
        case DecimalType(places=places, digits=digits):
            words = _(
                "a number of at most %(digits)s digits, of these at most %(places)s after the point, "
                "without commas: %(example)s"
            )
            example = f"{Decimal(_COPYABLE[ValueType.DECIMAL]):.{places}f}"
            return words % {"digits": digits, "places": places, "example": example}
    return _COPYABLE[ValueType(declared.kind)]


def type_of(item: TypedFields | CollectedFields, code_lists: Mapping[str, CodeList]) -> Type:
    """The engine's type of a parameter, item or derived fact whose declaration holds."""
    if item.type is ItemType.TEXT:
        return TextType()
    match ValueType(item.type):
        case ValueType.BOOLEAN:
            return BooleanType()
        case ValueType.INTEGER:
            return IntegerType()
        case ValueType.DECIMAL:
            return DecimalType(item.places or 0)
        case ValueType.DATE:
            return DateType()
        case ValueType.CODE:
            return code_lists[item.codes or ""].type
