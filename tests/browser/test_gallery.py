"""The components in a real browser: keys, dialog, count, themes; axe on all of them."""

import pytest
from django.test import override_settings

from tests.browser.looking import assert_fits, assert_good_in_both_themes
from tests.make import access as make


@pytest.fixture
def gallery(site, signed_in):
    with override_settings(IS_DEMO=True):
        page = signed_in(make.user())
        page.goto("/gallery/")
        yield page


def test_every_component_is_accessible_in_both_themes(gallery):
    assert_good_in_both_themes(gallery, "gallery")


def test_hidden_words_in_a_far_column_do_not_widen_a_narrow_page(gallery):
    gallery.set_viewport_size({"width": 390, "height": 800})

    gallery.evaluate(
        """() => {
            const cell = document.querySelector(".table tbody tr > :last-child");
            cell.style.paddingInlineStart = "60rem";
            cell.insertAdjacentHTML("beforeend", '<span class="hidden">in words</span>');
        }"""
    )

    assert_fits(gallery)


def test_a_key_presses_its_button_but_not_while_typing(gallery):
    gallery.get_by_label("Number or name").press("n")
    assert not gallery.locator("#sample").is_visible()

    gallery.locator("h1").click()
    gallery.keyboard.press("n")
    assert gallery.locator("#sample").is_visible()


def test_the_alternate_key_does_the_same(gallery):
    gallery.keyboard.press("Alt+Digit1")

    assert gallery.locator("#sample").is_visible()


def test_question_mark_lists_the_keys(gallery):
    gallery.locator("h1").click()
    gallery.keyboard.press("?")

    assert "Open the dialog" in gallery.get_by_role("dialog", name="Keys of this page").inner_text()


def test_the_count_adds_up_and_refuses_a_fraction(gallery):
    total = gallery.locator("[data-total]")
    assert total.inner_text() == "$326.50"

    gallery.get_by_label("Count of $100").fill("-1")
    assert total.inner_text() == "not a count yet"

    gallery.get_by_label("Count of $100").fill("12")
    assert total.inner_text() == "$1,426.50"


def test_j_and_k_move_through_the_queue(gallery):
    gallery.locator("h1").click()
    gallery.keyboard.press("j")
    assert gallery.evaluate("document.activeElement.getAttribute('href')") == "/gallery/?row=4"

    gallery.keyboard.press("k")
    assert gallery.evaluate("document.activeElement.getAttribute('href')") == "/gallery/?row=3"


def test_the_chosen_theme_is_written_by_the_server(gallery):
    gallery.get_by_role("button", name="Dark").click()

    assert gallery.locator("html").get_attribute("data-theme") == "dark"
    assert "/gallery/" in gallery.url


def test_the_page_works_without_javascript(chromium, site, signed_in, window):
    with override_settings(IS_DEMO=True):
        signed_in(make.user())
        bare = chromium.new_context(
            base_url=site, java_script_enabled=False, storage_state=window.storage_state()
        )
        page = bare.new_page()
        page.goto("/gallery/")
        page.get_by_role("link", name="Next").click()
        assert "Page 2 of 3" in page.content()
        bare.close()
