"""Templates of answers by theme: who coordinates writes, changes and withdraws them; advisers start
from them in 5.2.10."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from common.locales import own_name
from engine.errors import NotFound
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos import plantillas
from records.casos.plantillas import NuevaPlantilla, PlantillaVigente
from records.lugares import puntos
from webforms import campos as c
from webforms.base import formatos
from webforms.base.catalogos import IDIOMAS
from webforms.base.guias import COORDINADOR, Ayuda
from webforms.base.idioma import del_lugar
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import de_catalogo
from webforms.base.personas import nombres_de
from webforms.base.quienes import REDACTA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos.formulario import TareaForm
from webforms.navegador.ficha import ConFicha

rutas = Rutas()


class PlantillaForm(ConFicha):
    tema = c.BuscarField(
        _l("Tema"),
        c.exige(_l("Escriba el tema")),
        description=_l("Escriba una parte. Por ejemplo, paz y salvo"),
    )
    nombre = c.TextoField(
        _l("Nombre"),
        c.exige(_l("Escriba un nombre corto"), c.largo(3, 80)),
        description=_l("Cómo la reconoce el asesor"),
    )
    texto = c.ParrafoField(
        _l("Texto"),
        c.exige(_l("Escriba el texto con al menos 20 letras"), c.largo(20, 2000)),
        description=_l(
            "Se llenan solos: {nombre}, {radicado}, {punto}; y con lo que digan los aplicativos de la obligación: {obligacion}, "
            "{saldo}, {dias_mora}, {valor_cuota}, {proxima_cuota}, {ultimo_pago}, {corte}"
        ),
    )
    idioma = c.ListaField(_l("Idioma"), c.exige(_l("Elija el idioma")))

    class Meta(TareaForm.Meta):
        """Texts are cleaned as in every form of a task."""

    @property
    def errores(self) -> list[tuple[str, str]]:
        return c.con_su_nombre(self)

    def nueva(self) -> NuevaPlantilla:
        return NuevaPlantilla(
            str(self.tema.valor()),
            str(self.nombre.data),
            str(self.texto.data),
            str(self.idioma.data),
        )


def _formulario(session: Session, actual: PlantillaVigente | None = None) -> PlantillaForm:
    conocido = {"idioma": del_lugar()} if actual is None else actual._asdict()
    form = PlantillaForm(data=conocido)
    form.idioma.choices = [(codigo, own_name(codigo)) for codigo in IDIOMAS]
    hoy = formatos.dia_local(servicios().clock.now())
    form.tema.choices = [
        (t.codigo, f"{de_catalogo(t.tema)} › {de_catalogo(t.subtema)}")
        for t in puntos.tipificaciones(session, hoy)
    ]
    return form


def _vigente(session: Session, plantilla_id: int) -> PlantillaVigente:
    hallada = next((p for p in plantillas.vigentes(session) if p.id == plantilla_id), None)
    if hallada is None:
        raise NotFound(f"plantilla {plantilla_id}")
    return hallada


def _pagina(
    session: Session, form: PlantillaForm, actual: PlantillaVigente | None = None, codigo: int = 200
) -> ResponseReturnValue:
    filas, retiradas = plantillas.vigentes(session), plantillas.retiradas(session)
    nombres = nombres_de(session, {p.autor for p in (*filas, *retiradas)})
    valores = {"filas": filas, "retiradas": retiradas, "actual": actual, "nombres": nombres}
    return render_template("bandeja/plantillas.html", form=form, **valores), codigo


@rutas.get(
    "/plantillas",
    para=REDACTA,
    ayuda=Ayuda(_l("Los textos desde los que el asesor empieza una respuesta."), COORDINADOR),
    menu=Entrada(Grupo.AJUSTES, _l("Plantillas"), 9),
)
def plantillas_lista() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        return _pagina(session, _formulario(session))


@rutas.get(
    "/plantillas/<int:plantilla_id>",
    para=REDACTA,
    ayuda=Ayuda(_l("Aquí cambia o retira un texto de respuesta."), COORDINADOR),
)
def plantilla(plantilla_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        actual = _vigente(session, plantilla_id)
        return _pagina(session, _formulario(session, actual), actual)


@rutas.post("/plantillas", para=REDACTA, haria=_l("Agregar una plantilla"))
def agregar_plantilla() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        form = _formulario(session)
        if not form.validate_on_submit():
            return _pagina(session, form, codigo=422)
    return _guardar(form, None)


@rutas.post("/plantillas/<int:plantilla_id>", para=REDACTA, haria=_l("Cambiar una plantilla"))
def cambiar_plantilla(plantilla_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        actual = _vigente(session, plantilla_id)
        form = _formulario(session, actual)
        if not form.validate_on_submit():
            return _pagina(session, form, actual, 422)
    return _guardar(form, actual)


def _guardar(form: PlantillaForm, actual: PlantillaVigente | None) -> ResponseReturnValue:
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())

    def guardar(session: Session) -> int:
        if actual is None:
            return plantillas.agregar(session, form.nueva(), acto)
        return plantillas.cambiar(session, actual.id, form.nueva(), acto)

    try:
        s.uow.run(guardar)
    except DatoInvalido as error:
        form.texto.errors = [str(error)]
        with s.uow.reading() as session:
            return _pagina(session, form, actual, 422)
    flash(_("Plantilla guardada. Los asesores ya la ven al responder casos de ese tema."), "verde")
    return redirect(url_for("bandeja.plantillas_lista"))


@rutas.post(
    "/plantillas/<int:plantilla_id>/retirar", para=REDACTA, haria=_l("Retirar una plantilla")
)
def retirar_plantilla(plantilla_id: int) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        actual = _vigente(session, plantilla_id)
    s.uow.run(lambda session: plantillas.retirar(session, plantilla_id, now=s.clock.now()))
    flash(
        _(
            "«%(nombre)s» ya no se ofrece a los asesores. Puede volver a usarla desde «Retiradas».",
            nombre=actual.nombre,
        ),
        "verde",
    )
    return redirect(url_for("bandeja.plantillas_lista"))


@rutas.post(
    "/plantillas/<int:plantilla_id>/recuperar",
    para=REDACTA,
    haria=_l("Ofrecer otra vez una plantilla"),
)
def recuperar_plantilla(plantilla_id: int) -> ResponseReturnValue:
    """A text that was withdrawn is offered again, as it was."""
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    with s.uow.reading() as session:
        retirada = next((p for p in plantillas.retiradas(session) if p.id == plantilla_id), None)
    if retirada is None:
        raise NotFound(f"plantilla {plantilla_id}")
    nueva = NuevaPlantilla(retirada.tema, retirada.nombre, retirada.texto, retirada.idioma)
    try:
        s.uow.run(lambda session: plantillas.agregar(session, nueva, acto))
    except DatoInvalido as error:
        flash(str(error), "ambar")
    else:
        flash(_("«%(nombre)s» se ofrece otra vez a los asesores.", nombre=retirada.nombre), "verde")
    return redirect(url_for("bandeja.plantillas_lista"))
