"""What can be done with a referral. Pages, API, forums and commands all call these."""

from referrals.services.answering import (
    accept,
    receive,
    reject,
    report_help,
    return_referral,
    start,
)
from referrals.services.assisting import record_assistance, retract_assistance
from referrals.services.checking import check
from referrals.services.closing import cancel, close, reopen
from referrals.services.defaults import (
    AGENCY_SLUGS,
    DefaultRule,
    agencies_by_slug,
    default_rules_for,
    load_default_rules,
)
from referrals.services.due import DEFAULT_DAYS, terms_in_force
from referrals.services.errors import Taken, UnableToRefer, WrongState
from referrals.services.evidence import Criterion, Evidence, Requirement
from referrals.services.graduating import (
    UnableToGraduate,
    eligible_for_graduation,
    exit_rule,
    graduation_evidence,
    propose_graduation,
    propose_leaving,
)
from referrals.services.photos import MOST_PHOTOS
from referrals.services.reading import note_read
from referrals.services.reminding import remind_overdue
from referrals.services.routing import Routing, propose_agencies, propose_agency
from referrals.services.sending import (
    ManyResult,
    create_referral,
    refer_many,
    refer_problem,
    submit,
    transfer,
)
from referrals.services.settings import (
    add_holidays,
    load_reference_data,
    remove_holiday,
    retire_routing_rule,
    save_routing_rule,
    set_sla_terms,
)

__all__ = [
    "AGENCY_SLUGS",
    "DEFAULT_DAYS",
    "MOST_PHOTOS",
    "Criterion",
    "DefaultRule",
    "Evidence",
    "ManyResult",
    "Requirement",
    "Routing",
    "Taken",
    "UnableToGraduate",
    "UnableToRefer",
    "WrongState",
    "accept",
    "add_holidays",
    "agencies_by_slug",
    "cancel",
    "check",
    "close",
    "create_referral",
    "default_rules_for",
    "eligible_for_graduation",
    "exit_rule",
    "graduation_evidence",
    "load_default_rules",
    "load_reference_data",
    "note_read",
    "propose_agencies",
    "propose_agency",
    "propose_graduation",
    "propose_leaving",
    "receive",
    "record_assistance",
    "refer_many",
    "refer_problem",
    "reject",
    "remind_overdue",
    "remove_holiday",
    "reopen",
    "report_help",
    "retire_routing_rule",
    "retract_assistance",
    "return_referral",
    "save_routing_rule",
    "set_sla_terms",
    "start",
    "submit",
    "terms_in_force",
    "transfer",
]
