"""Does the page of sent mails show each as it was sent, and run nothing?"""

from __future__ import annotations

from alerts.channels.email.preview import mail_page
from tests.alerts.channels.email.posting import a_day, raw_mail, told
from tests.alerts.channels.email.reading import Page

FRAMES = ["desk", "desk dark", "phone", "phone dark", "phone bare"]


def test_each_mail_is_shown_on_a_desk_and_a_telephone_in_the_dark_and_bare() -> None:
    page = Page(mail_page([raw_mail(a_day()), raw_mail(told())]))
    assert page.find("//iframe/@class") == FRAMES * 2
    sources = page.find("//iframe/@srcdoc")
    assert all(source.startswith("<!DOCTYPE html>") for source in sources)
    *styled, bare = sources[: len(FRAMES)]
    assert all("style=" in source for source in styled)
    assert ["@media all" in source for source in styled] == [False, True, False, True]
    assert not any("prefers-color-scheme: dark" in source for source in styled), "whatever the reader likes"
    assert "style" not in bare
    assert [words[:16] for words in page.find("//pre")] == ["SANCTUARY CITIES", "City keeps shelt"]


def test_it_says_from_whom_to_whom_about_what() -> None:
    page = Page(mail_page([raw_mail(a_day(headline="A <b> headline"))]))
    assert page.find("//dd") == [
        "Nightdesk <nightdesk@newsroom.test>",
        "metro-desk@newsroom.test",
        "Sanctuary cities: A <b> headline",
        "Thu, 19 Mar 2026 06:30:00 -0600",
    ]


def test_nothing_in_a_mail_runs() -> None:
    page = Page(mail_page([raw_mail(a_day(names=('"><script>alert(1)</script>',)))]))
    assert page.find("//iframe/@sandbox") == ["allow-same-origin allow-popups"] * len(FRAMES)
    (policy,) = page.find("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none';")
    (script,) = page.find("//script")
    assert "alert(1)" not in script


def test_a_mail_of_plain_text_alone_is_shown_open() -> None:
    page = Page(mail_page([b"From: a@b.test\r\nSubject: Hello\r\n\r\nOnly words.\r\n"]))
    assert page.find("//iframe") == []
    assert page.find("//details[@open]/pre") == ["Only words."]


def test_no_mail_is_a_page_too() -> None:
    assert Page(mail_page([])).find("//h1") == ["0 mails sent"]
