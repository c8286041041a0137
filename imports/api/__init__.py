"""Imports over the API: send a file, follow it, compare every line, apply it, take it back."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.decorators import api_view, parser_classes
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from imports import services
from imports.api.incoming import (
    AreasIn,
    CorrectionsIn,
    DecisionIn,
    ImportIn,
    IssueQuery,
    MappingIn,
    RowQuery,
)
from imports.api.outgoing import CorrectionsOut, ImportOut, IssueOut, RowOut, StateOut
from imports.models import ImportBatch, ImportRow, RowIssue
from imports.services import sheets
from imports.services.templates import TEMPLATES
from imports.workflow import Decision
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page

MAX_LINES_A_PAGE = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# ---- views -----------------------------------------------------------------------
@extend_schema(
    methods=["GET"],
    operation_id="imports_list",
    summary="การนำเข้า",
    parameters=[PageQuery],
    responses=page_schema("Import", ImportOut(many=True)),
)
@extend_schema(
    methods=["POST"],
    operation_id="imports_create",
    summary="ส่งไฟล์",
    request={"multipart/form-data": ImportIn},
    responses={201: StateOut},
)
@api_view(["GET", "POST"])
@parser_classes([MultiPartParser])
def collection(request: Request) -> Response:
    if request.method == "POST":
        batch = _upload(request)
        return Response(_state(batch), status=status.HTTP_201_CREATED)
    visible = ImportBatch.objects.visible_to(person(request)).select_related("file")
    return respond_with_page(request, visible, order=("-pk",), represent=_represent)


def _upload(request: Request) -> ImportBatch:
    data = check(ImportIn(data=request.data))
    try:
        return services.upload(
            stream=data["file"].file,
            name=data["file"].name,
            content_type=data["file"].content_type or "application/octet-stream",
            source=data["source"],
            year_be=data["year_be"],
            mapping=data.get("mapping"),
            comment=data.get("comment", ""),
            reimport_reason=data.get("reimport_reason", ""),
            by=person(request),
            at=now(),
        )
    except services.AlreadyImported as error:
        raise Refusal(
            code="already_imported", message=str(error), extra={"id": str(error.batch_id)}
        ) from None
    except services.QueueFull as error:
        raise Refusal(code="queue_full", message=str(error)) from None
    except services.UnableToUpload as error:
        raise ValidationError({error.field or "file": [str(error)]}) from None


@extend_schema(operation_id="imports_read", summary="ความคืบหน้าและผล", responses=ImportOut)
@api_view(["GET"])
def detail(request: Request, pk: UUID) -> Response:
    return Response(_represent([_batch(request, pk)])[0])


@extend_schema(
    operation_id="imports_issues",
    summary="สิ่งที่พบในไฟล์",
    parameters=[IssueQuery],
    responses=page_schema("Issue", IssueOut(many=True)),
)
@api_view(["GET"])
def issues(request: Request, pk: UUID) -> Response:
    batch = _batch(request, pk)
    query = check(IssueQuery(data=request.query_params))
    found = batch.issues.all()
    if "code" in query:
        found = found.filter(code=query["code"])

    def represent(page: list[RowIssue]) -> list[Any]:
        return list(
            IssueOut(
                services.show_issues(batch, page, by=person(request), at=now()), many=True
            ).data
        )

    return respond_with_page(
        request,
        found,
        order=("row", "pk"),
        represent=represent,
        max_page_size=MAX_LINES_A_PAGE,
    )


@extend_schema(
    operation_id="imports_rows",
    summary="ทุกบรรทัดและผล",
    parameters=[RowQuery],
    responses=page_schema("Row", RowOut(many=True)),
)
@api_view(["GET"])
def rows(request: Request, pk: UUID) -> Response:
    batch = _batch(request, pk)
    query = check(RowQuery(data=request.query_params))
    found = batch.rows.for_page(
        verdict=query.get("verdict", ""), code=query.get("code", ""), row=query.get("row")
    )

    def represent(page: list[ImportRow]) -> list[Any]:
        shown = services.show_rows(batch, page, by=person(request), at=now())
        return list(RowOut(shown, many=True).data)

    return respond_with_page(
        request, found, order=("row",), represent=represent, max_page_size=MAX_LINES_A_PAGE
    )


@extend_schema(
    operation_id="imports_decide",
    summary="ตัดสินบรรทัดที่รอ",
    request=DecisionIn,
    responses=RowOut,
)
@api_view(["POST"])
def row_detail(request: Request, pk: UUID, row: int) -> Response:
    batch = _batch(request, pk)
    data = check(DecisionIn(data=request.data))
    try:
        line = services.decide_row(
            batch=batch,
            row=row,
            decision=Decision(data["decision"]),
            values=data.get("values"),
            member=data.get("member"),
            is_new_person=data["is_new_person"],
            by=person(request),
            at=now(),
        )
    except services.UnableToDecide as error:
        raise _undecided(error) from None
    except services.UnableToMove as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    shown = services.show_rows(batch, [line], by=person(request), at=now())
    return Response(RowOut(shown[0]).data)


@extend_schema(
    operation_id="imports_mapping", summary="จับคู่คอลัมน์", request=MappingIn, responses=StateOut
)
@api_view(["POST"])
def mapping(request: Request, pk: UUID) -> Response:
    batch = _batch(request, pk)
    data = check(MappingIn(data=request.data))
    try:
        services.confirm_mapping(
            batch=batch,
            columns=data.get("mapping") or data.get("columns"),
            part=data.get("part", 0),
            profile=data.get("profile", ""),
            one_is_problem=data.get("one_is_problem", True),
            one_is_passed=data.get("one_is_passed", True),
            reading=data,
            by=person(request),
            at=now(),
        )
    except services.UnableToDecide as error:
        raise _undecided(error) from None
    except services.UnableToMove as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response(_state(batch))


@extend_schema(
    operation_id="imports_areas", summary="ยืนยันพื้นที่ใหม่", request=AreasIn, responses=StateOut
)
@api_view(["POST"])
def areas(request: Request, pk: UUID) -> Response:
    batch = _batch(request, pk)
    data = check(AreasIn(data=request.data))
    try:
        services.confirm_areas(batch=batch, codes=data["codes"], by=person(request), at=now())
    except services.UnableToDecide as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    except services.UnableToMove as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response(_state(batch))


def _order(request: Request, pk: UUID, service: Any) -> Response:
    batch = _batch(request, pk)
    try:
        service(batch=batch, by=person(request), at=now())
    except (services.UnableToMove, services.UnableToApply) as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response(_state(batch), status=status.HTTP_202_ACCEPTED)


@extend_schema(
    operation_id="imports_apply", summary="นำเข้าทะเบียน", request=None, responses={202: StateOut}
)
@api_view(["POST"])
def apply(request: Request, pk: UUID) -> Response:
    return _order(request, pk, services.order_apply)


@extend_schema(
    operation_id="imports_approve",
    summary="อนุมัติการนำเข้าที่เกินเกณฑ์",
    request=None,
    responses={202: StateOut},
)
@api_view(["POST"])
def approve(request: Request, pk: UUID) -> Response:
    return _order(request, pk, services.approve)


@extend_schema(
    operation_id="imports_undo", summary="ย้อนกลับ", request=None, responses={202: StateOut}
)
@api_view(["POST"])
def undo(request: Request, pk: UUID) -> Response:
    return _order(request, pk, services.order_undo)


@extend_schema(
    operation_id="imports_cancel", summary="ยกเลิก", request=None, responses={202: StateOut}
)
@api_view(["POST"])
def cancel(request: Request, pk: UUID) -> Response:
    return _order(request, pk, services.cancel_import)


@extend_schema(
    methods=["GET"],
    operation_id="imports_corrections",
    summary="ผลของไฟล์แถวที่แก้แล้ว",
    responses=CorrectionsOut(many=True),
)
@extend_schema(
    methods=["POST"],
    operation_id="imports_correct",
    summary="ส่งไฟล์แถวที่แก้แล้ว",
    request={"multipart/form-data": CorrectionsIn},
    responses={200: CorrectionsOut, 202: CorrectionsOut},
)
@api_view(["GET", "POST"])
@parser_classes([MultiPartParser])
def corrections(request: Request, pk: UUID) -> Response:
    batch = _batch(request, pk)
    if request.method == "GET":
        return Response(CorrectionsOut(services.reports(batch), many=True).data)
    file = check(CorrectionsIn(data=request.data))["file"]
    try:
        report = services.send_corrections(
            batch=batch,
            stream=file.file,
            name=file.name,
            content_type=file.content_type or "application/octet-stream",
            by=person(request),
            at=now(),
        )
    except services.UnableToDecide as error:
        raise ValidationError({"file": [str(error)]}) from None
    except services.UnableToMove as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    found = status.HTTP_200_OK if report.is_over else status.HTTP_202_ACCEPTED
    return Response(CorrectionsOut(report).data, status=found)


_WORKBOOK = {(200, XLSX): OpenApiResponse(OpenApiTypes.BINARY)}


@extend_schema(operation_id="imports_errors", summary="บรรทัดที่ต้องแก้ เป็น .xlsx", responses=_WORKBOOK)
@api_view(["GET"])
def errors(request: Request, pk: UUID) -> FileResponse:
    stream, name = sheets.error_file(batch=_batch(request, pk), by=person(request), at=now())
    return FileResponse(stream, as_attachment=True, filename=name)


@extend_schema(operation_id="imports_template", summary="แบบฟอร์มเปล่า .xlsx", responses=_WORKBOOK)
@api_view(["GET"])
def template(request: Request, source: str) -> FileResponse:
    if source not in TEMPLATES:
        raise Http404
    stream, name = sheets.template_file(key=source)
    return FileResponse(stream, as_attachment=True, filename=name)


# ---- the steps they share ----------------------------------------------------------
def _batch(request: Request, pk: UUID) -> ImportBatch:
    visible = ImportBatch.objects.visible_to(person(request)).select_related("file")
    batch = visible.filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


def _represent(batches: list[ImportBatch]) -> list[Any]:
    moment = now()
    return [ImportOut(services.summary(batch, at=moment)).data for batch in batches]


def _state(batch: ImportBatch) -> Any:
    return StateOut({"id": batch.pk, "state": batch.state}).data


def _undecided(error: services.UnableToDecide) -> Exception:
    if error.fields:
        return ValidationError(error.fields)
    return Refusal(code="invalid_state", message=str(error))
