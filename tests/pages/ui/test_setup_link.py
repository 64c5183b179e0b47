"""The link that makes the first instructor: printed where the address the server listens on lets others in."""

import pytest

from pages.ui import server, tuning


@pytest.mark.parametrize(
    ("address", "local"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("10.0.0.7", False), (None, False)]
)
def test_the_address_says_whether_demo_accounts_make_a_link_needless(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str | None, local: bool
) -> None:
    monkeypatch.setattr(tuning, "bound_address", lambda: address)

    def setup_link_token(*, local: bool) -> str | None:
        return None if local else "a-token"

    server.offer_setup(setup_link_token)
    assert ("?setup=a-token" in capsys.readouterr().out) != local
