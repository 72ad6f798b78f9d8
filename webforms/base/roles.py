"""What people call the roles of accounts."""

from flask_babel import lazy_gettext as _l

NOMBRES = {
    "asesor": _l("Asesor"),
    "funcionario": _l("Funcionario"),
    "coordinador_gau": _l("Coordinador GAU"),
    "gestion_documental": _l("Gestión documental"),
    "analista_procesos": _l("Analista de procesos"),
    "cumplimiento": _l("Cumplimiento"),
    "administrador": _l("Administrador"),
}
