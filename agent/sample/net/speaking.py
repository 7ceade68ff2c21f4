"""What is said over an open connection: to the centre, with TLS; to its certificate's owner; to plain HTTP."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from agent.sample.net.answers import centre_words
from agent.sample.net.centre import Explained, Heard, ask_centre, explain
from agent.sample.net.certificate import Facts
from agent.sample.net.knock import CONNECT_COST, Door, knock_all, reset
from agent.sample.net.meanings import WEB, Outcome
from agent.sample.net.scene import Scene
from agent.sample.net.talk import Talk
from agent.sample.net.web import ask_web as ask_web_page

WEB_COST = 900


def speak_to_centre(scene: Scene) -> None:
    """TLS and one empty report, on the connection that was kept for it."""
    knock, centre = scene.knocks.get("centre"), scene.settings.centre
    if knock is None or knock.kept is None or centre is None:
        return
    talk = Talk(knock.kept, scene.soon(), scene.clock, scene.room)
    scene.heard = ask_centre(talk, centre)
    reset(knock.kept)
    scene.cost += scene.heard.cost_bytes
    if scene.settings.credential_trouble and scene.heard.outcome == "well":
        scene.heard = replace(scene.heard, outcome="credential_missing", detail=scene.settings.credential_trouble)
    scene.note("reach.centre", f"the centre {centre_words(scene.heard)}")


def explain_certificate(scene: Scene) -> None:
    """What a certificate that was not accepted says of itself, if it can be afforded."""
    heard, centre = scene.heard, scene.settings.centre
    if heard is None or centre is None or not heard.outcome.startswith("certificate_"):
        return
    if not scene.affords(heard.cost_bytes + CONNECT_COST):
        return
    address = scene.knocks["centre"].door.address
    dates = heard.outcome in ("certificate_expired", "certificate_early") and scene.around.network_time is None
    seen = explain(centre, address, scene.around.way, scene.soon(), scene.clock, room=scene.room, time=dates)
    scene.cost += seen.cost_bytes
    if seen.facts is not None:
        scene.heard = _explained(scene, heard, seen, seen.facts)
        scene.note("reach.centre", f"the centre {centre_words(scene.heard)}")


def _explained(scene: Scene, heard: Heard, seen: Explained, facts: Facts) -> Heard:
    """The same with what the certificate says; our clock is tried against other people's."""
    others = next((time for time in (scene.around.network_time, seen.server_time) if time is not None), None)
    outcome: Outcome = heard.outcome
    dates = outcome in ("certificate_expired", "certificate_early")
    if dates and others is not None and facts.valid_at(others):
        outcome = "certificate_clock"
    of = f"issued by {facts.issuer!r} for {facts.subject!r}, {_day(facts.not_before)} to {_day(facts.not_after)}"
    return replace(heard, outcome=outcome, detail=f"{heard.detail}; {of}")


def ask_web(scene: Scene) -> None:
    """A walled garden lives on plain HTTP: what does our own page look like from here?"""
    place = _web_place(scene)
    addresses = scene.addresses(place[0]) if place else ()
    if place is None or not addresses or not scene.affords(WEB_COST):
        return
    host, port, path = place
    (knock,) = knock_all(
        [Door("web", addresses[0], port, keep=True, room=scene.room)], scene.around.way, scene.soon(), scene.clock
    )
    scene.cost += knock.cost_bytes
    if knock.kept is None:
        scene.note("reach.internet", f"plain HTTP to {host}: {knock.words}")
        return
    talk = Talk(knock.kept, scene.soon(), scene.clock, scene.room)
    scene.web = ask_web_page(talk, host, path)
    scene.cost += talk.cost_bytes
    reset(knock.kept)
    scene.note("reach.internet", WEB[scene.web[0]].words.format(detail=scene.web[1]))


def _web_place(scene: Scene) -> tuple[str, int, str] | None:
    if scene.settings.sentinel_url:
        try:
            parts = urlsplit(scene.settings.sentinel_url)
            return (parts.hostname, parts.port or 80, parts.path or "/") if parts.hostname else None
        except ValueError:
            return None
    centre = scene.settings.centre
    return (centre.host, 80, f"{centre.path}/healthz") if centre else None


def _day(wall: float) -> str:
    try:
        return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d")
    except (OverflowError, ValueError, OSError):
        return "?"
