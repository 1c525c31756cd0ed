from playwright.async_api import Browser, Request, expect

from embedded.journey import stages
from embedded.journey.player import Player

OWN_PAGES = ("/", "/docs", "/events-docs", "/mailbox", "/status", "/problems", "/problems/brand-already-revoked")


async def test_a_recommender_signs_in_from_another_origin_and_does_what_waits_for_him(
    platform: Player, front_end: str, browser: Browser
) -> None:
    round_id = await stages.open_round(platform, "FAMOUS_PRODUCT")
    await stages.register_applicant(platform, "applicant-1")
    application_id = await stages.apply(platform, "applicant-1", round_id, "FAMOUS_PRODUCT")
    page = await browser.new_page()

    await page.goto(f"{front_end}/?api={platform.client.base_url}".rstrip("/"))
    await page.click("#sign-in")
    await page.get_by_text("赵区一").click()

    await expect(page.locator("#who")).to_contain_text("person-county-lixia · recommender")
    await page.get_by_role("button", name="推荐 Recommend").click()
    await expect(page.locator("#said")).to_contain_text("已办理 Done: submitted")
    await expect(page.locator("#worklist li")).to_have_count(0)
    seen = await platform.ask("applicant-1", f"/v1/applications/{application_id}")
    assert [one["chain_stage"] for one in seen["recommenders"]] == ["county"]


async def test_no_page_of_ours_asks_another_host_or_fails_in_the_browser(platform: Player, browser: Browser) -> None:
    origin = str(platform.client.base_url).rstrip("/")
    elsewhere: list[str] = []
    errors: list[str] = []
    statuses: dict[str, int | None] = {}
    page = await browser.new_page()

    def note(request: Request) -> None:
        if not request.url.startswith((origin, "data:", "blob:")):
            elsewhere.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: errors.append(str(error)))

    for path in OWN_PAGES:
        answer = await page.goto(origin + path, wait_until="networkidle")
        statuses[path] = answer.status if answer else None

    assert statuses == dict.fromkeys(OWN_PAGES, 200)
    assert elsewhere == []
    assert errors == []
