"""The registry's worker dies around the very transaction that makes a brand of a decision."""

import pytest

from embedded.journey import core_path, stages
from support.faults.trial import PRODUCT, Trial, decide

REGISTRY = "registry-worker-1"


@pytest.mark.timeout(600)
async def test_a_decision_becomes_one_brand_however_often_the_registry_dies_over_it(trial: Trial) -> None:
    async with trial.judged() as load:
        player = load.player("brand")
        case, deliberation = await decide(player, PRODUCT, trial.round_id)
        await trial.quiet()
        before = await trial.count("registry", "SELECT count(*) FROM brands")
        await trial.processes.arm(REGISTRY, "registry.before-effect-commit")
        await stages.announce(player, deliberation, document_number=PRODUCT.document_number)
        while await trial.count("registry", "SELECT count(*) FROM brands") == before:
            await trial.processes.died(REGISTRY)
            await trial.processes.arm(REGISTRY, "registry.after-effect-commit")
            await trial.processes.died(REGISTRY)
            await trial.processes.arm(REGISTRY, "registry.before-effect-commit")
        await trial.processes.stop(REGISTRY)
        await trial.processes.start(REGISTRY)
        await core_path.wait_for_brand(player, PRODUCT.actor, case)
