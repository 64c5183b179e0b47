"""Which requests may be offered demo accounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.locality import is_local_address, is_local_request

BROWSER = {"Host": "localhost:8501", "User-Agent": "Mozilla", "Origin": "http://localhost:8501", "Accept-Encoding": "br"}


@pytest.mark.parametrize("bound", ["localhost", "127.0.0.1", "::1", "127.0.0.53"])
@pytest.mark.parametrize("host", ["localhost:8501", "LOCALHOST", "127.0.0.1:80", "[::1]:8501", "[::1]"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_a_browser_on_the_servers_own_machine_is_local(bound: str, host: str, peer: str) -> None:
    assert is_local_request(bound, host, peer, BROWSER)


@pytest.mark.parametrize("bound", [None, "", "0.0.0.0", "::", "192.168.1.4", "example.org", "127.0.0.1 "])
def test_a_server_that_listens_to_others_is_not_local(bound: str | None) -> None:
    assert not is_local_request(bound, "localhost:8501", "127.0.0.1", BROWSER)


@pytest.mark.parametrize(
    "host",
    [
        *(None, "", "example.org", "abc.trycloudflare.com", "localhost.example.org", "example.org:8501", "192.168.1.4:8501"),
        *("0.0.0.0:8501", "evil@localhost", "localhost, example.org", "localhost:port", "[::1", "localhost/..", "::1", "."),
    ],
)
def test_a_page_asked_for_by_another_name_is_not_local(host: str | None) -> None:
    assert not is_local_request("127.0.0.1", host, "127.0.0.1", BROWSER)


@pytest.mark.parametrize("peer", [None, "", "10.0.0.7", "::ffff:10.0.0.7", "2001:db8::1", "localhost", "unix:"])
def test_a_peer_elsewhere_or_unknown_is_not_local(peer: str | None) -> None:
    assert not is_local_request("127.0.0.1", "localhost:8501", peer, BROWSER)


@pytest.mark.parametrize(
    "header",
    [
        *("Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-FORWARDED-PROTO", "Via", "X-Real-IP", "CF-Connecting-IP"),
        *("CF-Ray", "True-Client-IP", "Cdn-Loop", "ngrok-skip-browser-warning", "X-Amzn-Trace-Id", "Tailscale-User-Login"),
    ],
)
@pytest.mark.parametrize("value", ["127.0.0.1", ""])
def test_a_request_that_went_through_a_proxy_is_not_local(header: str, value: str) -> None:
    assert not is_local_request("127.0.0.1", "localhost:8501", "127.0.0.1", {**BROWSER, header: value})


@pytest.mark.parametrize("name", ["Origin", "origin", "ORIGIN"])
def test_a_browser_says_its_origin_in_whatever_capitals(name: str) -> None:
    assert is_local_request("127.0.0.1", "localhost:8501", "127.0.0.1", {"Host": "localhost:8501", name: "http://localhost:8501"})


def test_without_an_origin_a_request_is_not_local() -> None:
    """Browsers send one with every WebSocket, so what sends none is a program or has been through one."""
    headers = {name: value for name, value in BROWSER.items() if name != "Origin"}
    assert not is_local_request("127.0.0.1", "localhost:8501", "127.0.0.1", headers)
    assert not is_local_request("127.0.0.1", "localhost:8501", "127.0.0.1", {})


def test_of_two_origins_both_must_be_local() -> None:
    headers = {"Origin": "http://localhost:8501", "origin": "https://example.org"}
    assert not is_local_request("127.0.0.1", "localhost:8501", "127.0.0.1", headers)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        *(("localhost", True), ("127.0.0.1", True), ("::1", True), ("127.0.0.53", True)),
        *((None, False), ("", False), ("0.0.0.0", False), ("::", False), ("192.168.1.4", False), ("example.org", False)),
    ],
)
def test_which_addresses_nobody_else_can_reach(address: str | None, local: bool) -> None:
    assert is_local_address(address) == local


@pytest.mark.parametrize("origin", ["https://example.org", "null", "", "file://", "http://localhost.example.org"])
def test_another_sites_page_cannot_ask_in_a_visitors_name(origin: str) -> None:
    assert not is_local_request("127.0.0.1", "localhost:8501", "127.0.0.1", {**BROWSER, "Origin": origin})


@given(host=st.text(), peer=st.text(), origin=st.text())
def test_nothing_that_a_stranger_sends_makes_it_fall_over(host: str, peer: str, origin: str) -> None:
    assert is_local_request("localhost", host, peer, {"origin": origin}) in {True, False}


@given(host=st.from_regex(r"[a-z0-9.-]{1,20}(:[0-9]{1,5})?", fullmatch=True).filter(lambda h: not h.startswith(("localhost", "127."))))
def test_no_other_name_is_local(host: str) -> None:
    assert not is_local_request("127.0.0.1", host, "127.0.0.1", BROWSER)
