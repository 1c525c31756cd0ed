"""The refusals of reading or making a draw."""

from collections import Counter
from typing import Self

from common.kernel.errors import NotFound, Refused
from review_service.panel.draws.lots import Skip, Vacancy


class DrawNotFound(NotFound):
    """There is no such draw."""

    code = "draw-not-found"
    zh = "未找到抽取记录 {key}。"
    en = "There is no draw {key}."


class NothingToDraw(Refused):
    """No case of the round waits for a panel."""

    code = "nothing-to-draw"
    zh = "本届没有等待组成评审组的申报。"
    en = "No case of this round waits for a panel."


class SeedAlreadyUsed(Refused):
    """The seed drew panels of this round before: it would draw the same experts again."""

    code = "seed-already-used"
    zh = "该随机种子已在本届用过，请更换。"
    en = "This seed has drawn panels of this round before; name another one."


class PanelCannotBeFilled(Refused):
    """No expert can take the seat: of a draw's first case when no case gets the experts demanded, or of one panel."""

    code = "panel-cannot-be-filled"
    zh = (
        "申报 {application} 需要 {needed} 名专家，仅有 {found} 名；“{role}”席位空缺。专家库 {pool} 人中："
        "{recused} 人须回避或已在本组，{away} 人暂停或请假，{loaded} 人年度任务已满，{unfit} 人角色或专业不符，"
        "{organisation} 人所在单位已有专家。"
    )
    en = (
        "The application {application} needs {needed} experts and gets {found}; the seat '{role}' is vacant. "
        "Of {pool} experts {recused} are recused or on the panel, {away} paused or away, {loaded} at their yearly "
        "load, {unfit} without the role or the field, {organisation} of an organisation that is on the panel."
    )

    @classmethod
    def of(cls, application: str, *, needed: int, found: int, vacancy: Vacancy) -> Self:
        """Return the refusal with the figures of a vacant seat."""
        why = Counter(vacancy.why)
        away, unfit = (Skip.PAUSED, Skip.ABSENT), (Skip.ROLE_MISSING, Skip.SPECIALITY_MISSING)
        other = {*away, *unfit, Skip.LOAD_REACHED, Skip.ORGANISATION_ON_PANEL}
        return cls(
            application=application,
            needed=needed,
            found=found,
            role=vacancy.seat.role,
            pool=why.total(),
            recused=sum(number for reason, number in why.items() if reason not in other),
            away=sum(why[reason] for reason in away),
            loaded=why[Skip.LOAD_REACHED],
            unfit=sum(why[reason] for reason in unfit),
            organisation=why[Skip.ORGANISATION_ON_PANEL],
        )
