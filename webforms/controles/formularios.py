"""Forms of the administrator of the CRM: the weekly review of accesses (6-1, with what the head of
OCM decides of it), outages (6-6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from engine.types import Data, Value, Writing
from records.base.actos import acto_de
from records.base.datos import entero, texto
from records.contingencia import papel as continuidad
from records.controles import accesos
from records.controles.accesos import Decision
from records.controles.reglas.accesos import INACTIVAR, PREGUNTAR
from records.controles.tablas import RevisionCuenta
from records.informes import disponibilidad
from records.informes.disponibilidad import Papel
from webforms import campos as c
from webforms.campos.formulario import Contexto, FormSpec, TareaForm
from webforms.controles import accesos_palabras as dichas

CUENTA, NOTA = "cuenta_", "nota_"  #: with the user name: what is decided, and why
LARGO_NOTA = 300


class _DeCuentas(TareaForm):
    """A decision and a note for each account that this person may decide; demanded of those that
    have a reason to be looked at."""

    solo_pendientes = False  #: those of which the review was finished without a decision

    def process(
        self,
        formdata: Any = None,
        obj: Any = None,
        data: Any = None,
        extra_filters: Any = None,
        **kwargs: Any,
    ) -> None:
        """The fields are those of the accounts of the review: they come before what was typed is
        read."""
        session = self.contexto.session
        self.revision_id = entero(self.contexto.datos, "revision_accesos_id")
        todas = accesos.de_revision(session, self.revision_id)
        self.cuentas: Sequence[RevisionCuenta] = [
            f
            for f in todas
            if not self.solo_pendientes
            or (f.motivos and f.decision is None and f.usuario != self.contexto.actor.id)
        ]
        for f in self.cuentas:
            if f.usuario != self.contexto.actor.id:
                self._agregar(f)
        super().process(formdata, obj, data, extra_filters, **kwargs)

    def _agregar(self, f: RevisionCuenta) -> None:
        validadores = (
            c.exige(_("Decida sobre la cuenta %(u)s", u=f.usuario)) if f.motivos else c.opcional()
        )
        campo = c.ListaField(
            _("Decisión sobre %(u)s", u=f.usuario),
            validadores,
            choices=dichas.opciones(f),
            vacio=_("Sin decisión"),
        )
        nota = c.TextoField(
            _("Nota sobre %(u)s", u=f.usuario), [*c.con_omision(), *c.opcional(c.hasta(LARGO_NOTA))]
        )
        for nombre, suelto in ((CUENTA + f.usuario, campo), (NOTA + f.usuario, nota)):
            opciones = {
                "name": nombre,
                "prefix": self._prefix,
                "translations": self.meta.get_translations(self),
            }
            self._fields[nombre] = self.meta.bind_field(self, suelto, opciones)

    def de(self, f: RevisionCuenta) -> list[Any]:
        """The two fields of an account; none: it is their own, or decided."""
        return [self[n] for n in (CUENTA + f.usuario, NOTA + f.usuario) if n in self]

    def algo_en(self, cuentas: Sequence[RevisionCuenta]) -> bool:
        """Something was typed there, or is wrong there."""
        return any(campo.data or campo.errors for f in cuentas for campo in self.de(f))

    def validate(self, extra_validators: Any = None) -> bool:
        """Who makes an account inactive, or asks, says why: the person and their leader are owed
        it."""
        valido = bool(super().validate(extra_validators))
        for f in self.cuentas:
            campos = self.de(f)
            if not campos:
                continue
            decision, nota = campos[0].valor(), campos[1]
            if decision in (INACTIVAR, PREGUNTAR) and not nota.valor():
                nota.errors = [str(_("Diga por qué, de %(u)s: queda con la decisión", u=f.usuario))]
                valido = False
            if nota.valor() and not decision:
                campos[0].errors = [
                    str(_("Elija la decisión sobre %(u)s: de ella habla la nota", u=f.usuario))
                ]
                valido = False
        return valido

    def valores(self) -> dict[str, Value]:
        """Only what was decided: a review of a hundred accounts says what happened to five."""
        return {
            nombre: valor for nombre, valor in super().valores().items() if valor not in ("", None)
        }

    def leer(self) -> None:
        self.antes = accesos.decididas(self.contexto.session, self.revision_id)
        self.revision = accesos.revision(self.contexto.session, self.revision_id)
        self.yo = self.contexto.actor.id


class RevisarClaves(_DeCuentas):
    nota_general = c.ParrafoField(
        _l("Nota de la revisión"),
        c.opcional(c.hasta(1000)),
        description=_l(
            "Lo que deba saber quien la lea después: por ejemplo, claves compartidas que alguien contó, que aquí no se ven."
        ),
    )


class CuentaDeQuienReviso(_DeCuentas):
    solo_pendientes = True


class SincronizarPapel(TareaForm):
    """Control 6-6: what was on paper while the CRM did not answer."""

    registros_papel = c.EnteroField(
        _l("Registros que quedaron en papel"),
        c.exige(_l("Escriba cuántos; si no hubo, 0"), c.rango(0, 10_000)),
        description=_l("Cuente los formatos de contingencia que entregaron los puntos."),
    )
    digitaron = c.TextoField(_l("Quién los digitó"), [*c.con_omision(), *c.opcional(c.hasta(500))])
    nota_papel = c.ParrafoField(_l("Nota"), c.opcional(c.hasta(1000)))

    def validate(self, extra_validators: Any = None) -> bool:
        valido = bool(super().validate(extra_validators))
        if valido and self.registros_papel.data and not self.digitaron.valor():
            self.digitaron.errors = [str(_("Diga quién los digitó"))]
            return False
        return valido

    def leer(self) -> None:
        self.caida = disponibilidad.caida(
            self.contexto.session, entero(self.contexto.datos, "caida_id")
        )


def _sincronizar(w: Writing) -> Data:
    papel = Papel(
        entero(w.values, "registros_papel"),
        texto(w.values, "digitaron"),
        texto(w.values, "nota_papel"),
    )
    disponibilidad.sincronizar(w.session, entero(w.data, "caida_id"), papel, acto_de(w))
    return {}


def _conocido(contexto: Contexto) -> Data:
    """The papers of this outage that are entered already (records.contingencia.papel): the task need not count
    them again."""
    digitados, _usados = continuidad.de_caida_del_crm(
        contexto.session, entero(contexto.datos, "caida_id")
    )
    return {"registros_papel": digitados} if digitados else {}


def _ayuda_papel(contexto: Contexto) -> list[tuple[str, str]]:
    digitados, usados = continuidad.de_caida_del_crm(
        contexto.session, entero(contexto.datos, "caida_id")
    )
    if not digitados and not usados:
        return []
    dicho = _("%(d)s formatos digitados, %(u)s usados y sin digitar.", d=digitados, u=usados)
    return [(_("En los puntos que unieron su caída a esta"), str(dicho))]


def _sincronizado(_contexto: Contexto, valores: Data) -> str:
    n = entero(valores, "registros_papel")
    return str(
        ngettext(
            "Quedó constancia de %(num)s registro en papel.",
            "Quedó constancia de %(num)s registros en papel.",
            n,
        )
    )


def _decisiones(valores: Data) -> dict[str, Decision]:
    usuarios = [n.removeprefix(CUENTA) for n in valores if n.startswith(CUENTA)]
    return {
        u: Decision(
            texto(valores, CUENTA + u), texto(valores, NOTA + u) if NOTA + u in valores else ""
        )
        for u in usuarios
    }


def _revisar(w: Writing) -> Data:
    nota = texto(w.values, "nota_general") if "nota_general" in w.values else ""
    faltan = accesos.revisar(
        w.session, entero(w.data, "revision_accesos_id"), _decisiones(w.values), nota, acto_de(w)
    )
    return {"cuentas_pendientes": faltan}


def _completar(w: Writing) -> Data:
    accesos.completar(
        w.session, entero(w.data, "revision_accesos_id"), _decisiones(w.values), acto_de(w)
    )
    return {}


def _hecho(_contexto: Contexto, valores: Data) -> str:
    n = len(_decisiones(valores))
    return str(
        ngettext(
            "Quedó la decisión sobre %(num)s cuenta.", "Quedó la decisión sobre %(num)s cuentas.", n
        )
    )


_PAGINA, _CUERPO = "tareas/accesos.html", "tareas/_accesos.html"

FORMS: Mapping[str, FormSpec] = {
    "admin_crm.sincronizar_papel": FormSpec(
        SincronizarPapel,
        _sincronizar,
        _conocido,
        ayuda=_ayuda_papel,
        cuerpo="tareas/_caida.html",
        boton=_l("Dejar constancia"),
        despues=_l("la caída queda cerrada, con lo que se digitó."),
        hecho=_sincronizado,
    ),
    "admin_crm.revisar_claves": FormSpec(
        RevisarClaves,
        _revisar,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Terminar la revisión"),
        despues=_l(
            "la cuenta que se inactiva deja de entrar en ese momento, los líderes reciben su pregunta, y la suya, si aparece, "
            "la decide el Jefe OCM."
        ),
        hecho=_hecho,
    ),
    "jefe_ocm.cuenta_de_quien_reviso": FormSpec(
        CuentaDeQuienReviso,
        _completar,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Decidir"),
        despues=_l("la revisión de esta semana queda terminada."),
        hecho=_hecho,
    ),
}
