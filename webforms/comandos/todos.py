"""Every command of the shell, put into an application; what each needs of others is handed to it."""

from collections.abc import Sequence
from typing import Final

import click
from flask import Flask

from webforms.comandos.auditoria import audit, sample
from webforms.comandos.consola import cubierto
from webforms.comandos.crm import crm
from webforms.comandos.despliegue import deploy
from webforms.comandos.diario import daily
from webforms.comandos.documentos import documents
from webforms.comandos.evidencia import evidence
from webforms.comandos.migracion import migrate_cases
from webforms.comandos.personas import users
from webforms.comandos.procedimiento import procedure
from webforms.comandos.respaldo import backup, restore
from webforms.comandos.retencion import retention
from webforms.comandos.revision import doctor
from webforms.comandos.servidor import serve
from webforms.comandos.sistemas import systems
from webforms.comandos.trazabilidad import trace

COMANDOS: Final[Sequence[click.Command]] = (
    audit,
    sample,
    backup,
    crm,
    daily,
    deploy,
    procedure,
    doctor,
    documents,
    evidence,
    migrate_cases,
    restore,
    retention,
    serve,
    systems,
    trace,
    users,
)
#: Commands that make the tables, or look for themselves.
SIN_TABLAS: Final = frozenset({"db", "demo", "doctor", "restore", "serve", "setup", "worker"})
#: Commands that say what is wrong with a place, or make it: they run where a connection goes in the
#: clear.
SIN_CIFRAR: Final = frozenset({"doctor", "setup"})


def poner(app: Flask, otros: Sequence[click.Command]) -> None:
    for comando in (*COMANDOS, *otros):
        app.cli.add_command(comando)


def cubrir(app: Flask, lengua: str) -> None:
    """All that are there now, those of the demo and of libraries, too."""
    for nombre, comando in app.cli.commands.items():
        app.cli.commands[nombre] = cubierto(
            comando,
            con_tablas=nombre not in SIN_TABLAS,
            lengua=lengua,
            cifrado=nombre not in SIN_CIFRAR,
        )
