"""Out of the house: a signed webhook by ourselves, everything else through apprise. Each call blocks; bounded in time.

A webhook gets JSON with `X-Posagent-Timestamp` and `X-Posagent-Signature: sha256=<hex>`, the HMAC-SHA-256 of
`<timestamp>.<body>` under the channel's secret. Each alert in it has an `id`, the same for every attempt, so that a
receiver can drop repeats. Redirects are not followed: a signed message goes where it was meant to go.
"""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from central.alerts import letters
from central.alerts.letters import Letter
from central.alerts.plan import Channel
from central.text import printable

TIMEOUT_S = 15.0


class NotSent(Exception):
    """The message was not taken; the text says why, without secrets."""


def send(channel: Channel, delivery: str, messages: Sequence[tuple[str, Letter]], now: int, zone: ZoneInfo) -> None:
    """Raises NotSent."""
    if channel.is_webhook:
        _post(channel, delivery, messages, now, zone)
    else:
        _apprise(channel, messages, zone)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def _post(channel: Channel, delivery: str, messages: Sequence[tuple[str, Letter]], now: int, zone: ZoneInfo) -> None:
    document = {
        "schema": "posagent.alerts/1",
        "text": letters.body([one for _, one in messages], channel.lang, zone),
        "alerts": [{"id": id_} | json.loads(one.to_json()) for id_, one in messages],
    }
    body = json.dumps(document, ensure_ascii=False).encode()
    headers = {
        "content-type": "application/json",
        "user-agent": "posagent-central",
        "x-posagent-delivery": delivery,
        "x-posagent-timestamp": str(now),
        "x-posagent-signature": f"sha256={signature(channel.secret, now, body)}",
    }
    request = urllib.request.Request(channel.url, body, headers, method="POST")  # noqa: S310 - http or https, by Channel
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT_S) as answer:
            answer.read(1000)
    except urllib.error.HTTPError as error:
        error.close()
        raise NotSent(f"answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise NotSent(printable(f"no answer: {type(error).__name__}: {getattr(error, 'reason', error)}", 200)) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _apprise(channel: Channel, messages: Sequence[tuple[str, Letter]], zone: ZoneInfo) -> None:
    try:
        import apprise
    except ImportError:
        raise NotSent("apprise is not installed: pip install 'posagent[alerts]'") from None
    alone = [one for _, one in messages]
    worst = "failure" if any(one.severity == "error" for one in alone) else "warning"
    out = apprise.Apprise()
    if not out.add(channel.url):
        raise NotSent("apprise does not know this URL")
    title = letters.subject(alone, channel.lang, zone)
    if not out.notify(body=letters.body(alone, channel.lang, zone), title=title, notify_type=worst):
        raise NotSent("apprise could not deliver it")
