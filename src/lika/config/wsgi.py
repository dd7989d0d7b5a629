"""The WSGI entry, for granian (`lika serve`) and any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lika.config.settings")

application = get_wsgi_application()
