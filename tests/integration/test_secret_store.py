"""The store of secrets of one machine (`deploy/systemd/ventanilla-secret`), run with systemd's own
program below another folder."""

import importlib
import os
import pty
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from common.settings import names_of_a_place
from tests.kit.agency import until
from tests.kit.processes import run, spawn

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    "/etc/credstore.encrypted",
    "/etc/systemd/system",
    "/etc/ventanilla",
    "/var/lib/ventanilla",
    "/opt/ventanilla",
    "/run",
)
#: What is of root alone is told and not done; `setpriv` runs what it is given, as whoever runs the
#: tests.
STAND_INS = {
    "setpriv": 'echo "setpriv $2" >> "$NOTED"; while [ "$1" != --no-new-privs ]; do shift; done; shift; exec "$@"',
    "systemctl": 'echo "systemctl $*" >> "$NOTED"; [ "$1" != is-active ] || [ -e "$NOTED.active" ]',
    "chown": 'echo "chown $*" >> "$NOTED"',
}
SIGNS = "una que firma, de más de treinta y dos letras"
TOML = f"""base_url = "https://ventanilla.entidad.gov.co"
database_url = "postgresql://ventanilla@/ventanilla?host=/var/run/postgresql"
secret_key = "{SIGNS}"
smtp_password = "del \\"correo\\""
# lo demás
smtp_host = "correo.entidad.gov.co"
"""


@dataclass(frozen=True)
class Machine:
    root: Path

    def below(self, path: str) -> Path:
        return self.root / path.removeprefix("/")

    @property
    def env(self) -> dict[str, str]:
        given = {
            "NOTED": str(self.root / "noted"),
            "SYSTEMD_CREDENTIAL_SECRET": str(self.root / "host.secret"),
            "WITH_KEY": "host",
        }
        return {"PATH": f"{self.root}/tools:/usr/bin:/bin", "LC_ALL": "C.UTF-8", **given}

    def secret(
        self, *words: str, given: str | bytes = "", env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        said = given.encode() if isinstance(given, str) else given
        order = ["sh", str(self.root / "ventanilla-secret"), *words]
        return run(
            order, env={**self.env, **(env or {})}, input=said, capture_output=True, timeout=60
        )

    def done(self, *words: str, given: str | bytes = "") -> str:
        done = self.secret(*words, given=given)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def shown(self, name: str, process: str) -> str:
        return self.done("show", name, process)

    def stored(self) -> list[str]:
        return sorted(file.name for file in self.below("/etc/credstore.encrypted").iterdir())

    def handed(self, unit: str) -> list[str]:
        conf = self.below(f"/etc/systemd/system/ventanilla-{unit}.service.d/secrets.conf")
        return (
            re.findall(r"^LoadCredentialEncrypted=(.+)$", conf.read_text("utf-8"), re.MULTILINE)
            if conf.exists()
            else []
        )

    def noted(self) -> list[str]:
        return (
            (self.root / "noted").read_text("utf-8").splitlines()
            if (self.root / "noted").exists()
            else []
        )


@cache
def why_not() -> str:
    """systemd-creds before 250 is not there; of an account that is not root newer ones ask PID 1,
    which a container has not."""
    try:
        order = "f=$(mktemp -d) && SYSTEMD_CREDENTIAL_SECRET=$f/s; export SYSTEMD_CREDENTIAL_SECRET; echo x > $f/x && "
        order += "systemd-creds encrypt --with-key=host --name=x $f/x $f/y && systemd-creds decrypt --name=x $f/y - && rm -rf $f"
        done = run(["sh", "-c", order], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (
        ""
        if done.returncode == 0 and done.stdout == "x\n"
        else f"systemd-creds does not encrypt here: {done.stderr.strip()}"
    )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if why_not():
        pytest.skip(why_not())
    here = Machine(tmp_path / "machine")
    for name, body in STAND_INS.items():
        (here.root / "tools").mkdir(parents=True, exist_ok=True)
        (here.root / "tools" / name).write_text(f"#!/bin/sh\n{body}\n", "ascii")
        (here.root / "tools" / name).chmod(0o755)
    for folder in (*FOLDERS[1:], "/var/lib/ventanilla-worker", "/opt/ventanilla/.venv/bin"):
        here.below(folder).mkdir(parents=True, exist_ok=True)
    here.below("/opt/ventanilla/.venv/bin/python").symlink_to(sys.executable)
    for script in ("ventanilla-secret", "ventanilla"):
        text = (ROOT / "deploy/systemd" / script).read_text("ascii")
        places = "|".join(rf"(?<![\w/]){folder}(?=[\s/.-]|$)" for folder in FOLDERS)
        text = re.sub(places, lambda found: f"{here.root}{found[0]}", text, flags=re.MULTILINE)
        (here.root / script).write_text(text, "ascii")
    return here


# --- made, kept, handed, destroyed ----------------------------------------------------------------
def test_a_secret_is_made_of_random_bits_that_nobody_sees_and_handed_to_each_process(
    machine: Machine,
) -> None:
    done = machine.secret("create", "secret_key", "owner", "web", "worker")
    assert (done.returncode, done.stdout) == (0, b"")
    made = {machine.shown("secret_key", process) for process in ("owner", "web", "worker")}
    (value,) = made
    assert re.fullmatch("[0-9a-f]{64}", value)
    assert value not in done.stderr.decode()
    assert machine.stored() == [
        f"ventanilla-{process}.secret_key" for process in ("owner", "web", "worker")
    ]
    for file in machine.below("/etc/credstore.encrypted").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        assert value.encode() not in file.read_bytes()
    store = machine.below("/etc/credstore.encrypted")
    assert machine.handed("web@") == [f"secret_key:{store}/ventanilla-web.secret_key"]
    assert (
        machine.handed("worker@")
        == machine.handed("backup")
        == [f"secret_key:{store}/ventanilla-worker.secret_key"]
    )
    assert machine.noted() == ["systemctl daemon-reload"]
    assert not list(machine.below("/run").iterdir())


def test_what_is_made_takes_the_place_of_nothing_unless_it_is_told_to(machine: Machine) -> None:
    machine.done("create", "secret_key", "web")
    first = machine.shown("secret_key", "web")
    refused = machine.secret("create", "secret_key", "worker", "web")
    assert (refused.returncode, machine.stored()) == (1, ["ventanilla-web.secret_key"])
    assert "secret_key of web is there" in refused.stderr.decode()
    machine.done("renew", "secret_key", "worker", "web")
    assert machine.shown("secret_key", "web") == machine.shown("secret_key", "worker") != first


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("clave\n", "clave"),
        ("una $(touch x) 'clave' \\ ", "una $(touch x) 'clave' \\ "),
        ("ñandú", "ñandú"),
    ],
)
def test_a_value_that_is_given_loses_the_end_of_its_line_and_nothing_else(
    machine: Machine, given: str, kept: str
) -> None:
    done = machine.secret("put", "smtp_password", "worker", given=given)
    assert (done.returncode, done.stdout) == (0, b"")
    assert kept not in done.stderr.decode()
    assert machine.shown("smtp_password", "worker") == kept
    assert machine.handed("web@") == []


def test_on_a_terminal_it_asks_and_what_is_typed_does_not_show(machine: Machine) -> None:
    near, far = pty.openpty()
    order = ["sh", str(machine.root / "ventanilla-secret"), "put", "smtp_password", "worker"]
    with spawn(
        order, env=machine.env, stdin=far, stdout=far, stderr=far, start_new_session=True
    ) as begun:
        shown = b""
        while b"smtp_password: " not in shown:
            shown += os.read(near, 100)
        os.write(near, b"una clave\n")
        assert begun.wait(60) == 0
        shown += os.read(near, 4000)
    shows = termios.tcgetattr(far)[3] & termios.ECHO
    os.close(near)
    os.close(far)
    assert (b"una clave" in shown, bool(shows)) == (False, True)
    assert machine.shown("smtp_password", "worker") == "una clave"


def test_the_key_of_the_log_is_not_asked_for_on_a_terminal_which_would_take_one_line_of_it(
    machine: Machine,
) -> None:
    near, far = pty.openpty()
    order = ["sh", str(machine.root / "ventanilla-secret"), "put", "evidence.key", "worker"]
    os.write(near, KEY.encode())
    with spawn(
        order,
        env=machine.env,
        stdin=far,
        stdout=far,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as begun:
        _out, said = begun.communicate(timeout=60)
    os.close(near)
    os.close(far)
    assert (begun.returncode, "put evidence.key PROCESS... < FILE" in said) == (2, True)
    assert not machine.below("/etc/credstore.encrypted").exists()


@pytest.mark.parametrize(
    ("words", "given", "why"),
    [
        (("put", "base_url", "web"), "x", "base_url is no secret of Ventanilla"),
        (("put", "../x.secret", "web"), "x", "is no name of a secret"),
        (("put", ".secret", "web"), "x", "is no name of a secret"),
        (("put", "SMTP_PASSWORD", "web"), "x", "is no name of a secret"),
        (("put", "smtp_password", "root"), "x", "root is no process"),
        (("put", "smtp_password", "web worker"), "x", "web worker is no process"),
        (("put", "evidence.key", "web"), "x", "never for the web"),
        (("create", "evidence.key", "worker"), "", "evidence key"),
        (("put", "smtp_password", "worker"), "", "nothing came in"),
        (("put", "smtp_password", "worker"), "\n", "is one line of text"),
        (("put", "smtp_password", "worker"), "a\nb\n", "is one line of text"),
        (("put", "smtp_password", "worker"), b"a\0b", "is one line of text"),
        (("put", "secret_key", "web"), "corta", "at least 32 characters"),
        (("destroy", "smtp_password", "worker"), "", "is not there"),
        (("show", "smtp_password", "worker"), "", "is not there"),
        (("list", "all"), "", "ventanilla-secret create NAME PROCESS"),
        ((), "", "ventanilla-secret create NAME PROCESS"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_kept(
    machine: Machine, words: tuple[str, ...], given: str | bytes, why: str
) -> None:
    refused = machine.secret(*words, given=given)
    assert refused.returncode in (1, 2)
    assert why in refused.stderr.decode()
    assert not machine.below("/etc/credstore.encrypted").exists()
    assert not list(machine.below("/run").iterdir())


def test_what_could_not_be_read_back_takes_the_place_of_nothing(machine: Machine) -> None:
    machine.done("put", "smtp_password", "worker", given="de antes")
    (machine.root / "tools/systemd-creds").write_text(
        '#!/bin/sh\n[ "$1" = decrypt ] && { echo otra > "$4"; exit 0; }\nexec /usr/bin/systemd-creds "$@"\n',
        "ascii",
    )
    (machine.root / "tools/systemd-creds").chmod(0o755)
    refused = machine.secret("put", "smtp_password", "worker", given="nueva")
    assert (refused.returncode, "could not be read back" in refused.stderr.decode()) == (1, True)
    (machine.root / "tools/systemd-creds").unlink()
    assert machine.shown("smtp_password", "worker") == "de antes"
    assert machine.stored() == ["ventanilla-worker.smtp_password"]


def test_the_list_says_for_whom_since_when_and_by_which_key_and_no_value(machine: Machine) -> None:
    machine.done("put", "smtp_password", "worker", given="del correo")
    machine.done("create", "secret_key", "web")
    head, *rows = [line.split() for line in machine.done("list").splitlines()]
    assert head == ["NAME", "PROCESS", "SINCE", "KEY"]
    assert [(name, process, key) for name, process, _since, key in rows] == [
        ("secret_key", "web", "host"),
        ("smtp_password", "worker", "host"),
    ]
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", since) for _name, _process, since, _key in rows
    )
    assert "del correo" not in machine.done("list")


def test_a_secret_that_is_destroyed_is_handed_to_nobody_any_more(machine: Machine) -> None:
    machine.done("put", "smtp_password", "worker", given="una")
    machine.done("put", "cctex_url", "worker", given="mssql://lee:suya@cctex/creditos")
    machine.done("destroy", "smtp_password", "worker")
    assert machine.stored() == ["ventanilla-worker.cctex_url"]
    assert [each.partition(":")[0] for each in machine.handed("worker@")] == ["cctex_url"]
    machine.done("destroy", "cctex_url", "worker")
    assert (machine.stored(), machine.handed("worker@"), machine.handed("backup")) == ([], [], [])


def test_a_secret_opens_by_the_key_of_this_machine_and_under_its_own_name_only(
    machine: Machine,
) -> None:
    machine.done("put", "smtp_password", "worker", given="una")
    elsewhere = machine.secret(
        "show",
        "smtp_password",
        "worker",
        env={"SYSTEMD_CREDENTIAL_SECRET": str(machine.root / "other.secret")},
    )
    assert (elsewhere.returncode != 0, elsewhere.stdout) == (True, b"")
    store = machine.below("/etc/credstore.encrypted")
    (store / "ventanilla-worker.smtp_password").rename(store / "ventanilla-worker.cctex_url")
    renamed = machine.secret("show", "cctex_url", "worker")
    assert (renamed.returncode != 0, renamed.stdout) == (True, b"")


def test_the_store_takes_each_setting_that_is_a_secret() -> None:
    (listed,) = re.findall(
        "^secrets='(.+)'$",
        (ROOT / "deploy/systemd/ventanilla-secret").read_text("ascii"),
        re.MULTILINE,
    )
    importlib.import_module("app")  # each room declares its rows when it is imported
    secret = {
        name for name in names_of_a_place() if re.search("secret|password|_url$|key_id$", name)
    } - {
        "base_url",
        "breached_passwords",
    }
    assert set(listed.split()) == secret
    manual = (
        (ROOT / "docs/operate.md").read_text("utf-8").split("\n### Secrets\n")[1].split("\n### ")[0]
    )
    assert {name for name in secret if f"`{name}`" not in manual} == set()


def test_a_new_machine_keeps_its_secrets_in_the_store_before_anything_asks_for_them() -> None:
    steps = (
        (ROOT / "docs/operate.md")
        .read_text("utf-8")
        .split("## One machine, by hand\n")[1]
        .split("```")[1]
    )
    order = [
        "install -m 755 deploy/systemd/ventanilla deploy/systemd/ventanilla-secret /usr/local/sbin/",
        "ventanilla-secret create secret_key owner web worker",
        "ventanilla owner setup",
        "ventanilla worker evidence key && ventanilla-secret import",
        "systemctl daemon-reload && systemctl enable --now",
    ]
    assert [steps.index(each) for each in order] == sorted(steps.index(each) for each in order)


# --- what lies open -------------------------------------------------------------------------------
KEY = "PRIVATE una\nPRIVATE otra\nPAST 5 la que se dice\n"


@pytest.fixture
def open_machine(machine: Machine) -> Machine:
    etc = machine.below("/etc/ventanilla")
    (etc / "ventanilla.toml").write_text(TOML, "utf-8")
    (etc / "ventanilla.toml").chmod(0o640)
    files = {
        "owner": "DATABASE_URL=postgresql://ventanilla:suya@/ventanilla?host=/var/run/postgresql",
        "web": "DATABASE_URL=postgresql://ventanilla_web@/ventanilla?host=/var/run/postgresql\n",
        "worker": "# del trabajador\nDATABASE_URL=postgresql://ventanilla_worker:d%24e@db/ventanilla\n"
        '  SMTP_PASSWORD = "una clave" \nCLAMD=clamd:3310\n',
    }
    for who, said in files.items():
        (etc / f"{who}.env").write_text(said, "utf-8")
        (etc / f"{who}.env").chmod(0o600)
    (machine.below("/var/lib/ventanilla-worker") / "evidence.key").write_text(KEY, "ascii")
    (machine.below("/var/lib/ventanilla-worker") / "evidence.checked").write_text("{}", "ascii")
    return machine


def lying(machine: Machine) -> dict[str, tuple[int, str]]:
    folders = ("/etc/ventanilla", "/var/lib/ventanilla", "/var/lib/ventanilla-worker")
    files = [file for folder in folders for file in machine.below(folder).iterdir()]
    return {file.name: (file.stat().st_mode & 0o777, file.read_text("utf-8")) for file in files}


def test_what_lies_open_is_taken_over_once_and_taken_out_of_its_files(
    open_machine: Machine,
) -> None:
    said = open_machine.done("import")
    assert not any(secret in said for secret in (SIGNS, "una clave", "suya", "PRIVATE"))
    assert open_machine.stored() == [
        "ventanilla-owner.database_url",
        "ventanilla-owner.secret_key",
        "ventanilla-web.secret_key",
        "ventanilla-worker.database_url",
        "ventanilla-worker.evidence.key",
        "ventanilla-worker.secret_key",
        "ventanilla-worker.smtp_password",
    ]
    assert {open_machine.shown("secret_key", each) for each in ("owner", "web", "worker")} == {
        SIGNS
    }
    # that of its own file, which won over the file of all
    assert open_machine.shown("smtp_password", "worker") == "una clave"
    assert (
        open_machine.shown("database_url", "worker")
        == "postgresql://ventanilla_worker:d%24e@db/ventanilla"
    )
    assert open_machine.shown("evidence.key", "worker") == KEY
    assert [each.partition(":")[0] for each in open_machine.handed("worker@")] == [
        "database_url",
        "evidence.key",
        "secret_key",
        "smtp_password",
    ]
    assert [each.partition(":")[0] for each in open_machine.handed("web@")] == ["secret_key"]
    lines = [
        line
        for line in TOML.splitlines(keepends=True)
        if not line.startswith(("secret_key", "smtp_password"))
    ]
    now = {
        "ventanilla.toml": (0o640, "".join(lines)),
        "owner.env": (0o600, ""),
        "web.env": (
            0o600,
            "DATABASE_URL=postgresql://ventanilla_web@/ventanilla?host=/var/run/postgresql\n",
        ),
        "worker.env": (0o600, "# del trabajador\nCLAMD=clamd:3310\n"),
        "evidence.checked": (lying(open_machine)["evidence.checked"][0], "{}"),
    }
    assert lying(open_machine) == now
    kept = {
        file: file.read_bytes() for file in open_machine.below("/etc/credstore.encrypted").iterdir()
    }
    assert open_machine.done("import") == ""
    assert (lying(open_machine), {file: file.read_bytes() for file in kept}) == (now, kept)


def test_what_an_import_that_was_cut_off_left_readable_goes_with_the_next_one_and_takes_nothing_along(
    open_machine: Machine,
) -> None:
    etc = open_machine.below("/etc/ventanilla")
    open_machine.done("import")
    now = lying(open_machine)
    (etc / "worker.env.gone.4711").write_text("SMTP_PASSWORD=una clave\n", "ascii")
    (etc / "ventanilla.toml.gone").write_text(TOML, "utf-8")
    # cut off before the other one stood in its place
    (etc / "web.env.gone.4711").hardlink_to(etc / "web.env")
    open_machine.done("import")
    assert lying(open_machine) == now


def test_nothing_is_taken_out_of_a_file_that_the_store_could_not_take(
    open_machine: Machine,
) -> None:
    before = lying(open_machine)
    (open_machine.root / "tools/systemd-creds").write_text("#!/bin/sh\nexit 1\n", "ascii")
    (open_machine.root / "tools/systemd-creds").chmod(0o755)
    assert open_machine.secret("import").returncode == 1
    assert lying(open_machine) == before


def test_a_line_that_systemd_reads_otherwise_is_left_to_whoever_wrote_it(
    open_machine: Machine,
) -> None:
    web = open_machine.below("/etc/ventanilla/worker.env")
    web.write_text("SMTP_PASSWORD=una\\clave\n", "ascii")
    refused = open_machine.secret("import")
    assert (refused.returncode, "has a backslash" in refused.stderr.decode()) == (1, True)
    assert web.read_text("ascii") == "SMTP_PASSWORD=una\\clave\n"
    assert (
        "ventanilla-worker.smtp_password" not in open_machine.stored()
        or open_machine.shown("smtp_password", "worker") == 'del "correo"'
    )
    # what was taken over before is handed
    assert [each.partition(":")[0] for each in open_machine.handed("web@")] == ["secret_key"]


def test_the_secret_that_the_place_made_for_itself_is_taken_over_where_it_holds(
    open_machine: Machine,
) -> None:
    kept = open_machine.below("/var/lib/ventanilla/secret")
    kept.write_text("la que el lugar hizo para firmar, y que nadie dijo", "ascii")
    toml = open_machine.below("/etc/ventanilla/ventanilla.toml")
    toml.write_text(re.sub("secret_key.*\n", "", TOML), "utf-8")
    open_machine.done("import")
    assert not kept.exists()
    assert (
        open_machine.shown("secret_key", "web")
        == "la que el lugar hizo para firmar, y que nadie dijo"
    )


def test_where_one_account_is_both_it_asks_for_the_key_by_hand_as_the_owner(
    open_machine: Machine,
) -> None:
    stat = open_machine.root / "tools/stat"
    stat.write_text(
        '#!/bin/sh\n[ "$1 $2" = "-c %U" ] && { echo ventanilla; exit; }\nexec /usr/bin/stat "$@"\n',
        "ascii",
    )
    stat.chmod(0o755)
    open_machine.done("import")
    assert {open_machine.shown("evidence.key", process) for process in ("owner", "worker")} == {KEY}


def test_a_link_that_an_account_put_in_the_place_of_its_key_is_not_followed(
    open_machine: Machine,
) -> None:
    key, other = (
        open_machine.below("/var/lib/ventanilla-worker/evidence.key"),
        open_machine.root / "shadow",
    )
    other.write_text("root:x", "ascii")
    key.unlink()
    key.symlink_to(other)
    open_machine.done("import")
    assert (key.is_symlink(), other.read_text("ascii")) == (True, "root:x")
    assert "ventanilla-worker.evidence.key" not in open_machine.stored()


def test_a_key_of_the_log_gives_way_to_another_only_while_nobody_signs(
    open_machine: Machine,
) -> None:
    open_machine.done("import")
    new = open_machine.below("/var/lib/ventanilla-worker/evidence.key")
    new.write_text(KEY.replace("una", "nueva"), "ascii")
    (open_machine.root / "noted.active").touch()
    for order in (
        ("import",),
        ("destroy", "evidence.key", "worker"),
        ("put", "evidence.key", "worker"),
    ):
        refused = open_machine.secret(*order, given="otra")
        assert (refused.returncode, "stop the workers first" in refused.stderr.decode()) == (
            1,
            True,
        )
    assert (new.exists(), open_machine.shown("evidence.key", "worker")) == (True, KEY)
    (open_machine.root / "noted.active").unlink()
    open_machine.done("import")
    assert (new.exists(), open_machine.shown("evidence.key", "worker")) == (
        False,
        KEY.replace("una", "nueva"),
    )


# --- handed to a command by hand ------------------------------------------------------------------
#: In the place of `flask`: says what it was handed, and stays as long as it is told to.
COMMAND = """#!/bin/sh
stat -c '%a %n' "$CREDENTIALS_DIRECTORY" "$CREDENTIALS_DIRECTORY"/*
cat "$CREDENTIALS_DIRECTORY/smtp_password"; echo
cat
case "$*" in *stay*) trap 'echo told; exit 9' TERM INT; echo ready; while :; do sleep 0.05; done ;; esac
exit 7
"""


@pytest.fixture
def handing(machine: Machine) -> Machine:
    python = machine.below("/opt/ventanilla/.venv/bin/python")
    python.unlink()
    python.write_text(COMMAND, "ascii")
    python.chmod(0o755)
    machine.done("put", "smtp_password", "worker", given="una clave")
    machine.done("put", "evidence.key", "worker", given=KEY)
    machine.done("put", "secret_key", "owner", given=SIGNS)
    (machine.root / "noted").unlink()
    return machine


def empty(machine: Machine) -> bool:
    return not list(machine.below("/run").iterdir())


def test_a_command_by_hand_is_handed_what_its_process_has_and_it_is_gone_at_the_end(
    handing: Machine,
) -> None:
    order = ["sh", str(handing.root / "ventanilla"), "worker", "doctor"]
    done = run(
        order, env=handing.env, input="lo que entra", capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (7, "")
    folder, *files, value, given = done.stdout.splitlines()
    mode, where = folder.split()
    assert (mode, Path(where).parent) == ("500", handing.below("/run"))
    assert files == [f"400 {where}/evidence.key", f"400 {where}/smtp_password"]
    assert (value, given) == ("una clave", "lo que entra")
    assert f"chown -R ventanilla-worker:ventanilla-worker {where}" in handing.noted()
    until(lambda: empty(handing) or None)


#: Whoever began the tests may have told them to ignore what a terminal sends, and what they begin
#: inherits it.
AS_A_TERMINAL = "import os, signal, sys; [signal.signal(n, signal.SIG_DFL) for n in (1, 2, 15)]; os.execvp(sys.argv[1], sys.argv[1:])"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGHUP])
def test_what_a_command_was_handed_is_gone_however_it_ends(
    handing: Machine, how: signal.Signals
) -> None:
    order = [
        sys.executable,
        "-c",
        AS_A_TERMINAL,
        "sh",
        str(handing.root / "ventanilla"),
        "worker",
        "stay",
    ]
    with spawn(
        order,
        env=handing.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as begun:
        assert begun.stdout is not None
        while begun.stdout.readline() != "ready\n":
            assert begun.poll() is None
        assert not empty(handing)
        os.killpg(begun.pid, how)  # as a terminal does
        rest, _said = begun.communicate(timeout=60)
    told = how in (signal.SIGTERM, signal.SIGINT)
    assert (begun.returncode, rest) == ((9, "told\n") if told else (-how, ""))
    until(lambda: empty(handing) or None)


def test_a_secret_of_another_machine_is_said_and_the_command_does_not_begin(
    handing: Machine,
) -> None:
    env = {**handing.env, "SYSTEMD_CREDENTIAL_SECRET": str(handing.root / "other.secret")}
    done = run(
        ["sh", str(handing.root / "ventanilla"), "worker", "doctor"],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "ventanilla-worker.evidence.key is not readable by this machine" in done.stderr
    until(lambda: empty(handing) or None)


def test_a_process_without_secrets_is_handed_nothing(handing: Machine) -> None:
    python = handing.below("/opt/ventanilla/.venv/bin/python")
    python.write_text("#!/bin/sh\nenv\n", "ascii")
    done = run(
        ["sh", str(handing.root / "ventanilla"), "web", "doctor"],
        env=handing.env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, "CREDENTIALS_DIRECTORY" in done.stdout) == (0, False)
