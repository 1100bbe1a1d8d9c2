"""A person at a keyboard, whose acts are counted."""

from __future__ import annotations

_LABEL = """() => { const at = document.activeElement;
  return [at.id, at.getAttribute('name') || '', (at.innerText || '').trim()]; }"""
_FOCUSED = """() => !document.querySelector('[autofocus]')
  || document.activeElement !== document.body"""
_MOST_TABS = 60


class Person:
    """A browser window that is worked by keys alone.

    One act is a field filled in, with the key that leaves it, as a cell of a spreadsheet is one; or
    any other key that is pressed: Enter, Space, an access key, each Tab that passes something.

    Args:
        page: the window.
        look: called on each page that a key has opened.
    """

    def __init__(self, page, look=None):
        self.page, self.acts = page, 0
        self._look = look or (lambda _: None)
        self._left = False

    def press(self, chord):
        """Press a key chord on the page that is open."""
        self.acts += 1
        self._press(chord)

    def go(self, chord, to="**"):
        """Press a key chord that opens another page, and wait for it."""
        self.acts += 1
        self._opening(chord, to)

    def _opening(self, chord, to):
        with self.page.expect_navigation(url=to):
            self._press(chord)
        self._settle()
        self._look(self.page)

    def _settle(self):
        """Wait until the page has set its focus, which it does after it is loaded."""
        for _ in range(100):
            if self.page.evaluate(_FOCUSED):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(("nothing has the focus", self.page.url))

    def _press(self, chord):
        self._left = False
        if chord.startswith("Alt+"):
            self._access(chord[-1])
        else:
            self.page.keyboard.press(chord)

    def _access(self, key):
        """Press Alt and a key, as the keyboard sends it: Playwright leaves out the character."""
        keyboard = self.page.context.new_cdp_session(self.page)
        pressed = {"modifiers": 1, "key": key, "text": key, "unmodifiedText": key}
        pressed["windowsVirtualKeyCode"] = ord(key.upper())
        for kind in ("rawKeyDown", "char", "keyUp"):
            keyboard.send("Input.dispatchKeyEvent", {"type": kind, **pressed})
        keyboard.detach()

    def focused(self):
        """Return id, name and text of what has the focus."""
        return self.page.evaluate(_LABEL)

    def tab_to(self, named):
        """Press Tab until something of this id, name or text has the focus."""
        for _ in range(_MOST_TABS):
            if named in self.focused():
                self._left = False
                return
            if not self._left:
                self.acts += 1
            self._left = False
            self.page.keyboard.press("Tab")
        raise AssertionError((named, self.page.url, self.focused()))

    def fill(self, named, text):
        """Go to a field, and type into it; the Tab that leaves it is part of the act."""
        self.tab_to(named)
        self.acts += 1
        self.page.keyboard.type(text)
        self._left = True

    def choose(self, named, option):
        """Go to a selection, and choose by arrow keys."""
        self.tab_to(named)
        self.acts += 1
        values = "[...document.activeElement.options].map(one => one.value)"
        wanted = self.page.evaluate(values).index(option)
        at = self.page.evaluate("document.activeElement.selectedIndex")
        for _ in range(abs(wanted - at)):
            self.page.keyboard.press("ArrowDown" if wanted > at else "ArrowUp")
        self._left = True

    def enter(self, named, text, to="**"):
        """Fill a field in and send its form by Enter, which leaves it."""
        self.fill(named, text)
        self._opening("Enter", to)
