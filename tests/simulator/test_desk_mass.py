"""Sending to many: a draft, a job, four a month and a report."""

from typing import Any

import requests
from desk_bench import Desktop, wait_for
from test_desk_account import picture
from test_desk_push import opened


def draft(desktop: Desktop, title: str = "新品上市") -> str:
    """The media id of a new draft."""
    desktop.wechat("/cgi-bin/getcallbackip")
    query = {"access_token": desktop.token, "type": "image"}
    address = f"{desktop.url}/sim/wechat/cgi-bin/material/add_material"
    thumb = requests.post(address, params=query, files={"media": ("t.png", picture())}, timeout=9).json()["media_id"]
    article = {"title": title, "content": "<p>好</p>", "digest": "看看", "thumb_media_id": thumb}
    return str(desktop.wechat("/cgi-bin/draft/add", {"articles": [article]})["media_id"])


def send(desktop: Desktop, openids: list[str], media_id: str, client_id: str) -> Any:
    """The answer to a job."""
    body = {"touser": openids, "msgtype": "mpnews", "mpnews": {"media_id": media_id}, "clientmsgid": client_id}
    return desktop.wechat("/cgi-bin/message/mass/send", body)


def finished(desktop: Desktop, jobs: int) -> list[str]:
    """The reports of so many jobs."""
    wait_for(lambda: len(desktop.service.pushes) >= jobs)
    return [opened(*push) for push in desktop.service.pushes]


def test_followers_get_the_article_and_a_report_counts_them(desktop: Desktop) -> None:
    openids = [desktop.person(), desktop.person(), str(desktop.post("/people")["openid"])]
    job = send(desktop, openids, draft(desktop), "c1")
    assert (job["errcode"], "msg_data_id" in job) == (0, True)
    report = finished(desktop, 1)[0]
    assert f"<MsgID>{job['msg_id']}</MsgID><Status><![CDATA[send success]]>" in report
    assert "<TotalCount>3</TotalCount><FilterCount>2</FilterCount><SentCount>2</SentCount>" in report
    line = desktop.phone(openids[0])[-1]
    assert (line["type"], line["data"]["title"]) == ("news", "新品上市")
    assert "<p>好</p>" in requests.get(line["data"]["url"], timeout=9).text


def test_the_same_id_again_is_the_same_job(desktop: Desktop) -> None:
    openids, media_id = [desktop.person(), desktop.person()], draft(desktop)
    first, second = (send(desktop, openids, media_id, "c1") for _ in range(2))
    assert (second["errcode"], second["msg_id"]) == (45065, first["msg_id"])
    finished(desktop, 1)
    assert len(desktop.phone(openids[0])) == 1


def test_nobody_gets_a_fifth_in_a_month(desktop: Desktop) -> None:
    openids, media_id = [desktop.person(), desktop.person()], draft(desktop)
    for number in range(5):
        send(desktop, openids, media_id, f"c{number}")
    reports = finished(desktop, 5)
    assert sum("send fail" in report for report in reports) == 1
    assert len(desktop.phone(openids[0])) == 4


def test_one_person_is_not_many(desktop: Desktop) -> None:
    assert send(desktop, [desktop.person()], draft(desktop), "c1")["errcode"] == 40130


def test_everyone_can_be_reached_once_a_day(desktop: Desktop) -> None:
    openids = [desktop.person(), desktop.person()]
    body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "大家好"}}
    assert desktop.wechat("/cgi-bin/message/mass/sendall", body)["errcode"] == 0
    finished(desktop, 1)
    assert desktop.phone(openids[1])[-1]["text"] == "大家好"
    body["text"] = {"content": "再次"}
    assert desktop.wechat("/cgi-bin/message/mass/sendall", body)["errcode"] == 45028


def test_a_tag_reaches_its_people(desktop: Desktop) -> None:
    openids = [desktop.person(), desktop.person()]
    tag = desktop.wechat("/cgi-bin/tags/create", {"tag": {"name": "金牌"}})["tag"]["id"]
    desktop.wechat("/cgi-bin/tags/members/batchtagging", {"openid_list": openids[:1], "tagid": tag})
    body = {"filter": {"is_to_all": False, "tag_id": tag}, "msgtype": "text", "text": {"content": "金牌好"}}
    desktop.wechat("/cgi-bin/message/mass/sendall", body)
    finished(desktop, 1)
    assert [len(desktop.phone(openid)) for openid in openids] == [1, 0]


def test_a_draft_needs_a_title_picture_that_stays(desktop: Desktop) -> None:
    thumb = desktop.upload(picture())["media_id"]
    body = {"articles": [{"title": "a", "content": "b", "thumb_media_id": thumb}]}
    assert desktop.wechat("/cgi-bin/draft/add", body)["errcode"] == 40007
