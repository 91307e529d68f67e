"""What is written down for operators agrees with the program."""

import re

import yaml

from campaign_tracker.environment import BASE_DIR, PARTS

DEPLOY = BASE_DIR / "deploy"


def words(path: str) -> str:
    return (BASE_DIR / path).read_text(encoding="utf-8")


def in_the_example() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", words(".env.example"), re.MULTILINE))


def test_every_setting_stands_in_the_example():
    source = words("campaign_tracker/environment.py")
    names = set(re.findall(r'(?:given\.get\(|_(?:flag|number|words)\(given, )"([A-Z_]+)"', source))
    assert len(names) > 20 and names <= in_the_example()


def test_the_containers_run_every_part_and_the_clock_once():
    compose = words("deploy/compose.yaml")
    services = yaml.safe_load(compose)["services"]
    nodes = {name: service for name, service in services.items() if service.get("image") == "campaign-tracker"}
    assert sorted(node["environment"]["PARTS"] for node in nodes.values()) == sorted(PARTS)
    assert nodes["beat"]["deploy"] == {"replicas": 1}
    assert all("@postgres:" in node["environment"]["DATABASE_URL"] for node in nodes.values())
    # What users hand in is seen by all; every node has the rest of its data folder for itself.
    shared = ["evidence", "imports", "exports", "backups"]
    for node in nodes.values():
        assert [volume.rpartition("/var/lib/campaign-tracker/")[2] for volume in node["volumes"]] == shared
    # A new volume takes its owner from the folder of the image.
    assert f"mkdir {' '.join(shared)} " in words("deploy/Containerfile")
    # Compose reads them from the .env beside manage.py, where COMPOSE_FILE leads it here.
    assert set(re.findall(r"\$\{([A-Z_]+)", compose)) <= in_the_example()
    assert "#COMPOSE_FILE=deploy/compose.yaml" in words(".env.example")


def test_no_image_takes_secrets_or_data_along():
    assert {".env", ".venv", ".git", "var"} <= set(words(".dockerignore").splitlines())


def test_the_units_start_what_there_is():
    commands = re.findall(r"^ {4}(\w+)(?: \| (\w+))?\)$|^(\w+)(?: \| (\w+))?\)$", words("run"), re.MULTILINE)
    known = {name for names in commands for name in names if name}
    started = [
        re.findall(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE) for unit in DEPLOY.glob("systemd/*.service")
    ]
    assert len(started) == 2
    for ((program, *arguments),) in [[line.split() for line in lines] for lines in started]:
        assert program == "/opt/campaign-tracker/run" and set(arguments[:1]) <= known
    # A server that does not answer yet ends a start like a wrong setting: the unit must try again.
    assert "RestartPreventExitStatus" not in words("deploy/systemd/campaign-tracker.service")


def test_the_proxies_hand_on_who_asks():
    for site in DEPLOY.glob("nginx/*.conf"):
        words = site.read_text(encoding="utf-8")
        for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID"):
            assert f"proxy_set_header {header} " in words, f"{site.name} {header}"
        assert "location = /metrics" in words
