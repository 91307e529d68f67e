"""Figures for the monitoring machine, and for nobody else."""

import pytest

TOKEN = "t" * 24


@pytest.mark.django_db
def test_figures_are_for_who_shows_the_token(client, settings, clerk):
    client.force_login(clerk)
    client.get("/profile/")
    assert client.get("/metrics").status_code == 404, "none is set"
    settings.METRICS_TOKEN = TOKEN
    for shown in ("", "Bearer ", f"Bearer {TOKEN[:-1]}x", TOKEN):
        assert client.get("/metrics", headers={"authorization": shown}).status_code == 404
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    words = answer.content.decode()
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
    assert 'campaign_tracker_answers_total{method="GET",status="200"}' in words
    assert 'campaign_tracker_up{part="database"} 1.0' in words
    # No broker runs beside the tests.
    assert 'campaign_tracker_up{part="broker"} 0.0' in words
    assert 'campaign_tracker_jobs{state="queued"} 0.0' in words and "campaign_tracker_events_unsealed" in words
    assert clerk.name not in words and clerk.username not in words
