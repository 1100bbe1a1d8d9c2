"""Fill in and send the forms of a page as a browser does, without JavaScript."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin

from tests.pages.html_page import HtmlPage


class Form:
    """A form: where it goes, and the fields that a browser would send."""

    def __init__(self, attributes):
        self.action, self.id = attributes.get("action", ""), attributes.get("id", "")
        self.method = attributes.get("method", "get").lower()
        self.fields, self.labels, self.choices = {}, set(), {}

    def add(self, name, value):
        self.fields.setdefault(name, []).append(value)


class _Forms(HTMLParser):
    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.forms, self._form, self._select, self._area = [], None, None, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        name = attributes.get("name")
        if tag == "form":
            self._form = Form(attributes)
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and name:
            kind = attributes.get("type", "text")
            chosen = kind not in {"checkbox", "radio"} or "checked" in attributes
            if kind in {"checkbox", "radio"}:
                self._form.choices.setdefault(name, []).append(attributes.get("value", "on"))
            if chosen and kind not in {"file", "submit"}:
                self._form.add(name, attributes.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._form.choices.setdefault(self._select, []).append(attributes.get("value", ""))
            if "selected" in attributes or self._select not in self._form.fields:
                self._form.fields[self._select] = [attributes.get("value", "")]
        elif tag == "textarea":
            self._area = name
            self._form.add(name, "")

    def handle_data(self, data):
        if self._area:
            self._form.fields[self._area][-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


def forms_of(html):
    """Return the forms of a page in order."""
    return _Forms(html).forms


class Browser:
    """One person's browser: cookies, the page that is open, and its forms."""

    def __init__(self, http):
        self.http, self.response = http, None

    def get(self, path, **parameters):
        """Open an address; return the page, which must be there."""
        self.response = self.http.get(path, params=parameters or None)
        assert self.response.status_code == 200, (self.response.status_code, self.text)
        return self.page

    @property
    def page(self):
        return HtmlPage(self.response.text)

    @property
    def text(self):
        """The text of the open page with its forms, whitespace collapsed."""

        class Text(HTMLParser):
            found = ""

            def handle_data(self, data):
                self.found += data

        parsed = Text()
        parsed.feed(self.response.text)
        return " ".join(parsed.found.split())

    def form(self, action):
        """Return the form of the open page whose id, or whose action's path, is as given."""
        found = [
            one
            for one in forms_of(self.response.text)
            if one.id == action or one.action.partition("?")[0].endswith(f"/{action}")
        ]
        assert found, f"no form {action} in {self.text}"
        return found[0]

    def send(self, action, *, files=None, status=200, **fields):
        """Send a form of the open page with some fields filled in; follow where it leads.

        A field given as a list has several values; as None it is left out.
        """
        form = self.form(action)
        data = dict(form.fields)
        for name, value in fields.items():
            if value is None:
                data.pop(name, None)
            else:
                data[name] = value if isinstance(value, list) else [value]
        to = urljoin(str(self.response.url), form.action)
        self.response = self.http.post(to, data=data, files=files)
        assert self.response.status_code == status, (self.response.status_code, self.text)
        return self.page
