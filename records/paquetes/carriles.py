"""What the engine asks of roles and places when a release comes into force: the lanes of its
diagrams, and the lists that its packages bring."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.catalogos.tablas import Lista, ListaValor
from records.cuentas.carriles import alcances
from records.cuentas.reglas.roles import DISPOSITIVOS, ROLES
from records.cuentas.tablas import RolDeCarril
from records.lugares.tablas import Area, Punto
from records.paquetes.reglas import paquete
from records.paquetes.reglas.paquete import Lista as ListaDePaquete


class Carril(Protocol):
    """What the engine says of a lane (`engine.types.LaneSpec`)."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str | None: ...
    @property
    def scope(self) -> str | None: ...
    @property
    def called(self) -> str: ...


class Quien(Protocol):
    @property
    def id(self) -> str: ...


class Carriles:
    """What the engine asks of roles and places when a release comes into force
    (`engine.types.Lanes`)."""

    def scopes(self, session: Session, parts: Mapping[str, bytes]) -> Mapping[str, str]:
        traidas = {lista.variable: lista.nombre for _manifiesto, lista in _listas_de(parts)}
        return {**traidas, **alcances(session)}

    def taken(self, session: Session, parts: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
        """A role that is held for a place is held for nothing else: points, areas and values share
        their codes."""
        codigos, dados = set(session.scalars(select(Lista.codigo))), _dados(session)
        for manifiesto, lista in _nuevas(session, parts):
            if lista.codigo in codigos:
                yield manifiesto, lista.nombre, lista.codigo
            yield from (
                (manifiesto, lista.nombre, codigo)
                for codigo, _nombre in lista.valores
                if codigo in dados
            )
            codigos.add(lista.codigo)
            dados.update(codigo for codigo, _nombre in lista.valores)

    def roles(self, session: Session) -> Mapping[str, str]:
        """A device holds its roles for its point, whatever a lane says."""
        guardados = {r.codigo: r.alcance for r in session.scalars(select(RolDeCarril))}
        return {
            **guardados,
            **{r.codigo: str(r.alcance) for r in ROLES.values()},
            **dict.fromkeys(DISPOSITIVOS, ""),
        }

    def keep(
        self,
        session: Session,
        lanes: Sequence[Carril],
        parts: Mapping[str, bytes],
        actor: Quien,
        now: dt.datetime,
    ) -> None:
        """A role that is new gets its row; one that is known is called as the diagrams call it now,
        and keeps its code. A list that a package brings begins with its values; one that the agency
        has already stays as it keeps it."""
        _empezar_listas(session, parts, actor, now)
        conocidos = {r.codigo: r for r in session.scalars(select(RolDeCarril))}
        for carril in lanes:
            codigo = carril.role or ""
            if codigo in ROLES or codigo in DISPOSITIVOS:
                continue
            fila = conocidos.get(codigo)
            if fila is None:
                fila = conocidos[codigo] = RolDeCarril(
                    codigo=codigo, nombre=codigo, alcance="", desde=now, creado_por=actor.id
                )
                session.add(fila)
            if carril.called or fila.nombre == codigo:
                fila.nombre = (carril.called or " ".join(carril.name.split()) or codigo)[:160]
            fila.alcance = fila.alcance or carril.scope or ""
        session.flush()


def _listas_de(parts: Mapping[str, bytes]) -> list[tuple[str, ListaDePaquete]]:
    """The lists that manifests among these texts bring, each with its manifest."""
    return [
        (f"{codigo}/{paquete.MANIFIESTO}", lista)
        for codigo in paquete.codigos(parts)
        for lista in paquete.listas_de(codigo, parts)
    ]


def _nuevas(session: Session, parts: Mapping[str, bytes]) -> list[tuple[str, ListaDePaquete]]:
    """Those whose places the agency does not keep yet."""
    hay, nuevas = set(session.scalars(select(Lista.variable))), []
    for manifiesto, lista in _listas_de(parts):
        if lista.variable not in hay:
            nuevas.append((manifiesto, lista))
        hay.add(lista.variable)
    return nuevas


def _dados(session: Session) -> set[str]:
    return {
        *session.scalars(select(ListaValor.codigo)),
        *session.scalars(select(Punto.codigo)),
        *session.scalars(select(Area.codigo)),
    }


def _empezar_listas(
    session: Session, parts: Mapping[str, bytes], actor: Quien, now: dt.datetime
) -> None:
    """What another has already was refused before (`Carriles.taken`)."""
    for _manifiesto, lista in _nuevas(session, parts):
        session.add(
            Lista(
                codigo=lista.codigo,
                nombre=lista.nombre,
                variable=lista.variable,
                creada=now,
                creada_por=actor.id,
            )
        )
        session.flush()
        session.add_all(
            ListaValor(codigo=codigo, lista=lista.codigo, nombre=nombre)
            for codigo, nombre in lista.valores
        )
    session.flush()
