"""What `make test` leaves to `make rest`. Both together are every test that is not `long`; this is
the only place that says which half a test is in, and tests/conftest.py marks each by it."""

from functools import cache
from pathlib import PurePosixPath
from typing import Final

#: Files and folders below tests/ that attack, kill, race, fill up, restore or install the product.
SUITES: Final = (
    "crash",
    "races",
    "integration/test_attack.py",
    "integration/test_attack_record.py",
    "integration/test_database_certificates.py",
    "integration/test_deploy.py",
    "integration/test_deploy_accounts.py",
    "integration/test_logs_elsewhere.py",
    "integration/test_production_start.py",
    "integration/test_proxy.py",
    "integration/test_secret_store.py",
    "integration/engine/test_jobs_durable.py",
    "integration/engine/test_jobs_hostile.py",
    "integration/engine/test_jobs_lost_workers.py",
    "integration/engine/test_limits.py",
    "integration/lint/test_hostile_diagrams.py",
    "integration/webforms/test_consola.py",
    "integration/webforms/test_consola_a_la_vez.py",
    "integration/webforms/test_entradas.py",
    "integration/webforms/test_respaldo.py",
    "integration/webforms/test_respaldos_hostiles.py",
    "integration/webforms/test_unreadable.py",
)

#: Of the pages, what runs on PostgreSQL too in `make test`: by subject one file of
#: tests/integration/webforms.
WEB_ON_POSTGRES: Final = {
    "accounts": "test_web_clave.py",
    "administration": "test_web_personas.py",
    "archive": "test_anular_numero.py",
    "beginning": "test_iniciar.py",
    "cases": "test_otro_tramite.py",
    "commands": "test_puesta.py",
    "compliance": "test_cumplimiento.py",
    "decisions of two": "test_dos_personas.py",
    "letters": "test_cartas_de_otros.py",
    "operation": "test_mover_fechas.py",
    "server": "test_web_vigia.py",
    "turns": "test_digiturno_afuera.py",
    "worker": "test_web_dos_trabajadores.py",
}

#: The stories of the browser in `make test`, by their file of tests/acceptance. The people of each
#: lane of M5-1-02 sit before a screen in one of them; the others show citizen and analyst.
STORIES: Final = {
    "test_accesos.py": "test_accounts_are_decided_and_that_of_who_decided_by_another",
    "test_archivo.py": "test_a_file_from_its_index_to_its_disposal",
    "test_auditorias.py": "test_a_week_is_audited_by_each_role_and_the_adviser_answers",
    "test_comites.py": "test_a_committee_answers_votes_and_closes_a_finding_by_each_role",
    "test_contingencia.py": "test_a_point_without_system_works_on_paper_and_everything_enters_"
    "or_is_accounted_for",
    "test_cumplimiento.py": "test_the_overdue_case_is_found_read_exported_and_observed",
    "test_editor.py": "test_a_refusal_shows_on_the_element_and_the_corrected_version_runs",
    "test_escalamiento.py": "test_an_escalated_case_is_answered_in_time_and_the_citizen_rates_"
    "the_answer",
    "test_escrita.py": "test_a_written_case_is_answered_signed_with_a_guide_and_archived",
    "test_interventoria.py": "test_a_month_is_delivered_acknowledged_presented_and_certified_"
    "by_each_role",
    "test_reportes.py": "test_a_month_is_reported_reviewed_and_joined_by_each_role",
    "test_tramites.py": "test_a_clerk_and_a_citizen_begin_cases_that_compliance_finds",
    "test_visita.py": "test_a_visit_resolved_at_the_desk_from_the_ticket_to_the_rating",
    "test_visita_sin_red.py": "test_a_day_without_network_a_reload_and_a_dead_battery_lose_nothing",
}


@cache
def _whole(file: PurePosixPath) -> bool:
    return any(file.is_relative_to(each) for each in SUITES)


def in_the_rest(file: PurePosixPath, test: str, *, postgres: bool) -> bool:
    """`file` is below tests/, `test` the name of its function; `postgres`: it needs a server."""
    if _whole(file):
        return True
    if file.parts[0] == "acceptance":
        return STORIES.get(file.name) != test
    web = file.is_relative_to("integration/webforms")
    return web and postgres and file.name not in WEB_ON_POSTGRES.values()
