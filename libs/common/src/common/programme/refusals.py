"""The refusals of a definition, and of sheets that give no official score."""

from common.kernel.errors import Invalid, Refused


class ProgrammeInvalid(Invalid):
    """The definition breaks its schema or contradicts itself; `findings` lists every (pointer, problem) found."""

    code = "programme-invalid"
    zh = "方案定义在“{at}”处不符合要求（{problem}）。"
    en = "The programme definition is invalid at '{at}' ({problem})."

    def __init__(self, *problems: tuple[str, str]) -> None:
        pointer, problem = problems[0]
        super().__init__(pointer=pointer, at=pointer or "/", problem=problem, findings=problems)


class SheetsTooFew(Refused):
    """The panel's sheets are fewer than the programme demands for an official score."""

    code = "sheets-too-few"
    zh = "评分表仅 {found} 份，少于方案要求的 {needed} 份。"
    en = "There are {found} score sheets; the programme demands {needed}."


class SheetInvalid(Invalid):
    """A sheet that cannot enter an official score; `problems` names each place."""

    code = "sheet-invalid"
    zh = "评分表有误，详见 errors。"
    en = "The score sheet is invalid; see errors."
