"""A batch as the table that its carrier's portal reads."""

from central.renewals import layouts
from central.renewals.layouts import Layout
from central.renewals.office import Office
from central.renewals.records import Renewal
from central.sight import EVERYTHING, Sight


async def order_table(
    office: Office, batch: str, layout: Layout, sight: Sight = EVERYTHING
) -> tuple[list[str], list[dict[str, str]]]:
    """Headings and rows, by terminal, without what was withdrawn; only what is in sight."""
    rows: list[Renewal] = []
    while page := await office.book.renewals(
        batch=batch, limit=1000, sight=sight, after=(rows[-1].made_at, rows[-1].id) if rows else (2**60, "")
    ):
        rows += page
    rows = sorted((one for one in rows if one.state != "void"), key=lambda one: (one.terminal, one.id))
    names = await office.names([one.terminal for one in rows])
    return layouts.table(layout, rows, await office.offers(), names)
