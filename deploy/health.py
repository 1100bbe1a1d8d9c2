#!/usr/bin/env python3
"""Exit with 0 if the desk answers: the health check of the container.

HEALTH_URL is where it answers within the container: https://127.0.0.1:8443/ by default, and
http://127.0.0.1:8443/ behind a proxy. Whether its certificate is valid is for browsers to say.
"""

import os
import ssl
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

TIMEOUT = 4  # seconds; the container's health check gives it 5

url = os.environ.get("HEALTH_URL", "https://127.0.0.1:8443/")
place = urlsplit(url)
if place.scheme == "https":
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = HTTPSConnection(place.netloc, timeout=TIMEOUT, context=context)
else:
    connection = HTTPConnection(place.netloc, timeout=TIMEOUT)
try:
    connection.request("GET", place.path or "/")
    status = connection.getresponse().status
except (OSError, HTTPException) as error:
    sys.exit(f"{url} does not answer: {error}")
# It may lead to the page on which accounts sign in.
if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
    sys.exit(f"{url} answers {status}")
