"""Two spellings of one trademark are one: nobody gets a second title for it by typing it another way."""

from applications_service.standing.holdings.model import Holding
from applications_service.standing.holdings.storage import holdings
from common.kernel.actor import SYSTEM
from common.kernel.clock import legal_date
from common.observability.correlation import Correlation
from common.programme import AppliedItem
from common.standing.storage import Holder, standing_of
from support.casts.actors import id_of
from support.casts.applying import HONOUR, OTHER_USCC, USCC
from support.casts.following import NUMBER, Following
from support.casts.programmes import item_members
from support.casts.spellings import SPELLINGS, resembling
from support.service.alone import START, Alone

MARK = "KS-12021-A"


async def test_a_trademark_is_compared_folded(on_sqlite: Alone) -> None:
    registered = Following("app_1", "rnd_1", id_of(USCC), USCC).registered()
    category = item_members(HONOUR)["category"]

    async with on_sqlite.runtime.storage.database.write() as connection:
        work = on_sqlite.runtime.work(connection, actor=SYSTEM, correlation=Correlation(id="req_test"))
        work.add(Holding.learned(registered.model_copy(update={"trademark": "ks－12021 — a"})))
        await work.write()

        another = Holder((id_of(OTHER_USCC),), (OTHER_USCC,))

        async def held_by_another(mark: str) -> list[str]:
            applied = AppliedItem(kind="product", title="虚", category=category, scope="", trademark=mark)
            found = await standing_of(work, holdings, another, honour=HONOUR, applied=applied, on=legal_date(START))
            return [title.number for title in found.of_others]

        spelt = {name: await held_by_another(spell(MARK)) for name, spell in SPELLINGS.items()}
        others = {mark: await held_by_another(mark) for mark in (*resembling(MARK), "KS-12021-B")}
        await work.close()

    assert spelt == {name: [NUMBER] for name in SPELLINGS}
    assert len(others) > 1
    assert [mark for mark, found in others.items() if found] == []
