"""The WSGI entry of the public pages by themselves, for granian (`lika serve --portal`) and any other server."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lika.runtime.postgres import EmbeddedServer

# Whatever the command that started this process was set to: strangers are never answered as another role.
os.environ["DJANGO_SETTINGS_MODULE"] = "lika.config.portal"

if settings.LIKA.database is None:
    EmbeddedServer(settings.LIKA.data_dir).start()  # held on to by each web process, as in `lika.config.wsgi`

application = get_wsgi_application()
