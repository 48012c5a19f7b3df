"""A page read strictly by the tests: every element closed in order."""

from html.parser import HTMLParser

VOID = {"meta", "input"}


class StrictPage(HTMLParser):
    """Keeps ids, links, what asks for a network, and the words that are shown. ``DRAWN`` are the elements of pictures
    that may close themselves."""

    DRAWN = frozenset()
    FETCHING = frozenset({"src", "srcset", "data", "action"})

    def __init__(self, source):
        super().__init__()
        self.open, self.ids, self.links, self.fetched, self.words = [], [], [], [], ""
        self.feed(source)
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        fetching = self.FETCHING | ({"href"} if tag != "a" else set())
        self.fetched += [value for key, value in attrs if key in fetching]

    def handle_startendtag(self, tag, attrs):
        assert tag in self.DRAWN

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.words += data
