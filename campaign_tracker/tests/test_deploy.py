"""What is written down for operators agrees with the program."""

import re

import yaml

from campaign_tracker.environment import BASE_DIR, PARTS

DEPLOY = BASE_DIR / "deploy"


def test_every_setting_stands_in_the_example():
    source = (BASE_DIR / "campaign_tracker" / "environment.py").read_text(encoding="utf-8")
    names = set(re.findall(r'(?:given\.get\(|_(?:flag|number|words)\(given, )"([A-Z_]+)"', source))
    example = set(re.findall(r"^#?([A-Z_]+)=", (BASE_DIR / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert len(names) > 20 and names <= example


def test_the_containers_run_every_part_and_the_clock_once():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    nodes = {name: service for name, service in services.items() if service.get("image") == "campaign-tracker"}
    assert sorted(node["environment"]["PARTS"] for node in nodes.values()) == sorted(PARTS)
    assert nodes["beat"]["deploy"] == {"replicas": 1}
    # What users hand in is seen by all; every node has the rest of its data folder for itself.
    shared = [f"{name}:/var/lib/campaign-tracker/{name}" for name in ("evidence", "imports", "exports")]
    assert all(node["volumes"] == shared for node in nodes.values())
    assert all("@postgres:" in node["environment"]["DATABASE_URL"] for node in nodes.values())


def test_the_proxies_hand_on_who_asks():
    for site in DEPLOY.glob("nginx/*.conf"):
        words = site.read_text(encoding="utf-8")
        for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID"):
            assert f"proxy_set_header {header} " in words, f"{site.name} {header}"
        assert "location = /metrics" in words
