"""The types of a pack's items as the engine knows them."""

from collections.abc import Mapping

from lika.engine.schema import CodeList
from lika.engine.types import BooleanType, DateType, DecimalType, IntegerType, Type
from lika.policy.choices import ValueType
from lika.policy.packs.form import TypedFields

# A value of each type as one would write it in a file.
COPYABLE = {
    ValueType.BOOLEAN: "true, false",
    ValueType.INTEGER: "16",
    ValueType.DECIMAL: "2736.10",
    ValueType.DATE: "2016-12-31",
    ValueType.CODE: "'A'",
}


def type_of(item: TypedFields, code_lists: Mapping[str, CodeList]) -> Type:
    """The engine's type of a parameter or derived fact whose declaration holds."""
    match item.type:
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
