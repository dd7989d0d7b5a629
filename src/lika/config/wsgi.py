"""The WSGI entry, for granian (`lika serve`) and any other server."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lika.runtime.postgres import EmbeddedServer

# Whatever the command that started this process was set to: pages are never served as the owner of the tables.
os.environ["DJANGO_SETTINGS_MODULE"] = "lika.config.web"

if settings.LIKA.database is None:
    # Each web process holds on to the embedded server itself, so that no other command stops it under
    # a web process whose supervisor was killed.
    EmbeddedServer(settings.LIKA.data_dir).start()

application = get_wsgi_application()
