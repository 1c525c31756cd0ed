"""Words that several pages show, in both languages; the glossary decides them."""

from collections.abc import Mapping
from typing import Final

from common.actor import Role
from embedded.demo import Name

ROLES: Final[Mapping[Role, Name]] = {
    Role.APPLICANT: Name(zh="申报单位", en="Applicant"),
    Role.RECOMMENDER: Name(zh="推荐部门", en="Recommender"),
    Role.RECOGNITION_OFFICER: Name(zh="认定机构", en="Recognition body"),
    Role.EXPERT: Name(zh="评审专家", en="Expert"),
    Role.OBSERVER: Name(zh="监督人员", en="Observer"),
    Role.OFFICE: Name(zh="领导小组办公室", en="Leading group's office"),
    Role.DEPARTMENT: Name(zh="成员单位", en="Member department"),
    Role.PARTNER: Name(zh="合作系统", en="Partner system"),
    Role.ADMINISTRATOR: Name(zh="平台管理员", en="Administrator"),
}
