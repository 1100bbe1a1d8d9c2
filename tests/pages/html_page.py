"""Parse an HTML page into its text, links, ids and tables."""

from __future__ import annotations

from html.parser import HTMLParser

VOID_TAGS = {"meta", "link", "input", "br", "img", "path", "rect", "circle", "polyline", "option"}
NOT_TEXT = {"form", "button", "script", "style"}


class HtmlPage(HTMLParser):
    """A parsed page; parsing fails if an element is not closed."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.links, self.ids, self.sources, self.tags = [], [], [], []
        self._open, self._texts, self._articles = [], [], {}
        self.rows, self._row = [], []
        self._named = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a":
            self.links.append(attributes.get("href"))
            self._named.append(["", attributes.get("href")])
        if tag in {"script", "link", "img"}:
            self.sources.append(attributes.get("src") or attributes.get("href"))
        if tag == "tr":
            self.rows.append([])
            self._row.append(self.rows[-1])  # a table may be in a cell of another one
        if tag in {"td", "th"} and self._row:
            self._row[-1].append("")
        if tag not in VOID_TAGS:
            self._open.append((tag, attributes.get("id")))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID_TAGS:
            self._open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID_TAGS:
            assert self._open, f"</{tag}> closes nothing"
            name, _ = self._open.pop()
            assert name == tag, f"</{tag}> closes <{name}>"
            if tag == "tr":
                self._row.pop()

    def handle_data(self, data):
        tags = {tag for tag, _ in self._open}
        if "a" in tags:
            self._named[-1][0] += data
        if tags & {"td", "th"} and self._row and self._row[-1]:
            self._row[-1][-1] += data
        if "main" in tags and not tags & NOT_TEXT:
            self._texts.append(data)
            for tag, name in self._open:
                if tag == "article" and name:
                    self._articles.setdefault(name, []).append(data)

    @property
    def text(self):
        """Return the text of the main element without its forms, whitespace collapsed."""
        return " ".join("".join(self._texts).split())

    def article(self, name):
        """Return the text of the article with an id."""
        return " ".join("".join(self._articles[name]).split())

    def link_to(self, words):
        """Return the address of the first link whose text contains some words."""
        found = (href for text, href in self._named if words in " ".join(text.split()))
        href = next(found, None)
        assert href, f"no link “{words}”: {[' '.join(text.split()) for text, _ in self._named]}"
        return href

    def cells(self):
        """Return the rows of all tables, whitespace in cells collapsed."""
        return [[" ".join(cell.split()) for cell in row] for row in self.rows]

    def row(self, start):
        """Return the first row whose second cell starts with a text."""
        return next(row for row in self.cells() if len(row) > 1 and row[1].startswith(start))
