"""The checker: pydantic models built from the fields of agent/settings.py, so that each setting stands once."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, get_type_hints

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from agent.config_fault import Fault
from agent.settings import ISO_DATE, SECTIONS, Config, Limit, Shape, limit_of, of_plain

_STRICT = ConfigDict(extra="forbid", strict=True)
MAX_TEXT = 512


def checked(data: Mapping[str, Any]) -> Config | Fault:
    """The settings that `data` (section → key → value) says, the rest by default; or what is wrong first."""
    try:
        model = _model().model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        first = details[0]
        keys = tuple(str(part) for part in first["loc"])
        return Fault(keys, first["type"], first["input"], first["msg"], len(details) - 1)
    return of_plain(model.model_dump())


def _model() -> type[BaseModel]:
    sections: dict[str, Any] = {
        name: (made := _section(cls), Field(default_factory=made)) for name, cls in SECTIONS.items()
    }
    return create_model("Config", __config__=_STRICT, **sections)


def _section(cls: type[Any]) -> type[BaseModel]:
    kinds = get_type_hints(cls)
    made: dict[str, Any] = {
        each.name: (_kind(kinds[each.name], limit_of(each)), _default(each.default)) for each in fields(cls)
    }
    return create_model(cls.__name__, __config__=_STRICT, **made)


def _default(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _kind(kind: Any, limit: Limit) -> Any:
    """A type with its limits, in pydantic's words."""
    bounds = {name: bound for name in ("ge", "le", "max_length") if (bound := getattr(limit, name)) is not None}
    if kind == tuple[str, ...]:
        item = _shaped(limit.like) if limit.like else str
        return Annotated[list[item], Field(**bounds)]  # type: ignore[valid-type]  # made here, at run time
    if limit.like:
        return _shaped(limit.like)
    return Annotated[kind, Field(**bounds)]


def _shaped(shape: Shape) -> Any:
    def fits(text: str) -> str:
        if not re.fullmatch(shape.pattern, text) or not shape.fits(text):
            raise ValueError("not of the shape")
        return text

    text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(fits)]
    return Annotated[text, BeforeValidator(_iso_date)] if shape is ISO_DATE else text


def _iso_date(value: object) -> object:
    """TOML has dates of its own; people write them with and without quotes."""
    return value.isoformat() if isinstance(value, date) else value
