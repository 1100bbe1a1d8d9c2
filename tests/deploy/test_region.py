"""The manifest of a region's cluster fits together, and its commands are tally's."""

import click
import pytest
import yaml

from cli.main import tally
from tests.deploy.conftest import DEPLOY

SERVICE, *DEPLOYMENTS = yaml.safe_load_all((DEPLOY / "region.yaml").read_text(encoding="utf-8"))
PODS = {one["metadata"]["name"]: one["spec"]["template"] for one in DEPLOYMENTS}


def containers(pod):
    return [*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]]


def test_workers_find_the_scheduler_by_its_service():
    assert SERVICE["spec"]["selector"] == PODS["scheduler"]["metadata"]["labels"]
    (worker,) = PODS["worker"]["spec"]["containers"]
    (port,) = SERVICE["spec"]["ports"]
    assert worker["command"][-1] == f"tls://{SERVICE['metadata']['name']}:{port['port']}"


@pytest.mark.parametrize("pod", PODS.values(), ids=PODS)
def test_a_pod_mounts_what_it_has_and_runs_without_rights(pod):
    volumes = {one["name"] for one in pod["spec"]["volumes"]}
    mounted = {one["name"] for container in containers(pod) for one in container["volumeMounts"]}
    assert mounted == volumes
    assert pod["spec"]["securityContext"]["runAsNonRoot"]
    assert not pod["spec"]["automountServiceAccountToken"]
    (main,) = pod["spec"]["containers"]
    assert main["securityContext"]["readOnlyRootFilesystem"]
    named = {one["name"]: one["value"] for one in main["env"]}
    assert named["TALLY_TLS"] in {one["mountPath"] for one in main["volumeMounts"]}


@pytest.mark.parametrize("pod", PODS.values(), ids=PODS)
def test_a_pod_runs_a_command_of_tally(pod):
    (main,) = pod["spec"]["containers"]
    name, group, command, *words = main["command"]
    assert (name, group) == ("tally", "region")
    found = tally.get_command(click.Context(tally), group)
    found.get_command(click.Context(found), command).make_context(command, words)
