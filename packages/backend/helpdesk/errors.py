"""Every error of the API has one shape: {"errors": {"<field>": ["<sentence>", …]}}."""

from django.http import HttpRequest, JsonResponse


def error(status: int, field: str, sentence: str, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse({"errors": {field: [sentence]}}, status=status, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    return error(400, "request", "This request can't be understood.")


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return error(404, "path", "There is nothing at this address.")


def server_error(request: HttpRequest) -> JsonResponse:
    return error(500, "server", "Something went wrong here. The server's log says what.")
