"""The console's own files (style, script, icon), read once at start and served under names that change with them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.console.headers import SECURITY_HEADERS

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_KEPT = {"cache-control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    media_type: str
    version: str


class Assets:
    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or Path(__file__).parent.with_name("static")
        files = [path for path in sorted(folder.iterdir()) if path.suffix in _TYPES]
        self._found = {path.name: _asset(path) for path in files}

    def href(self, name: str) -> str:
        """Raises KeyError: a file that does not exist is a mistake of ours."""
        return f"/static/{name}?v={self._found[name].version}"

    def routes(self) -> list[Route]:
        return [Route("/static/{name}", self._serve, methods=["GET"])]

    async def _serve(self, request: Request) -> Response:
        asset = self._found.get(request.path_params["name"])
        if asset is None:
            return Response("not found\n", 404, SECURITY_HEADERS, "text/plain")
        kept = _KEPT if request.query_params.get("v") == asset.version else {"cache-control": "max-age=60"}
        return Response(asset.content, 200, SECURITY_HEADERS | kept, asset.media_type)


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, _TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:12])
