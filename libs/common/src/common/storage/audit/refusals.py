"""The refusal of a question about the audit."""

from common.kernel.errors import Invalid, NotFound


class AuditOfWhat(Invalid):
    """The request names neither a subject nor a service."""

    code = "audit-of-what"
    pointer = "/subject"
    zh = "请用参数 subject 指明对象编号，或用参数 service 指明服务。"
    en = "Name a subject by the parameter `subject`, or a service by the parameter `service`."


class AuditSubjectUnknown(NotFound):
    """No audit row of this service is about this subject."""

    code = "audit-subject-unknown"
    zh = "没有该对象的审计记录。编号应带前缀，如 app_0193…；无前缀的编号（如机构代码），请用参数 service 指明服务。"
    en = (
        "Nothing is recorded about this subject. An id has a prefix, as in app_0193…; for one that has none, such as an"
        " agency's code, name the service by the parameter `service`."
    )
