"""Named people for the tests of the ground floor, which knows accounts but not what they belong to."""

from typing import Any

from django.contrib.auth import get_user_model


def make_user(username: str, name: str) -> Any:
    """An active account whose history reads `name`."""
    model: Any = get_user_model()
    names = {field.name for field in model._meta.get_fields()}
    fields = {"name": name, "must_change_password": False} if "name" in names else {"first_name": name}
    return model.objects.create_user(username, "a long pass phrase 7", **fields)
