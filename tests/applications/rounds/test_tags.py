"""A tag names what one reader sees: another's view of the same version is sent whole."""

from support.casts.applying import OFFICE, open_round
from support.service.alone import Alone


async def test_a_tag_that_one_reader_has_does_not_answer_another_whose_view_differs(on_sqlite: Alone) -> None:
    path = f"/v1/rounds/{(await open_round(on_sqlite))['id']}"
    public = (await on_sqlite.send("GET", path)).headers["ETag"]

    office = await on_sqlite.send("GET", path, who=OFFICE, If_None_Match=public)
    assert (office.status_code, office.json()["allowed_actions"]) == (200, ["extend", "close"])
    assert (await on_sqlite.send("GET", path, If_None_Match=public)).status_code == 304
    assert (await on_sqlite.send("GET", path, who=OFFICE, If_None_Match=office.headers["ETag"])).status_code == 304
    english = await on_sqlite.send("GET", path, who=OFFICE, If_None_Match=office.headers["ETag"], Accept_Language="en")
    assert english.status_code == 200

    closed = await on_sqlite.send("POST", f"{path}/closings", who=OFFICE, If_Match=office.headers["ETag"])
    assert closed.status_code == 201, closed.text
