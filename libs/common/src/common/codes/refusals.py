"""The refusals of codes that no service may take."""

from typing import Self

from common.kernel.errors import FieldProblem, Invalid


class DivisionUnknown(Invalid):
    """No division had this code in the year of the request."""

    code = "division-unknown"
    pointer = "/division"
    zh = "{year} 年没有行政区划代码 {division}。"
    en = "No division had the code {division} in {year}."


class UsccNotAdmitted(Invalid):
    """The check character is wrong and no officer has admitted the code: most often it is a typing error."""

    code = "uscc-not-admitted"
    zh = "统一社会信用代码校验码不符，请核对是否误录。"
    en = "The check character of the unified social credit code is wrong; look whether it was mistyped."

    @classmethod
    def at(cls, *pointers: str) -> Self:
        """Return the refusal of the codes at these JSON pointers."""
        return cls(problems=[FieldProblem(pointer, cls.code, cls.zh, cls.en) for pointer in pointers])
