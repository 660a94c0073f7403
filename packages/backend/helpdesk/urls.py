from django.urls import include, path

from helpdesk import errors
from helpdesk.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("api/tickets/", include("tickets.urls")),
]

handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.server_error
