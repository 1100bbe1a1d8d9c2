"""No message shows a password, whatever is wrong with the URL that holds it."""

from __future__ import annotations

from contextlib import nullcontext
from inspect import unwrap
from types import SimpleNamespace

import pytest

from ledger.errors import StoreError, TallyError
from ledger.message import Message, Series
from ledger.stores import check_url, open_store
from ledger.stores.masking import mask_password, mask_quoted, mask_words

SECRETS = ["abc#def", "ab/cdef", "ab?cdef", "ab@cdef", "abc:def", "12/3def", "12#3def", "a b'def"]
PLACES = ["h/town", "h:5432/town?schema=x", "h:port/town", "[::1]/town", "", "h/town?x=a@b"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("scheme", ["postgresql://", "postgres://", "postgresql:", "mysql://", ""])
def test_no_password_is_shown_in_the_message_of_a_refused_url(scheme, secret, place):
    url = f"{scheme}postgres:{secret}@{place}"
    shown = mask_password(url)
    assert "def" not in shown
    assert "ab" not in shown
    assert ":***@" in shown
    assert "def" not in mask_quoted(f"unexpected argument ({url})") or " " in secret or not scheme
    assert mask_password(shown) == shown


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("place", ["", "@h/town"])
@pytest.mark.parametrize("start", ["postgresql://u:", "host=h password=", "mysql://u:"])
def test_the_sentence_around_a_masked_url_stays(start, place, secret):
    """Also where no blank follows the password, as in Chinese."""
    url = f"{start}{secret}{place}"
    shown = mask_password(url)
    for words in (
        "({url}): unknown; see a:b",
        "“{url}”不是有效的地址，请写 postgresql://用户@主机",
    ):
        assert mask_quoted(Message(words, url=shown)) == words.format(url=shown)
        assert mask_words(words.format(url=url), ["score", url]) == words.format(url=shown)
        assert mask_words(words.format(url=url), [f"--ledger={url}"]) == words.format(url=shown)
        assert mask_words(words.format(url=shown), ["score", url]) == words.format(url=shown)
    assert mask_words(f"{url!r} is wrong", [url]) == f"{url!r} is wrong".replace(
        repr(url)[1:-1], shown
    )


def test_values_of_nested_messages_are_masked():
    inner = Message("{url} is wrong", url="postgresql://u:secret@h/d")
    found = mask_quoted(Message("{n:,}: {why}; {more}", n=1234, why=inner, more=Series([inner])))
    masked = "postgresql://u:***@h/d is wrong"
    assert str(found) == f"1,234: {masked}; {masked}"


@pytest.mark.parametrize("secret", SECRETS[:4])
def test_a_url_with_special_characters_in_the_password_is_refused_before_it_is_used(secret):
    with pytest.raises(StoreError, match=r"postgres:\*\*\*@h/town is not a valid URL") as error:
        open_store(f"postgresql://postgres:{secret}@h/town")
    assert "def" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:se#cret/town", "postgresql://u:***"),
        ("postgresql://u:secret", "postgresql://u:***"),
        ("u:/secret@h/d", "u:***@h/d"),
        ("postgresql://u:?x=secret@h/d", "postgresql://u:***@h/d"),
        ("postgresql://h/d?password=&X=secret&schema=t", "postgresql://h/d?password=***&schema=t"),
        ("postgresql://h/d?password=a#b&c&schema=t", "postgresql://h/d?password=***&schema=t"),
        ("postgresql://h/d?pass%77ord=a&schema=t", "postgresql://h/d?pass%77ord=***&schema=t"),
        ("host=h password='a b' dbname=d", "host=h password=*** dbname=d"),
        ("host=h password = ab dbname=d", "host=h password = *** dbname=d"),
        ("user:secret@h/d", "user:***@h/d"),
        ("sqlite://u:secret@h/d", "sqlite://u:***@h/d"),
        ("postgresql://h:5432/d", "postgresql://h:5432/d"),
        ("postgresql://u@h1:1,h2:2/d?user=a@b", "postgresql://u@h1:1,h2:2/d?user=a@b"),
        ("there.db", "there.db"),
    ],
)
def test_only_the_password_is_masked(url, shown):
    assert mask_password(url) == shown


@pytest.mark.parametrize("url", ["mysql://u:se#cret@h", "u:secret@h/d", "sqlite://u:secret@h/d"])
def test_the_refusal_of_a_url_masks_it(url):
    with pytest.raises(TallyError) as error:
        check_url(url)
    assert "cret" not in str(error.value)
    assert "***" in str(error.value)


SECRET = "s3cr3t"

ODD = [
    "postgresql://u:{}@h/d",
    "postgresql://u:{} x@h/d",
    "postgresql://u:x {}@h/d",
    "postgresql://u:x\t{}@h/d",
    "postgresql://u:x\n{}@h/d",
    "postgresql://u:x'{}@h/d",
    'postgresql://u:x"{}@h/d',
    "postgresql://u:x;{}@h/d",
    "postgresql://u:x,{}@h/d",
    "postgresql://u:x){}@h/d",
    "postgresql://u:x){}\u3000y@h/d",
    "postgresql://u:%73{}@h/d",
    "postgresql://:{}@h/d",
    "postgresql://u:{}@[::1]/d",
    "postgresql://u:{}@h1,h2/d",
    "postgresql://u：{}@h/d",
    "postgresql://u@h/d?password={}",
    "postgresql://u@h/d?password=x {}",
    "postgresql://u@h/d?password='x {}'",
    "postgresql://u@h/d?password=x%26{}",
    "postgresql://u@h/d?PASSWORD={}",
    "postgresql://u@h/d?pass%77ord={}",
    "postgresql://u@h/d?sslpassword={}",
    "postgresql://u@h/d?passwd={}",
    "postgresql://u@h/d?pwd={}",
    "postgresql://u@h/d?options=-c password={}",
    "postgresql:///d?host=h&user=u&password={}",
    "POSTGRESQL://u:{}@h/d",
    "postgresql+psycopg://h/d?password={}",
    "jdbc:postgresql://h/d?user=u&password={}",
    "host=h password={} dbname=d",
    "host=h password='x {}' dbname=d",
    "host=h password='x\\' {}'",
    "//u:{}@h/d",
    "mysql://u:x {}@h/d",
    "https://h/?token={}",
    "sqlite:postgresql://u:{}@h/d",
    "sqlite:///postgresql://u:{}@h/d",
]


@pytest.mark.parametrize("url", ODD)
def test_no_odd_url_shows_its_password(url):
    shown = mask_password(url.format(SECRET))
    assert SECRET not in shown
    assert SECRET not in mask_quoted(f"http://127.0.0.1:8000/ shows {shown}; Ctrl-C ends it")


@pytest.mark.parametrize("url", ODD)
def test_serve_shows_no_password(url, monkeypatch, capsys):
    """Whatever URL opened the ledger."""
    uvicorn = pytest.importorskip("uvicorn")
    from cli.commands.serve import serve  # noqa: PLC0415

    monkeypatch.setattr("cli.session.session", lambda _: nullcontext())
    monkeypatch.setattr("cli.pages.app.application", lambda *_, **__: None)
    monkeypatch.setattr(uvicorn, "Config", lambda *_, **__: None)
    monkeypatch.setattr(uvicorn, "Server", lambda _: SimpleNamespace(run=lambda **_: None))
    assert serve.callback is not None
    undecorated = unwrap(serve.callback)
    undecorated(port=0, host="127.0.0.1", lang=None, asked=None, url=url.format(SECRET))
    assert "Ctrl-C" in (shown := capsys.readouterr().err)
    assert SECRET not in shown
