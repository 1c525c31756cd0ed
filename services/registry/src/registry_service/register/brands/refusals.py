"""The refusals of reading or changing a brand."""

from common.kernel.errors import NotFound, Refused


class BrandNotFound(NotFound):
    """The register contains no brand with this number."""

    code = "brand-not-found"
    zh = "名册中没有编号为 {key} 的品牌。"
    en = "The register holds no brand with the number {key}."


class BrandAlreadyRevoked(Refused):
    """A revoked brand stays revoked."""

    code = "brand-already-revoked"
    zh = "该品牌称号已被撤销，不能再作处置。"
    en = "The brand has been revoked; nothing more can be done with it."


class BrandAlreadyCancelled(Refused):
    """A cancelled brand stays cancelled."""

    code = "brand-already-cancelled"
    zh = "该品牌称号已注销，不能再作处置。"
    en = "The brand has been cancelled; nothing more can be done with it."


class BrandAlreadyExpired(Refused):
    """An expired brand stays expired; a renewal is a new title."""

    code = "brand-already-expired"
    zh = "该品牌称号有效期已满，不能再作处置。"
    en = "The brand has expired; nothing more can be done with it."
