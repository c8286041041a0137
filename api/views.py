from django.http import HttpRequest, JsonResponse

from ppaos.web.api_errors import NOT_FOUND, error_body


def not_found(request: HttpRequest) -> JsonResponse:
    """Answer every other address under the API in the API's own words."""
    return JsonResponse(error_body("not_found", NOT_FOUND), status=404)
