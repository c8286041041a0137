"""Who may call what: one line for each route, which the census holds against the code.

A new route needs a line here, or tests/test_census.py fails. Say what the route is:

    public(GET=…)         everybody, without signing in
    own(GET=…, POST=…)    whoever is signed in, about themselves or their own lists
    function(GET=right)   a page or action that needs a right somewhere: others get 403
    thing(maker, see, …)  about one object: who does not see it gets 404, who sees it
                          and lacks the right gets 403

Methods are named with the right they need, EVERYONE for none; a tuple means any of them.
HEAD follows GET. Methods that are not named must be refused with 405.
`maker` makes an object in the village 30320101 and returns the arguments of the URL.
`see` is the right under which it is visible, or OWNER: to its owner only. With `by_agency`
it belongs to a referral (argument `pk`), which the officers of the agency asked see too.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.roles import PERMISSIONS, Permission, Role
from imports.services.templates import TEMPLATES
from referrals.workflow import Status
from tests import bodies, things
from tests.census import METHODS

P = Permission
EVERYONE: tuple[Permission, ...] = ()
OWNER = None

Needs = Permission | tuple[Permission, ...]
Maker = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Line:
    """What the table says of one route."""

    kind: str
    needs: dict[str, tuple[Permission, ...]]
    maker: Maker | None = None
    see: tuple[Permission, ...] | None = ()
    # What to send, where an empty body is refused before rights are looked at.
    body: Maker = field(default=dict)
    # Whether it may not be there (404) for those who may, because the state has none.
    may_be_absent: bool = False
    # Whether a program sends it as a form with a file.
    multipart: bool = False
    # Whether the officers of the agency that was asked see it too, where they answer for it.
    by_agency: bool = False

    def json(self) -> str:
        return json.dumps(self.body(), default=str)

    @staticmethod
    def has_csrf(name: str) -> bool:
        """Say whether a browser calls it: programs carry no cookie, so nothing to forge."""
        return not name.startswith("api:")


def _line(kind: str, methods: dict[str, Needs], **rest: Any) -> Line:
    needs = {
        method: right if isinstance(right, tuple) else (right,) for method, right in methods.items()
    }
    return Line(kind=kind, needs=needs, **rest)


def public(*methods: str) -> Line:
    return _line("public", dict.fromkeys(methods, EVERYONE))


def own(*methods: str, body: Maker = dict, may_be_absent: bool = False) -> Line:
    needs: dict[str, Needs] = dict.fromkeys(methods, EVERYONE)
    return _line("own", needs, body=body, may_be_absent=may_be_absent)


def function(*, body: Maker = dict, multipart: bool = False, **methods: Needs) -> Line:
    return _line("function", methods, body=body, multipart=multipart)


def thing(
    maker: Maker,
    see: Needs | None,
    *,
    body: Maker = dict,
    may_be_absent: bool = False,
    multipart: bool = False,
    by_agency: bool = False,
    **methods: Needs,
) -> Line:
    seen = see if see is None or isinstance(see, tuple) else (see,)
    return _line(
        "thing",
        methods,
        maker=maker,
        see=seen,
        body=body,
        may_be_absent=may_be_absent,
        multipart=multipart,
        by_agency=by_agency,
    )


def referral(status: Status = Status.SUBMITTED, *, body: Maker = dict, **methods: Needs) -> Line:
    """About a referral that stands there: seen in its area, and by the agency asked."""
    maker = things.a_referral(status)
    see = (P.REFERRAL_READ,)
    return _line("thing", methods, maker=maker, see=see, body=body, by_agency=True)


READERS_OF_REFERRALS = (P.REFERRAL_READ, P.REFERRAL_ANSWER)
IMPORTERS = (P.IMPORT, P.IMPORT_APPROVE)
SETTINGS_PAGES = (P.USERS_MANAGE, P.SETTINGS_CHANGE, P.AUDIT_READ, P.ROUTING_CHANGE)

RIGHTS: dict[str, Line] = {
    # ---- the frame
    "healthz": public("GET"),
    "readyz": public("GET"),
    "offline": public("GET"),
    # ---- signing in
    "account_login": public("GET", "POST"),
    "account_logout": public("GET", "POST"),
    "admin-logout": public(*METHODS),
    "admin-password-change": public(*METHODS),
    "mfa_authenticate": public("GET", "POST"),
    "account_reauthenticate": own("GET", "POST"),
    "mfa_reauthenticate": own("GET", "POST"),
    # ---- one's own account
    "accounts:account": own("GET"),
    "accounts:tokens": own("POST"),
    "accounts:token-revoke": thing(things.a_token, OWNER, POST=EVERYONE),
    "account_change_password": own("GET", "POST"),
    "usersessions_list": own("GET", "POST"),
    "mfa_index": own("GET"),
    "mfa_activate_totp": own("GET", "POST"),
    "mfa_deactivate_totp": own("GET", "POST", may_be_absent=True),
    "mfa_view_recovery_codes": own("GET", may_be_absent=True),
    "mfa_generate_recovery_codes": own("GET", "POST"),
    # ---- settings
    "accounts:settings": function(GET=SETTINGS_PAGES),
    "accounts:roles": function(GET=SETTINGS_PAGES),
    "accounts:users": function(GET=P.USERS_MANAGE),
    "accounts:user-new": function(GET=P.USERS_MANAGE, POST=P.USERS_MANAGE),
    "accounts:user": thing(things.a_user, P.USERS_MANAGE, GET=EVERYONE),
    "accounts:user-edit": thing(things.a_user, P.USERS_MANAGE, GET=EVERYONE, POST=EVERYONE),
    "accounts:scope-grant": thing(things.a_user, P.USERS_MANAGE, POST=EVERYONE),
    "accounts:password-reset": thing(things.a_user, P.USERS_MANAGE, POST=EVERYONE),
    "accounts:user-deactivate": thing(things.a_user, P.USERS_MANAGE, GET=EVERYONE, POST=EVERYONE),
    "accounts:user-reactivate": thing(things.a_user, P.USERS_MANAGE, POST=EVERYONE),
    "accounts:scope-revoke": thing(things.a_scope, P.USERS_MANAGE, POST=EVERYONE),
    "accounts:agencies": function(GET=P.SETTINGS_CHANGE),
    "accounts:agency-new": function(GET=P.SETTINGS_CHANGE, POST=P.SETTINGS_CHANGE),
    "accounts:agency-edit": thing(things.an_agency, P.SETTINGS_CHANGE, GET=EVERYONE, POST=EVERYONE),
    "accounts:audit": function(GET=P.AUDIT_READ),
    "components": function(GET=P.SETTINGS_CHANGE),
    # ---- the register
    "casework:today": own("GET"),
    "casework:households": own("GET"),
    "dashboards:dashboard": function(GET=P.DASHBOARD_READ),
    "dashboards:breakdown-sheet": function(GET=P.DASHBOARD_READ),
    "reconciliation:board": function(GET=P.HOUSEHOLD_READ),
    "reconciliation:board-sheet": function(GET=P.HOUSEHOLD_READ),
    "reconciliation:rows": function(GET=P.HOUSEHOLD_READ),
    "quality:board": function(GET=P.HOUSEHOLD_READ),
    "quality:rules": function(GET=P.QUALITY_RULES_SET, POST=P.QUALITY_RULES_SET),
    "quality:violations": function(GET=P.HOUSEHOLD_READ),
    "quality:excuse": thing(
        things.a_row_of_a_rule, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_UPDATE, POST=P.HOUSEHOLD_UPDATE
    ),
    "quality:exemption-end": thing(things.an_exemption, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_UPDATE),
    "casework:search": function(POST=P.HOUSEHOLD_SEARCH),
    "casework:view-save": function(POST=P.HOUSEHOLD_READ),
    "casework:view-delete": thing(things.a_saved_view, OWNER, POST=EVERYONE),
    "casework:columns": function(POST=P.HOUSEHOLD_READ),
    "casework:export": function(POST=P.HOUSEHOLD_EXPORT),
    "casework:new": function(GET=P.HOUSEHOLD_CREATE),
    "casework:case-file": thing(things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE),
    "casework:print": thing(things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE),
    "casework:story": thing(things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE),
    "households:twins": function(POST=P.HOUSEHOLD_CREATE),
    "households:register": function(GET=P.HOUSEHOLD_CREATE, POST=P.HOUSEHOLD_CREATE),
    "households:verify": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_VERIFY, POST=P.HOUSEHOLD_VERIFY
    ),
    "households:retract": thing(
        things.a_household_and_verification,
        P.HOUSEHOLD_READ,
        GET=P.VERIFICATION_RETRACT,
        POST=P.VERIFICATION_RETRACT,
    ),
    "households:edit": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_UPDATE, POST=P.HOUSEHOLD_UPDATE
    ),
    "households:consent": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_UPDATE, POST=P.HOUSEHOLD_UPDATE
    ),
    "households:member-add": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_UPDATE, POST=P.HOUSEHOLD_UPDATE
    ),
    "households:member-edit": thing(
        things.a_household_and_member,
        P.HOUSEHOLD_READ,
        GET=P.HOUSEHOLD_UPDATE,
        POST=P.HOUSEHOLD_UPDATE,
    ),
    "households:member-left": thing(
        things.a_household_and_member,
        P.HOUSEHOLD_READ,
        GET=P.HOUSEHOLD_UPDATE,
        POST=P.HOUSEHOLD_UPDATE,
    ),
    "households:reveal": thing(
        things.a_household_and_member, P.HOUSEHOLD_READ, POST=P.CITIZEN_ID_REVEAL
    ),
    # ---- moves and changes
    "households:incoming": function(GET=P.MOVE_ACCEPT),
    "households:move-accept": thing(things.an_incoming_move, P.MOVE_ACCEPT, POST=EVERYONE),
    "households:move-refuse": thing(things.an_incoming_move, P.MOVE_ACCEPT, POST=EVERYONE),
    "households:move": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_UPDATE, POST=P.HOUSEHOLD_UPDATE
    ),
    "households:moves": thing(things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE),
    "households:move-undo": thing(
        things.a_household_and_move, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_UPDATE
    ),
    "households:move-withdraw": thing(
        things.a_household_and_move, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_UPDATE
    ),
    "households:part": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_UPDATE, POST=P.HOUSEHOLD_UPDATE
    ),
    "households:part-undo": thing(
        things.a_household_and_member_move, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_UPDATE
    ),
    "households:member-returned": thing(
        things.a_household_and_member, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_UPDATE
    ),
    "households:birth": thing(
        things.a_household_and_member,
        P.HOUSEHOLD_READ,
        GET=P.HOUSEHOLD_UPDATE,
        POST=P.HOUSEHOLD_UPDATE,
    ),
    "households:protected": function(GET=P.PROTECTION_MANAGE),
    "households:protection": thing(
        things.a_household, P.PROTECTION_MANAGE, GET=EVERYONE, POST=EVERYONE
    ),
    "households:unprotect": thing(things.a_household, P.PROTECTION_MANAGE, POST=EVERYONE),
    "households:access-end": thing(
        things.a_household_and_access, P.PROTECTION_MANAGE, POST=EVERYONE
    ),
    "households:area-changes": function(GET=P.AREA_CHANGE, POST=P.AREA_CHANGE),
    # ---- leaving the targets
    "referrals:exits": function(GET=P.HOUSEHOLD_READ),
    "referrals:exit": thing(things.an_exit, P.HOUSEHOLD_READ, GET=EVERYONE),
    "referrals:exit-approve": thing(things.an_exit, P.HOUSEHOLD_READ, POST=P.EXIT_APPROVE),
    "referrals:exit-reject": thing(things.an_exit, P.HOUSEHOLD_READ, POST=P.EXIT_APPROVE),
    "referrals:exit-withdraw": thing(things.an_exit, OWNER, POST=EVERYONE),
    "referrals:exit-revoke": thing(things.an_exit, P.HOUSEHOLD_READ, POST=P.EXIT_APPROVE),
    "referrals:graduate": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE, POST=P.HOUSEHOLD_UPDATE
    ),
    "referrals:exit-new": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_UPDATE, POST=P.HOUSEHOLD_UPDATE
    ),
    # ---- imports
    "imports:imports": function(GET=IMPORTERS, POST=P.IMPORT),
    **{f"imports:template-{key}": function(GET=IMPORTERS) for key in TEMPLATES},
    "imports:provenance": thing(things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE),
    "imports:detail": thing(things.an_import, IMPORTERS, GET=EVERYONE),
    "imports:progress": thing(things.an_import, IMPORTERS, GET=EVERYONE),
    "imports:original": thing(things.an_import, IMPORTERS, GET=P.IMPORT),
    "imports:rows": thing(things.an_import, IMPORTERS, GET=EVERYONE),
    "imports:row": thing(things.an_import_row, IMPORTERS, GET=P.IMPORT, POST=P.IMPORT),
    "imports:fix": thing(things.an_import, IMPORTERS, GET=P.IMPORT, POST=P.IMPORT),
    "imports:decide": thing(things.an_import, IMPORTERS, POST=P.IMPORT),
    "imports:corrections": thing(things.an_import, IMPORTERS, GET=P.IMPORT, POST=P.IMPORT),
    "imports:duplicates": thing(things.an_import, IMPORTERS, GET=P.IMPORT, POST=P.IMPORT),
    "imports:changes": thing(things.an_import, IMPORTERS, GET=EVERYONE),
    "imports:errors": thing(things.an_import, IMPORTERS, GET=EVERYONE),
    "imports:mapping": thing(things.an_import, IMPORTERS, GET=P.IMPORT, POST=P.IMPORT),
    "imports:mapping-preview": thing(things.an_import, IMPORTERS, POST=P.IMPORT),
    "imports:confirm-area": thing(things.an_import, IMPORTERS, POST=P.IMPORT),
    "imports:apply": thing(things.an_import, IMPORTERS, POST=P.IMPORT),
    "imports:approve": thing(things.an_import, IMPORTERS, POST=P.IMPORT_APPROVE),
    "imports:undo": thing(things.an_import, IMPORTERS, GET=P.IMPORT, POST=P.IMPORT),
    "imports:cancel": thing(things.an_import, IMPORTERS, GET=P.IMPORT, POST=P.IMPORT),
    # ---- problems and capitals
    "problems:household-panel": thing(things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE),
    "slf:household-panel": thing(things.a_grouped_household, P.HOUSEHOLD_READ, GET=EVERYONE),
    "slf:assess": thing(
        things.a_household_with_reference,
        P.HOUSEHOLD_READ,
        GET=P.HOUSEHOLD_ASSESS,
        POST=P.HOUSEHOLD_ASSESS,
    ),
    "slf:step": thing(
        things.a_draft_assessment,
        P.HOUSEHOLD_READ,
        GET=P.HOUSEHOLD_ASSESS,
        POST=P.HOUSEHOLD_ASSESS,
    ),
    "slf:result": thing(things.a_complete_assessment, P.HOUSEHOLD_READ, GET=EVERYONE),
    "slf:restore": thing(
        things.a_revision, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_ASSESS, POST=P.HOUSEHOLD_ASSESS
    ),
    "slf:override": thing(
        things.a_grouped_household, P.HOUSEHOLD_READ, GET=P.GROUP_OVERRIDE, POST=P.GROUP_OVERRIDE
    ),
    "slf:release": thing(things.a_grouped_household, P.HOUSEHOLD_READ, POST=P.GROUP_OVERRIDE),
    "slf:problem-new": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_ASSESS, POST=P.HOUSEHOLD_ASSESS
    ),
    "slf:problem-resolve": thing(
        things.a_problem, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_ASSESS, POST=P.HOUSEHOLD_ASSESS
    ),
    "slf:problem-reopen": thing(
        things.a_problem, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_ASSESS, POST=P.HOUSEHOLD_ASSESS
    ),
    # ---- household plans
    # ---- duplicates
    "duplicates:pairs": function(GET=P.HOUSEHOLD_MERGE),
    "duplicates:search": function(POST=P.HOUSEHOLD_MERGE),
    "duplicates:pair": thing(things.a_candidate, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_MERGE),
    "duplicates:merge": thing(things.a_candidate, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_MERGE),
    "duplicates:distinct": thing(things.a_candidate, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_MERGE),
    "duplicates:merge-done": thing(
        things.a_merge, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_MERGE, POST=P.HOUSEHOLD_MERGE
    ),
    "plans:plan": thing(things.a_household, P.HOUSEHOLD_READ, GET=P.PLAN_MAKE, POST=P.PLAN_MAKE),
    "plans:history": thing(things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE),
    # ---- referrals
    "referrals:refer": thing(
        things.a_problem_of_household,
        P.HOUSEHOLD_READ,
        GET=P.REFERRAL_DRAFT,
        POST=P.REFERRAL_DRAFT,
    ),
    "referrals:referrals": function(GET=READERS_OF_REFERRALS),
    "referrals:waiting": function(GET=P.REFERRAL_SEND, POST=P.REFERRAL_SEND),
    "casework:referral": referral(GET=EVERYONE),
    "referrals:submit": referral(Status.DRAFT, GET=P.REFERRAL_SEND, POST=P.REFERRAL_SEND),
    "referrals:receive": referral(GET=P.REFERRAL_ANSWER, POST=P.REFERRAL_ANSWER),
    "referrals:accept": referral(GET=P.REFERRAL_ANSWER, POST=P.REFERRAL_ANSWER),
    "referrals:return": referral(GET=P.REFERRAL_ANSWER, POST=P.REFERRAL_ANSWER),
    "referrals:reject": referral(GET=P.REFERRAL_ANSWER, POST=P.REFERRAL_ANSWER),
    "referrals:start": referral(Status.ACCEPTED, GET=P.REFERRAL_ANSWER, POST=P.REFERRAL_ANSWER),
    "referrals:report-help": referral(
        Status.IN_PROGRESS, GET=P.REFERRAL_ANSWER, POST=P.REFERRAL_ANSWER
    ),
    "referrals:check": referral(Status.HELPED, GET=P.REFERRAL_CHECK, POST=P.REFERRAL_CHECK),
    "referrals:close": referral(Status.REJECTED, GET=P.REFERRAL_MANAGE, POST=P.REFERRAL_MANAGE),
    "referrals:reopen": referral(Status.CLOSED, GET=P.REFERRAL_MANAGE, POST=P.REFERRAL_MANAGE),
    "referrals:cancel": referral(GET=P.REFERRAL_SEND, POST=P.REFERRAL_SEND),
    "referrals:transfer": referral(GET=P.REFERRAL_MANAGE, POST=P.REFERRAL_MANAGE),
    "referrals:assistance": referral(
        Status.IN_PROGRESS, GET=P.REFERRAL_ANSWER, POST=P.REFERRAL_ANSWER
    ),
    "referrals:assistance-retract": thing(
        things.a_referral_and_assistance,
        P.REFERRAL_READ,
        by_agency=True,
        GET=(P.REFERRAL_ANSWER, P.REFERRAL_MANAGE),
        POST=(P.REFERRAL_ANSWER, P.REFERRAL_MANAGE),
    ),
    "referrals:photo": thing(
        things.a_referral_and_photo, P.REFERRAL_READ, by_agency=True, GET=EVERYONE
    ),
    "referrals:routing": function(GET=P.ROUTING_CHANGE, POST=P.ROUTING_CHANGE),
    "referrals:routing-retire": thing(things.a_routing_rule, P.ROUTING_CHANGE, POST=EVERYONE),
    "referrals:sla": function(GET=P.ROUTING_CHANGE, POST=P.ROUTING_CHANGE),
    "referrals:holidays": function(GET=P.ROUTING_CHANGE, POST=P.ROUTING_CHANGE),
    "referrals:holiday-remove": function(POST=P.ROUTING_CHANGE),
    # ---- forums
    "forums:forums": function(GET=P.FORUM_READ),
    "forums:resolutions": function(GET=P.FORUM_READ),
    "forums:new": function(GET=P.FORUM_MANAGE, POST=P.FORUM_MANAGE),
    "forums:detail": thing(things.a_forum, P.FORUM_READ, GET=EVERYONE),
    "forums:print": thing(things.a_forum, P.FORUM_READ, GET=EVERYONE),
    "forums:edit": thing(things.a_forum, P.FORUM_READ, GET=P.FORUM_MANAGE, POST=P.FORUM_MANAGE),
    "forums:cancel": thing(things.a_forum, P.FORUM_READ, GET=P.FORUM_MANAGE, POST=P.FORUM_MANAGE),
    "forums:hold": thing(things.a_forum, P.FORUM_READ, GET=P.FORUM_MANAGE, POST=P.FORUM_MANAGE),
    "forums:agenda": thing(things.a_forum, P.FORUM_READ, GET=P.FORUM_MANAGE, POST=P.FORUM_MANAGE),
    "forums:item-add": thing(things.a_forum, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "forums:item-move": thing(things.a_forum_and_item, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "forums:item-remove": thing(things.a_forum_and_item, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "forums:discuss": thing(
        things.a_held_forum_and_item, P.FORUM_READ, GET=P.FORUM_MANAGE, POST=P.FORUM_MANAGE
    ),
    "forums:resolve": thing(
        things.a_held_forum_and_item, P.FORUM_READ, GET=P.FORUM_MANAGE, POST=P.FORUM_MANAGE
    ),
    "forums:resolution": thing(things.a_resolution, P.FORUM_READ, GET=EVERYONE),
    "forums:resolution-progress": thing(things.a_resolution, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "forums:resolution-finish": thing(things.a_resolution, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "forums:resolution-drop": thing(things.a_resolution, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "forums:resolution-reopen": thing(
        things.an_ended_resolution, P.FORUM_READ, POST=P.FORUM_MANAGE
    ),
    # ---- the API
    "api:schema": public("GET"),
    "api:docs": public("GET"),
    "api:not-found": public(*METHODS),
    "api:token": public("POST"),
    "api:tokens": own("GET"),
    "api:token-detail": thing(things.a_token, OWNER, DELETE=EVERYONE),
    "api:me": own("GET"),
    "api:areas": own("GET"),
    "api:agencies": function(GET=READERS_OF_REFERRALS),
    "api:households": function(GET=EVERYONE, POST=P.HOUSEHOLD_CREATE, body=bodies.a_new_household),
    "api:households-search": function(POST=P.HOUSEHOLD_SEARCH, body=bodies.a_search),
    "api:household": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE, PATCH=P.HOUSEHOLD_UPDATE
    ),
    "api:household-verifications": thing(
        things.a_household, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_VERIFY
    ),
    "api:household-moves": thing(
        things.a_household,
        P.HOUSEHOLD_READ,
        GET=EVERYONE,
        POST=P.HOUSEHOLD_UPDATE,
    ),
    "api:household-part": thing(things.a_household, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_UPDATE),
    "api:household-births": thing(things.a_household, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_UPDATE),
    "api:moves": function(GET=P.MOVE_ACCEPT),
    "api:move-accept": thing(things.an_incoming_move, P.MOVE_ACCEPT, POST=EVERYONE),
    "api:move-refuse": thing(
        things.an_incoming_move, P.MOVE_ACCEPT, POST=EVERYONE, body=bodies.a_reason
    ),
    "api:household-exits": thing(things.a_household, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_UPDATE),
    "api:household-assessments": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE, POST=P.HOUSEHOLD_ASSESS
    ),
    "api:household-problems": thing(things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE),
    "api:duplicates": function(GET=P.HOUSEHOLD_MERGE),
    "api:duplicate-distinct": thing(
        things.a_candidate, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_MERGE, body=bodies.a_reason
    ),
    "api:duplicate-merge": thing(things.a_candidate, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_MERGE),
    "api:merge-undo": thing(
        things.a_merge, P.HOUSEHOLD_READ, POST=P.HOUSEHOLD_MERGE, body=bodies.a_reason
    ),
    "api:household-plans": thing(
        things.a_household, P.HOUSEHOLD_READ, GET=EVERYONE, POST=P.PLAN_MAKE, body=bodies.a_plan
    ),
    "api:referrals": function(
        GET=READERS_OF_REFERRALS, POST=P.REFERRAL_DRAFT, body=bodies.a_new_referral
    ),
    "api:referral": referral(GET=EVERYONE),
    "api:referral-submit": referral(Status.DRAFT, POST=P.REFERRAL_SEND),
    "api:referral-receive": referral(POST=P.REFERRAL_ANSWER),
    "api:referral-accept": referral(POST=P.REFERRAL_ANSWER, body=bodies.an_acceptance),
    "api:referral-return": referral(POST=P.REFERRAL_ANSWER, body=bodies.a_reason),
    "api:referral-reject": referral(POST=P.REFERRAL_ANSWER, body=bodies.a_reason),
    "api:referral-start": referral(Status.ACCEPTED, POST=P.REFERRAL_ANSWER, body=bodies.a_note),
    "api:referral-report-help": referral(
        Status.ACCEPTED, POST=P.REFERRAL_ANSWER, body=bodies.a_report_of_help
    ),
    "api:referral-check": referral(Status.HELPED, POST=P.REFERRAL_CHECK, body=bodies.a_check),
    "api:referral-close": referral(Status.REJECTED, POST=P.REFERRAL_MANAGE, body=bodies.a_closing),
    "api:referral-reopen": referral(Status.CLOSED, POST=P.REFERRAL_MANAGE, body=bodies.a_reason),
    "api:referral-cancel": referral(POST=P.REFERRAL_SEND, body=bodies.a_reason),
    "api:referral-transfer": referral(POST=P.REFERRAL_MANAGE),
    "api:forums": function(GET=P.FORUM_READ, POST=P.FORUM_MANAGE),
    "api:forum": thing(things.a_forum, P.FORUM_READ, GET=EVERYONE),
    "api:forum-agenda": thing(things.a_forum, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "api:forum-hold": thing(things.a_forum, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "api:forum-resolve": thing(things.a_forum, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "api:resolutions": function(GET=P.FORUM_READ),
    "api:resolution": thing(things.a_resolution, P.FORUM_READ, GET=EVERYONE),
    "api:resolution-progress": thing(things.a_resolution, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "api:resolution-finish": thing(things.a_resolution, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "api:resolution-drop": thing(things.a_resolution, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "api:resolution-reopen": thing(things.an_ended_resolution, P.FORUM_READ, POST=P.FORUM_MANAGE),
    "api:questionnaire": own("GET", may_be_absent=True),
    "api:exits": function(GET=P.HOUSEHOLD_READ),
    "api:exit": thing(things.an_exit, P.HOUSEHOLD_READ, GET=EVERYONE),
    "api:exit-withdraw": thing(things.an_exit, OWNER, POST=EVERYONE),
    "api:exit-revoke": thing(
        things.an_exit, P.HOUSEHOLD_READ, POST=P.EXIT_APPROVE, body=bodies.a_reason
    ),
    "api:exit-approve": thing(things.an_exit, P.HOUSEHOLD_READ, POST=P.EXIT_APPROVE),
    "api:exit-reject": thing(
        things.an_exit, P.HOUSEHOLD_READ, POST=P.EXIT_APPROVE, body=bodies.a_reason
    ),
    "api:imports": function(GET=EVERYONE, POST=P.IMPORT, body=bodies.an_upload, multipart=True),
    "api:import-template": own("GET", may_be_absent=True),
    "api:import": thing(things.an_import, IMPORTERS, GET=EVERYONE),
    "api:import-issues": thing(things.an_import, IMPORTERS, GET=EVERYONE),
    "api:import-rows": thing(things.an_import, IMPORTERS, GET=EVERYONE),
    "api:import-row": thing(
        things.an_import_row_by_number, IMPORTERS, POST=P.IMPORT, body=bodies.a_decision
    ),
    "api:import-mapping": thing(things.an_import, IMPORTERS, POST=P.IMPORT, body=bodies.a_mapping),
    "api:import-areas": thing(things.an_import, IMPORTERS, POST=P.IMPORT, body=bodies.some_areas),
    "api:import-approve": thing(things.an_import, IMPORTERS, POST=P.IMPORT_APPROVE),
    "api:import-apply": thing(things.an_import, IMPORTERS, POST=P.IMPORT),
    "api:import-undo": thing(things.an_import, IMPORTERS, POST=P.IMPORT),
    "api:import-cancel": thing(things.an_import, IMPORTERS, POST=P.IMPORT),
    "api:import-corrections": thing(
        things.an_import,
        IMPORTERS,
        GET=EVERYONE,
        POST=P.IMPORT,
        body=bodies.some_corrections,
        multipart=True,
    ),
    "api:import-errors": thing(things.an_import, IMPORTERS, GET=EVERYONE),
    "api:dashboards-summary": function(GET=P.DASHBOARD_READ),
    "api:assignments": function(
        GET=P.HOUSEHOLD_READ, POST=P.FIELDWORK_ASSIGN, body=bodies.an_assignment
    ),
    "api:work-list": function(GET=P.HOUSEHOLD_READ),
    "api:coverage": function(GET=P.HOUSEHOLD_READ),
    # ---- field work
    "fieldwork:home": function(GET=P.HOUSEHOLD_READ),
    "fieldwork:assign": function(POST=P.FIELDWORK_ASSIGN),
    "fieldwork:village": thing(things.a_village, P.HOUSEHOLD_READ, GET=EVERYONE),
    "fieldwork:village-assign": thing(things.a_village, P.HOUSEHOLD_READ, POST=P.FIELDWORK_ASSIGN),
    "fieldwork:village-print": thing(things.a_village, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_VERIFY),
    "fieldwork:worker": thing(things.a_worker, P.HOUSEHOLD_READ, GET=EVERYONE),
    "fieldwork:hand-over": thing(things.a_worker, P.HOUSEHOLD_READ, POST=P.FIELDWORK_ASSIGN),
    "fieldwork:back-checks": function(GET=P.BACK_CHECK),
    "fieldwork:draw": function(POST=P.BACK_CHECK),
    "fieldwork:share": function(POST=P.BACK_CHECK),
    "fieldwork:appoint": function(POST=P.BACK_CHECK),
    "fieldwork:second-visit": thing(things.a_back_check, OWNER, GET=EVERYONE, POST=EVERYONE),
    "fieldwork:settle": thing(
        things.a_disputed_back_check, P.BACK_CHECK, GET=EVERYONE, POST=EVERYONE
    ),
    "fieldwork:coverage": function(GET=P.HOUSEHOLD_READ),
    "households:relapses": function(GET=P.HOUSEHOLD_READ),
    "households:relapse": thing(
        things.an_approved_exit, P.HOUSEHOLD_READ, GET=P.HOUSEHOLD_VERIFY, POST=P.HOUSEHOLD_VERIFY
    ),
    "households:photo": thing(things.a_photo_of_a_visit, P.HOUSEHOLD_READ, GET=EVERYONE),
    "api:reconciliation": function(GET=P.HOUSEHOLD_READ),
    "api:quality": function(GET=P.HOUSEHOLD_READ),
    "api:quality-violations": function(GET=P.HOUSEHOLD_READ),
}
"""Every route but those of the admin site, which the census asks as a whole."""


def roles_with(needs: tuple[Permission, ...]) -> list[Role]:
    """Return the roles that hold any of `needs`; all roles for none."""
    return [role for role in Role if not needs or PERMISSIONS[role] & set(needs)]
