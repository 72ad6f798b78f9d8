"""Walks the pages of an application as its people would: from each first page along the links, a
few pages of each kind."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.kit.words import Page, read


@dataclass(frozen=True)
class Seen:
    who: str
    endpoint: str
    path: str
    status: int
    page: Page
    linked: bool  # some page leads there
    html: str = field(default="", repr=False)


def addresses(app: Flask) -> dict[str, str]:
    """Endpoint → rule, of every page that can be asked for: from the URL map, so that new pages are
    walked too."""
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }


def endpoint_of(app: Flask, path: str) -> str | None:
    try:
        endpoint, _values = app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")
    except HTTPException:
        return None
    return str(endpoint)


@dataclass
class Walk:
    app: Flask
    each: int = 3  #: pages of a kind for each person
    skip: frozenset[str] = frozenset()

    def of(self, who: str, browser: FlaskClient, starts: list[str]) -> Iterator[Seen]:
        """Every page that this person comes to, breadth first."""
        given = frozenset(starts)
        waiting, known, taken = list(starts), set(starts), Counter[str]()
        while waiting:
            path = waiting.pop(0)
            endpoint = endpoint_of(self.app, path)
            if endpoint is None or endpoint in self.skip or taken[endpoint] >= self.each:
                continue
            taken[endpoint] += 1
            answer = browser.get(path)
            if answer.status_code in (301, 302, 303):
                target = _local(path, answer.location)
                if target and target not in known:
                    known.add(target)
                    waiting.insert(0, target)
                continue
            if not answer.mimetype.startswith("text/html"):
                answer.close()
                continue
            page = read(answer.text)
            yield Seen(
                who,
                endpoint,
                path,
                answer.status_code,
                page,
                linked=path not in given,
                html=answer.text,
            )
            for link in page.links:
                target = _local(path, link)
                if target and target not in known:
                    known.add(target)
                    waiting.append(target)


def _local(base: str, link: str) -> str | None:
    parts = urlsplit(urljoin(f"http://localhost{base}", link))
    if parts.netloc != "localhost" or parts.scheme != "http":
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")
