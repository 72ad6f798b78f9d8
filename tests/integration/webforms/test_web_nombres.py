"""A field of an analyst's form may be called like a word of our own: it is kept as any other, or
refused at deploy with a sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import DeployRefused
from engine.reads.verification import verify
from engine.types import SYSTEM
from tests.kit import diagrams as m, web as web_kit
from tests.kit.web import WebKit, csrf
from webforms.paquetes.hallazgos import hallazgos

#: Attributes of form classes, of requests, of items, of our tables and state; members of an HTML
#: form; columns; Python's own.
PALABRAS = (
    *(
        "id",
        "revision",
        "items",
        "element",
        "confirmar",
        "form",
        "data",
        "errors",
        "errores",
        "meta",
        "validate",
        "process",
        "populate_obj",
    ),
    *(
        "contexto",
        "valores",
        "visibles",
        "archivos",
        "preparar",
        "exigir",
        "hidden_tag",
        "csrf_token_",
        "volver",
        "item",
        "item_id",
        "tarea",
    ),
    *(
        "self",
        "cls",
        "class",
        "typename",
        "name",
        "type",
        "values",
        "keys",
        "get",
        "pop",
        "update",
        "fields",
        "object",
        "session",
        "actor",
    ),
    *(
        "elements",
        "dataset",
        "action",
        "method",
        "submit",
        "requestSubmit",
        "querySelector",
        "addEventListener",
        "getAttribute",
        "target",
    ),
    *(
        "motivo",
        "accion",
        "incidente",
        "usuario",
        "clave",
        "now",
        "case_key",
        "rev",
        "kind",
        "detail",
        "steps",
        "parent",
        "workflow",
        "state",
    ),
    *(
        "constructor",
        "prototype",
        "toString",
        "hasOwnProperty",
        "select",
        "where",
        "from",
        "null",
        "true",
        "none",
        "import",
    ),
)


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


def modelo(*campos: str) -> bytes:
    nodos = (
        m.start("ini")
        + m.user("a", fields=campos)
        + m.user("b", fields=campos)
        + m.end("fin")
        + m.flows("ini>a>b>fin")
    )
    return m.model(
        m.process(
            "P",
            nodos,
            lanes=m.lane("L1", "asesor", "punto_id", "ini", "a", "b", "fin"),
            variables="punto_id",
        )
    )


def test_fields_called_like_our_own_words_are_filled_kept_and_shown_as_any_other(
    web: WebKit,
) -> None:
    web.deploy({"p.bpmn": modelo(*(f"{palabra}!" for palabra in PALABRAS))})
    tarea = web.begin("P", {"punto_id": "BOG-AGU"})
    cliente = web.browser("asesor")
    pagina = cliente.get(f"/tarea/{tarea}")
    assert pagina.status_code == 200
    escrito = {palabra: f"valor de {palabra}" for palabra in PALABRAS}
    borrador = cliente.put(
        f"/tarea/{tarea}/borrador",
        json={n: [v] for n, v in escrito.items()},
        headers={"X-CSRFToken": csrf(pagina.text)},
    )
    assert borrador.status_code == 200
    assert all(
        f'value="valor de {palabra}"' in cliente.get(f"/tarea/{tarea}").text for palabra in PALABRAS
    )
    hecho = cliente.post(f"/tarea/{tarea}", data={"csrf_token": csrf(pagina.text), **escrito})
    assert hecho.status_code == 302
    assert web.submitted(tarea) == escrito
    siguiente = cliente.get(hecho.location)
    assert all(f"valor de {palabra}" in siguiente.text for palabra in PALABRAS)
    web.engine.core.cache.clear()
    with web.session() as s:
        assert verify(s).faults == ()
    (item,) = web.engine.instances.start(
        "P", actor=SYSTEM, now=web.clock.now(), data={"punto_id": "BOG-AGU"}
    ).opened
    assert item.data == {"punto_id": "BOG-AGU"}


def test_they_are_decision_variables_too(web: WebKit) -> None:
    web.deploy({"p.bpmn": modelo(*PALABRAS)})
    tarea = web.begin("P", {"punto_id": "BOG-AGU"})
    escrito = {palabra: palabra.upper() for palabra in PALABRAS}
    (b,) = web.engine.items.complete(
        tarea, values=escrito, actor=SYSTEM, now=web.clock.now()
    ).opened
    assert b.data == {"punto_id": "BOG-AGU", **escrito}
    web.engine.core.cache.clear()
    assert web.engine.items.complete(b.id, values={}, actor=SYSTEM, now=web.clock.now()).finished


@pytest.mark.parametrize(
    "nombre", ["_csrf_token", "csrf_token", "_accion", "_firma", "__class__", "_"]
)
def test_names_that_every_form_sends_are_refused_with_a_sentence(web: WebKit, nombre: str) -> None:
    with pytest.raises(DeployRefused) as rechazo:
        web.deploy({"p.bpmn": modelo(f"{nombre}!")})
    frases = [h.frase for h in hallazgos(rechazo.value.findings)]
    assert any("no sirve como nombre de campo" in frase for frase in frases), frases


@pytest.mark.parametrize(
    "nombre",
    [
        "True",
        "None",
        "and",
        "not",
        "in",
        "len",
        "min",
        "lambda",
        "numberOfInstances",
        "a.b",
        "a b",
        "1x",
    ],
)
def test_names_that_the_expression_language_keeps_are_refused_as_variables_with_a_sentence(
    web: WebKit, nombre: str
) -> None:
    with pytest.raises(DeployRefused) as rechazo:
        web.deploy({"p.bpmn": modelo(nombre)})
    assert any(
        f"«{nombre}» no sirve como nombre de variable" in h.frase
        for h in hallazgos(rechazo.value.findings)
    )
