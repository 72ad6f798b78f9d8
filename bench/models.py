"""The diagrams of the bench: user tasks in a row, the same for us and for the peers, and four tasks
side by side."""

from tests.kit.diagrams import flow, flows, lane, model, process, service, user

#: What a person fills in at each task; the peers keep the same two values as process variables.
FORM = {"ok": True, "texto": "Se revisó la solicitud y está completa."}
# the text is no decision variable: it stays with the form
FIELDS = ("ok:boolean", "texto:longtext!")


def ours(steps: int) -> bytes:
    """`Lineal<n>`: start, n user tasks of the adviser's lane, end."""
    names = [f"t{n}" for n in range(1, steps + 1)]
    body = (
        '<startEvent id="s"/><endEvent id="e"/>'
        + "".join(user(n, fields=" ".join(FIELDS)) for n in names)
        + flows(" > ".join(["s", *names, "e"]))
    )
    return model(
        process(
            f"Lineal{steps}",
            body,
            lanes=lane("L", "asesor", "punto_id", "s", "e", *names),
            variables="punto_id",
        )
    )


def plain(steps: int) -> bytes:
    """The same without anything of ours in it."""
    names = [f"t{n}" for n in range(1, steps + 1)]
    tasks = "".join(f'<userTask id="{n}" name="{n}"/>' for n in names)
    body = f'<startEvent id="s"/><endEvent id="e"/>{tasks}{flows(" > ".join(["s", *names, "e"]))}'
    return (
        '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="defs" '
        f'targetNamespace="urn:bench"><process id="Lineal{steps}" isExecutable="true">{body}</process></definitions>'
    ).encode()


def with_job() -> bytes:
    """`ConTrabajo`: a user task, a service task that a worker answers, again and again."""
    body = (
        '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="j"/><exclusiveGateway id="g" default="f_g_e"/>'
        + user("A", fields=" ".join(FIELDS))
        + service("R", handler="bench/lejos")
        + flows("s > j > A > R > g > e")
        + flow("g", "j", "ok == True")
    )
    return model(
        process(
            "ConTrabajo",
            body,
            lanes=lane("L", "asesor", "punto_id", "s", "j", "A", "R", "g", "e"),
            variables="punto_id",
        )
    )


def four() -> bytes:
    """`Cuatro`: four user tasks at the same time."""
    tasks = "".join(user(n, fields=" ".join(FIELDS)) for n in "ABCD")
    body = f'<startEvent id="s"/><endEvent id="e"/><parallelGateway id="f"/><parallelGateway id="j"/>{tasks}{flows("s > f")}{flows("j > e")}'
    body += "".join(flow("f", n) + flow(n, "j") for n in "ABCD")
    return model(
        process(
            "Cuatro",
            body,
            lanes=lane("L", "asesor", "punto_id", "s", "e", "f", "j", *"ABCD"),
            variables="punto_id",
        )
    )
