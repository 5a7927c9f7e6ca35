"""The console by hand: every page opens from the first one, every form does what it says."""

from collections import deque

from web_desk import links_of


def crawl(desk) -> dict[str, int]:
    """Every console page that can be reached by links from the first one."""
    seen, waiting = {}, deque(["/console/"])
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        page = desk.browser.get(path)
        seen[path] = page.status_code
        waiting.extend(link for link in links_of(page) if link.startswith("/console/"))
    return seen


def test_links_from_the_first_page_reach_everything(shop, desk, mall) -> None:
    seller = shop.distributor("李娜", inviter=shop.distributor("王芳").code)
    shop.distributor("赵敏", active=False)
    shop.sent(seller)
    mall.order(distributor_code=seller.code)
    shop.product()

    seen = crawl(desk)

    assert set(seen.values()) == {200}
    views = {rule.rule for rule in desk.app.url_map.iter_rules() if rule.endpoint.startswith("console.")}
    plain = {rule for rule in views if "<" not in rule and rule not in ("/console/login", "/console/logout")}
    assert plain <= {path.split("?")[0] for path in seen} | {"/console/campaigns/new"}
