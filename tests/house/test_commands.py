"""`./run` is what others rely on: its commands, their help, their exit status, and the lists it installs from."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import hall_server.settings
import kiosk.settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMMANDS = ("demo", "test", "check", "bench", "rows")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "run", *arguments], capture_output=True, text=True, timeout=30, check=False)


def test_help_names_every_command() -> None:
    told = run("help")
    assert told.returncode == 0
    assert all(re.search(rf"^  {command} ", told.stdout, re.MULTILINE) for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_prints_its_own_help(command: str) -> None:
    told = run(command, "--help")
    assert told.returncode == 0
    assert f"./run {command}" in told.stdout


@pytest.mark.parametrize("arguments", [("nonsense",), ("bench", "nonsense"), ("check", "nonsense")])
def test_wrong_usage_is_told_in_one_sentence_with_status_2(arguments: tuple[str, ...]) -> None:
    told = run(*arguments)
    assert told.returncode == 2
    assert len(told.stderr.strip().splitlines()) == 1


def test_the_ci_runs_what_the_readme_tells_a_newcomer() -> None:
    assert re.search(r"run\" test$", (ROOT / ".ci" / "run").read_text().strip())


@pytest.mark.parametrize("name", ["run", "dev"])
def test_python_packages_are_pinned_by_hash_and_name_no_host(name: str) -> None:
    lock = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in lock
    stanzas = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE | re.IGNORECASE)[1:]
    assert len(stanzas) > 40
    assert [stanza.splitlines()[0] for stanza in stanzas if "--hash=sha256:" not in stanza] == []


def test_the_dev_list_holds_all_of_the_run_list() -> None:
    pins = {
        name: set(
            re.findall(
                r"^([a-z0-9._\[\],-]+==[^ ;]+)", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE
            )
        )
        for name in ("run", "dev")
    }
    assert pins["run"] - pins["dev"] == set()


# ---- example settings ----------------------------------------------------------------------------------------------

EXAMPLES = {"kiosk": kiosk.settings, "hall_server": hall_server.settings}


def schema_paths(schema: dict[str, object], definitions: dict[str, dict[str, object]], table: str = "") -> list[str]:
    """Return `table.key` of every setting, following tables into tables."""
    paths = []
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    for key, about in properties.items():
        references = re.findall(r"#/\$defs/(\w+)", str(about))
        nested = [name for name in references if "properties" in definitions[name]]
        if nested:
            below = key if "additionalProperties" not in about else f"{key}.*"
            paths += schema_paths(definitions[nested[0]], definitions, f"{table}{below}.")
        else:
            paths.append(f"{table}{key}")
    return paths


def example_paths(text: str) -> dict[str, bool]:
    """Return `table.key` of every line `key = …` or `# key = …`, and whether a comment stands above it."""
    paths: dict[str, bool] = {}
    table, commented = "", False
    for line in text.splitlines():
        if header := re.match(r"(?:# ?)?\[+([a-z_.]+)\]+$", line):
            table, commented = header[1] + ".", False
        elif setting := re.match(r"(?:#)?([a-z_0-9]+) = ", line):
            paths[table + setting[1]] = commented or "  # " in line
        else:
            commented = line.startswith("# ")
    return paths


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_setting_stands_with_its_comment_in_the_example_file(name: str) -> None:
    schema = EXAMPLES[name].Settings.model_json_schema()
    wanted = schema_paths(schema, schema["$defs"])
    shown = example_paths((DEPLOY / f"{name}.example.toml").read_text())
    generic: dict[str, bool] = {}  # a key that stands under several devices is explained once
    for path, commented in shown.items():
        told = re.sub(r"^devices\.[a-z_]+\.", "devices.*.", path)
        generic[told] = generic.get(told, False) or commented
    assert [path for path in wanted if path not in generic] == []
    assert [path for path in wanted if not generic[path]] == []
    strays = [path for path in generic if path not in wanted and not path.startswith("devices.*.options.")]
    assert strays == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_file_is_a_valid_production_configuration(name: str) -> None:
    loaded = EXAMPLES[name].load(DEPLOY / f"{name}.example.toml")
    assert loaded.environment == "production"


def test_the_versions_of_project_and_changelog_agree() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()
