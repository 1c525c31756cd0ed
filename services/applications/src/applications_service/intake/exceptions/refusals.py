"""The refusals of reading or admitting a code whose check character is wrong."""

from common.kernel.errors import Conflict, Invalid, NotFound


class UsccExceptionNotFound(NotFound):
    """No officer has admitted this code."""

    code = "uscc-exception-not-found"
    zh = "未找到代码例外 {key}。"
    en = "There is no exception for the code {key}."


class UsccExceptionExists(Conflict):
    """An officer has admitted this code already."""

    code = "uscc-exception-exists"
    zh = "该代码已核准使用。"
    en = "This code has been admitted already."


class UsccNeedsNoException(Invalid):
    """The check character is right, so that there is nothing to admit."""

    code = "uscc-needs-no-exception"
    pointer = "/uscc"
    zh = "该代码校验码正确，无须核准。"
    en = "The check character of this code is right; it needs no exception."
