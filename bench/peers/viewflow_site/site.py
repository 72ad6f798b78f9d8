# ruff: noqa: PLC0415 - Django lets nothing be imported before it is configured
"""A Django site with viewflow, in one file: settings, addresses, the measuring. Run by the Python
of the peer's own environment.

python site.py prepare URI  |  serve URI PORT  |  measure URI ROUNDS PORT  |  load URI PEOPLE
SECONDS PORT PORT
"""

import http.client
import json
import math
import os
import statistics
import sys
import threading
import time
import urllib.parse
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import django
from django.conf import settings

TAKEN = 302
HERE = Path(__file__).resolve().parent
FORM = {"ok": "on", "texto": "Se revisó la solicitud y está completa."}


def configure(uri: str) -> None:
    place = urllib.parse.urlsplit(uri)
    settings.configure(
        SECRET_KEY="bench",  # noqa: S106 - of the bench
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="addresses",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        STATIC_URL="/static/",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "viewflow",
            "viewflow.workflow",
            "lineal",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": place.hostname,
                "PORT": place.port,
                "USER": place.username,
                "NAME": place.path.lstrip("/"),
                "CONN_MAX_AGE": None,  # connections stay open, as ours do
            }
        },
    )
    sys.path.insert(0, str(HERE))
    django.setup()
    import_module("addresses")  # flows know their addresses from then on


def until_the_parent_ends() -> None:
    sys.stdin.read()
    os._exit(0)


def serve(port: str) -> None:
    import waitress
    from django.core.wsgi import get_wsgi_application

    threading.Thread(target=until_the_parent_ends, daemon=True).start()
    waitress.serve(get_wsgi_application(), listen=f"127.0.0.1:{port}", threads=8)


class Case:
    """One instance: its process and the address of its open task."""

    def __init__(self, steps: int) -> None:
        from lineal.flows import FLOWS

        self.flow = FLOWS[steps]
        self.process = self.flow.start.run()
        self.process = getattr(self.process, "process", self.process)

    def address(self) -> str:
        from viewflow.workflow.models import Task

        task = (
            Task.objects.filter(process_id=self.process.pk, status="ASSIGNED")
            .order_by("-pk")
            .first()
        )
        return task.flow_task.reverse("execute", args=[self.process.pk, task.pk]) if task else ""


def in_process(steps: int) -> list[float]:
    """ms of each POST by Django's test client."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client, case, spent = Client(), Case(steps), []
    client.force_login(get_user_model().objects.get(username="bench"))
    while address := case.address():
        begin = time.perf_counter()
        answer = client.post(address, FORM)
        spent.append((time.perf_counter() - begin) * 1_000)
        if answer.status_code != TAKEN:
            raise RuntimeError(f"{address}: {answer.status_code}")
    return spent


def over_http(steps: int, port: int, until: float = math.inf) -> list[float]:
    """ms of each POST over a kept connection, with session and CSRF token, to the end of the case
    or until then."""
    from django.conf import settings as s
    from django.contrib.auth import get_user_model
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username="bench"))
    token = _get_new_csrf_string()
    cookie = f"{s.SESSION_COOKIE_NAME}={client.cookies[s.SESSION_COOKIE_NAME].value}; {s.CSRF_COOKIE_NAME}={token}"
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    body = urllib.parse.urlencode({**FORM, "csrfmiddlewaretoken": token})
    connection, case, spent = (
        http.client.HTTPConnection("127.0.0.1", port, timeout=60),
        Case(steps),
        [],
    )
    while time.perf_counter() < until and (address := case.address()):
        begin = time.perf_counter()
        connection.request("POST", address, body, headers)
        answer = connection.getresponse()
        answer.read()
        spent.append((time.perf_counter() - begin) * 1_000)
        if answer.status != TAKEN:
            raise RuntimeError(f"{address}: {answer.status}")
    return spent


def load(people: int, seconds: float, ports: list[int]) -> None:
    """All at once, each with cases of 200 tasks, as fast as they can; the next task is read
    straight from the database."""
    spent: list[float] = []

    def work(port: int, until: float) -> None:
        while time.perf_counter() < until:
            spent.extend(over_http(200, port, until))

    for last in (min(3.0, seconds / 3), seconds):
        spent.clear()
        began = time.perf_counter()
        threads = [
            threading.Thread(target=work, args=(ports[n % len(ports)], began + last))
            for n in range(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
    times = sorted(spent)
    print(
        json.dumps(
            {
                "per_second": len(times) / took,
                "p50": statistics.median(times),
                "p95": times[int(len(times) * 0.95)],
            }
        )
    )


def size() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL")
        cursor.execute(
            "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables WHERE relname LIKE 'viewflow%'"
        )
        return int(cursor.fetchone()[0])


def bytes_each(steps: int, instances: int) -> int:
    before = size()
    for _ in range(instances):
        in_process(steps)
    return (size() - before) // instances


def measure(rounds: int, port: int) -> None:
    in_process(11)
    short = [ms for _ in range(max(1, rounds // 10)) for ms in in_process(11)[:-1]]
    over_http(11, port)
    wire = [ms for _ in range(max(1, rounds // 10)) for ms in over_http(11, port)[:-1]]
    result = {
        "version": version("django-viewflow"),
        "client_11": statistics.median(short),
        "client_200": statistics.median(in_process(200)[-51:-1]),
        "http_11": statistics.median(wire),
        "bytes_10": bytes_each(10, 40),
        "bytes_20": bytes_each(20, 40),
    }
    print(json.dumps(result))


def prepare() -> None:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("bench", "bench@example.org", "bench")


if __name__ == "__main__":
    configure(sys.argv[2])
    if sys.argv[1] == "prepare":
        prepare()
    elif sys.argv[1] == "serve":
        serve(sys.argv[3])
    elif sys.argv[1] == "load":
        load(int(sys.argv[3]), float(sys.argv[4]), [int(port) for port in sys.argv[5:]])
    else:
        measure(int(sys.argv[3]), int(sys.argv[4]))
