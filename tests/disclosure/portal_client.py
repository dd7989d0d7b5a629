"""The public site as its process has it: its settings, its role. Asks for some paths and prints the answers as JSON."""

import json
import os
import sys


def main() -> None:
    """`python -m tests.disclosure.portal_client PATH …`"""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lika.config.portal"
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client(headers={"accept-language": "zh-hans"})
    answers = [client.get(path) for path in sys.argv[1:]]
    print(json.dumps([(answer.status_code, answer.content.decode()) for answer in answers]))


if __name__ == "__main__":
    main()
