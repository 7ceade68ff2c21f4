"""OpenAPI 3.1 from the table of endpoints (central/api/endpoints.py): what is not in the table is not served. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from central.accounts.access import needed
from central.api.facts import Handler
from central.listing import ENDS, SORTS
from central.renewals.office import COST_GROUPS
from central.renewals.rules import STATES
from central.renewals.worklist import GROUPS

_PARAMETER = re.compile(r"\{(\w+)\}")
QUERY: Mapping[str, Mapping[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100, "description": "rows of a page"},
    "cursor": {"type": "string", "description": "`next` of the answer before"},
    "status": {"type": "string", "enum": ["up", "late", "silent", "never"]},
    "since": {"type": "integer", "description": "seconds since 1970, UTC"},
    "before": {"type": "integer", "description": "seconds since 1970, UTC; for the next page: of the last row"},
    "span": {"type": "string", "enum": ["hour", "day"], "default": "hour"},
    "open": {"type": "string", "enum": ["1"], "description": "only those that are open"},
    "account": {"type": "string", "description": "at the carrier, as cards have it"},
    "check": {"type": "string", "enum": ["1"], "description": "only look, change nothing"},
    "retired": {"type": "string", "enum": ["1"], "description": "the retired ones too"},
    "state": {"type": "string", "enum": ["spare", "in_use", "retired"]},
    "days": {"type": "integer", "minimum": 0, "maximum": 3660, "description": "within so many days"},
    "month": {"type": "string", "description": "2026-11; the current one without it"},
    "group": {"type": "string", "enum": list(GROUPS)},
    "cost_group": {"type": "string", "enum": list(COST_GROUPS), "default": "carrier"},
    "renewal_state": {"type": "string", "enum": list(STATES)},
    "sort": {"type": "string", "enum": list(SORTS), "default": "terminal"},
    "order": {"type": "string", "enum": ["asc", "desc"]},
    "ends": {"type": "string", "enum": list(ENDS), "description": "when the card ends: in so many days"},
    "q": {"type": "string", "description": "part of number, name, ICCID, IMEI or shop"},
    **{name: {"type": "string"} for name in ("verdict", "operator", "after", "after_value")},
    "layout": {"type": "string", "description": "full, onelink, ctwing, unicom, jasper, reseller, or one of yours"},
    **{name: {"type": "string"} for name in ("renewal_batch", "terminal", "iccid", "name")},
    **{name: {"type": "string"} for name in ("merchant", "shop", "region", "tag", "plan", "batch", "kind", "object")},
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    handler: Handler
    summary: str
    query: tuple[str, ...] = ()
    body: Mapping[str, str] = field(default_factory=dict)
    """Fields of the JSON body → their JSON types, several joined by `|`; empty = no body."""
    answer: str = "application/json"
    takes: str = "application/json"
    status: int = 200
    """Of the answer when all is well."""


def document(endpoints: Iterable[Endpoint], version: str) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for one in endpoints:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "posagent-central", "version": version, "description": "Times are ISO 8601 in UTC."},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "operator token or pat_…"}
            },
            "schemas": {"Error": _ERROR},
            "responses": {"Error": _content("application/json", {"$ref": "#/components/schemas/Error"}, "refused")},
        },
    }


_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        }
    },
}


def _operation(one: Endpoint) -> dict[str, Any]:
    path = [_parameter(name, "path", {"type": "string"}) for name in _PARAMETER.findall(one.path)]
    query = [_parameter(name, "query", QUERY[name]) for name in one.query]
    made: dict[str, Any] = {
        "summary": one.summary,
        "operationId": operation_id(one),
        "description": f"Scope of a program's token: `{needed(one.method, one.path)}`.",
        "parameters": path + query,
        "responses": {
            str(one.status): _content(
                one.answer, {"type": "object"} if one.answer == "application/json" else {}, "done"
            ),
            "default": {"$ref": "#/components/responses/Error"},
        },
    }
    if one.body:
        properties = {name: {"type": kinds.split("|")} for name, kinds in one.body.items()}
        made["requestBody"] = _content(one.takes, {"type": "object", "properties": properties}, None)
    elif one.takes != "application/json":
        made["requestBody"] = _content(one.takes, {}, None)
    return made


def operation_id(one: Endpoint) -> str:
    words = [word for word in re.split(r"[/{}._]+", one.path.removeprefix("/api/v1")) if word]
    return "_".join([one.method.lower(), *words])


def _parameter(name: str, place: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": dict(schema)}


def _content(kind: str, schema: Mapping[str, Any], description: str | None) -> dict[str, Any]:
    content = {"content": {kind: {"schema": dict(schema)} if schema else {}}}
    return content if description is None else {"description": description, **content}
