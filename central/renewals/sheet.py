"""A batch as the table that its carrier's portal reads."""

from central.accounts.sight import EVERYTHING, Sight
from central.renewals import layouts
from central.renewals.layouts import Layout
from central.renewals.office import Office


async def order_table(
    office: Office, batch: str, layout: Layout, sight: Sight = EVERYTHING
) -> tuple[list[str], list[dict[str, str]]]:
    """Headings and rows, by terminal, without what was withdrawn, or ordered at a platform; only what is in sight."""
    at_platform = {name for name, one in (await office.book.orders(batch, sight)).items() if one.state != "failed"}
    rows = [
        one for one in await office.book.of_batch(batch, sight) if one.state != "void" and one.id not in at_platform
    ]
    rows.sort(key=lambda one: (one.terminal, one.id))
    names = await office.names([one.terminal for one in rows])
    return layouts.table(layout, rows, await office.offers(), names)
