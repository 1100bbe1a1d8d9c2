"""Reading a page as its reader does: text, links, places, tables."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "path", "rect", "circle", "polyline", "option"}
ASIDE = {"form", "button", "script", "style"}


class Read(HTMLParser):
    """A page taken apart."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.links, self.ids, self.sources, self.tags = [], [], [], []
        self._open, self._texts, self._articles = [], [], {}
        self.rows, self._cell = [], None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.tags.append((tag, told))
        if "id" in told:
            self.ids.append(told["id"])
        if tag == "a":
            self.links.append(told.get("href"))
        if tag in {"script", "link", "img"}:
            self.sources.append(told.get("src") or told.get("href"))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
        if tag not in VOID:
            self._open.append((tag, told.get("id")))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self._open, f"</{tag}> closes nothing"
            name, _ = self._open.pop()
            assert name == tag, f"</{tag}> closes <{name}>"

    def handle_data(self, data):
        tags = {tag for tag, _ in self._open}
        if tags & {"td", "th"} and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data
        if "main" in tags and not tags & ASIDE:
            self._texts.append(data)
            for tag, name in self._open:
                if tag == "article" and name:
                    self._articles.setdefault(name, []).append(data)

    @property
    def text(self):
        """The text of the main part, its forms left out, in single spaces."""
        return " ".join("".join(self._texts).split())

    def article(self, name):
        """The text of one entry."""
        return " ".join("".join(self._articles[name]).split())

    def cells(self):
        """The rows of all tables, each cell in single spaces."""
        return [[" ".join(cell.split()) for cell in row] for row in self.rows]

    def row(self, start):
        """The first row whose second cell starts so."""
        return next(row for row in self.cells() if len(row) > 1 and row[1].startswith(start))
