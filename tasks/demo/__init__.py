"""The demo county of fixtures/: its bodies and people, the five campaigns, and a life that fits the day of loading."""
