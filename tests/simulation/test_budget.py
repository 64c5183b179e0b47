"""What stays inside a budget: the options are those that stay inside in 95 of 100 classes, and the recommended one remembers most."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from agent.memory.policy import STRATEGIES
from simulation.budget import CAPS, FEWER_CAPS, SURE, Offer, Option, bills, recommended, usual_caps, usual_limits
from simulation.budget import options as ranked
from simulation.profit import at_cap
from simulation.rates import Rates
from simulation.scenario import Scenario
from simulation.spread import Spread
from simulation.uncertainty import monte_carlo
from tests.simulation.scenarios import PLAIN, flash

MODELS: Sequence[Rates] = (flash(), PLAIN)
SMALL, LARGE = 128_000, 1_048_576
OFFER = Offer(flash(), None)
CLASS = Scenario(users=30, rates=flash())
SPREAD = Spread()


def options(scenario: Scenario, spread: Spread, budget: float, models: Sequence[Rates], **more: Any) -> list[Option]:
    return ranked(bills(scenario, spread, [Offer(rates, None) for rates in models], **more), budget)


def test_every_combination_is_an_option() -> None:
    found = options(CLASS, SPREAD, 50, MODELS, draws=20)
    assert len(found) == (1 + 4 * len(CAPS)) * len(MODELS) * len(usual_limits(CLASS))
    assert {option.way.strategy for option in found} == set(STRATEGIES)
    assert all((option.way.cap is None) == (option.way.strategy == "full") for option in found)


def test_progress_is_told_to_the_end_and_long_chats_try_fewer_caps() -> None:
    told: list[float] = []
    found = bills(CLASS.model_copy(update={"days": 500}), Spread(rates=0), [OFFER], strategies=["window"], draws=5, progress=told.append)
    caps = sorted({*FEWER_CAPS, CLASS.policy.max_messages_per_user})
    assert told == pytest.approx([place / len(caps) for place in range(1, len(caps) + 1)])
    assert sorted({way.cap for way in found.ways if way.cap}) == caps


@pytest.mark.parametrize("days", [30, 500])
@pytest.mark.parametrize("cap", [1, 30, 77, 5000])
def test_the_classs_own_cap_is_among_those_tried(cap: int, days: int) -> None:
    scenario = CLASS.model_copy(update={"policy": at_cap(CLASS.policy, "window", cap), "days": days})
    caps = usual_caps(scenario)
    assert cap in caps
    assert set(caps) - {cap} == set(CAPS if days == 30 else FEWER_CAPS) - {cap}
    assert list(caps) == sorted(set(caps))
    found = bills(scenario, Spread(rates=0), [OFFER], strategies=["window"], limits=[None], draws=5)
    assert [way.cap for way in found.ways] == list(caps)


def test_an_option_costs_what_its_class_costs() -> None:
    """Without a limit it is the uncertainty panel's own band, from the same draws."""
    for option in options(CLASS, SPREAD, 50, MODELS, caps=[10], limits=[None], strategies=["full", "summary"]):
        policy = CLASS.policy if option.way.cap is None else at_cap(CLASS.policy, option.way.strategy, option.way.cap)
        scenario = CLASS.model_copy(update={"policy": policy.with_strategy(option.way.strategy), "rates": option.way.rates})
        band = monte_carlo(scenario, SPREAD).chosen
        assert option.p50 == pytest.approx(band.bill(0.5))
        assert option.p95 == pytest.approx(band.bill(0.95))
        assert option.chance == pytest.approx(1 - band.chance_over(50))
        assert option.left == pytest.approx(50 - option.p95)


@pytest.mark.parametrize(("chosen", "offered"), [(SMALL, LARGE), (LARGE, SMALL), (SMALL, None), (None, SMALL)])
def test_an_offered_model_costs_what_it_costs_as_the_classs_own(chosen: int | None, offered: int | None) -> None:
    """Each model forgets at its own window: the full history on a model of a larger one is longer, and dearer."""
    scenario = Scenario(users=50, days=30, rates=flash(), model_window=chosen)
    known = bills(scenario, SPREAD, [Offer(flash(), chosen), Offer(PLAIN, offered)], limits=[None], strategies=["full"])
    found = {option.way.rates: option.p95 for option in ranked(known, 2000)}
    own = scenario.model_copy(update={"rates": PLAIN, "model_window": offered})
    assert found[PLAIN] == pytest.approx(monte_carlo(own, SPREAD).full.bill(0.95))
    assert found[scenario.rates] == pytest.approx(monte_carlo(scenario, SPREAD).full.bill(0.95))
    as_chosen = scenario.model_copy(update={"rates": PLAIN})
    assert found[PLAIN] != pytest.approx(monte_carlo(as_chosen, SPREAD).full.bill(0.95), rel=0.05)


@pytest.mark.parametrize("growth", [0.0, 1.0, -0.5])
def test_a_growing_class_costs_what_its_band_says(growth: float) -> None:
    scenario = CLASS.model_copy(update={"growth": growth})
    (option,) = options(scenario, SPREAD, 50, [flash()], limits=[None], strategies=["full"])
    assert option.p50 == pytest.approx(monte_carlo(scenario, SPREAD).full.bill(0.5))


def test_a_limit_is_who_sends_more_sending_that_many() -> None:
    (limited,) = options(CLASS, Spread(rates=0, lengths=0), 50, [flash()], caps=[20], limits=[4], strategies=["window"])
    four_a_day = CLASS.model_copy(update={"prompts_per_day": 4.0, "policy": at_cap(CLASS.policy, "window", 20)})
    assert limited.p50 == pytest.approx(monte_carlo(four_a_day, Spread(rates=0, lengths=0)).chosen.bill(0.5))


@pytest.mark.parametrize(("prompts", "limits"), [(10, (None, 30, 20, 10)), (7.5, (None, 23, 15, 8)), (0.1, (None, 1))])
def test_limits_follow_the_classs_average(prompts: float, limits: tuple[int | None, ...]) -> None:
    assert usual_limits(CLASS.model_copy(update={"prompts_per_day": prompts})) == limits


@pytest.mark.parametrize("growth", [0.0, 1.0])
def test_what_a_limit_holds_back_is_what_people_would_send_beyond_it(growth: float) -> None:
    scenario = CLASS.model_copy(update={"growth": growth})
    found = options(scenario, Spread(rates=0.6), 50, [flash()], caps=[20], strategies=["window"], draws=10)
    held = {option.way.limit: option.held for option in found}
    rates = np.exp(0.6 * np.random.default_rng(1).standard_normal(400_000) - 0.18) * 10
    for limit in (10, 20, 30):
        assert held[limit] == pytest.approx(1 - np.minimum(rates, limit).mean() / rates.mean(), abs=0.003)
    assert held[None] == 0


def test_looser_limits_cost_more() -> None:
    found = options(CLASS, SPREAD, 50, [flash()], caps=[20], limits=[None, 20, 10, 5, 1], strategies=["window"])
    by_limit = {option.way.limit: option for option in found}
    costs = [by_limit[limit].p95 for limit in (1, 5, 10, 20, None)]
    assert costs == sorted(costs)
    assert by_limit[1].p95 < by_limit[None].p95 / 5


def test_what_is_safe_comes_first_and_the_rest_by_price() -> None:
    found = options(CLASS, SPREAD, 25, MODELS)
    safe = [option.safe for option in found]
    assert safe == sorted(safe, reverse=True)
    assert 0 < sum(safe) < len(safe)
    rest = [option.p95 for option in found if not option.safe]
    assert rest == sorted(rest)
    for option in found:
        assert option.safe == (option.chance >= SURE)


def test_the_recommended_one_has_the_most_memory_then_the_best_model_then_the_loosest_limit() -> None:
    found = options(CLASS, SPREAD, 25, MODELS)
    best = recommended(found)
    assert best is not None
    safe = [option for option in found if option.safe]
    memory = max(np.inf if option.way.cap is None else option.way.cap for option in safe)
    assert (np.inf if best.way.cap is None else best.way.cap) == memory
    alike = [option for option in safe if option.way.cap == best.way.cap and option.way.strategy == best.way.strategy]
    assert MODELS.index(best.way.rates) == min(MODELS.index(option.way.rates) for option in alike)
    looser = [option.way.limit for option in alike if option.way.rates == best.way.rates]
    assert best.way.limit == (None if None in looser else max(limit for limit in looser if limit is not None))
    assert best.left == pytest.approx(25 - best.p95)


def test_with_money_enough_everything_is_remembered_by_the_best_model_without_a_limit() -> None:
    best = recommended(options(CLASS, SPREAD, 1e9, MODELS, draws=20))
    assert best is not None
    assert (best.way.strategy, best.way.cap, best.way.rates, best.way.limit, best.chance) == ("full", None, MODELS[0], None, 1.0)


def test_with_no_money_nothing_is_recommended_and_the_cheapest_comes_first() -> None:
    found = options(CLASS, SPREAD, 0, MODELS, draws=20)
    assert recommended(found) is None
    assert found[0].p95 == min(option.p95 for option in found)
    assert found[0].way.limit == 10


def test_a_model_that_costs_nothing_is_safe_without_money() -> None:
    free = Rates("free", tuple(type(tier)(tier.above, *([tier.plain * 0] * 3)) for tier in PLAIN.tiers))
    best = recommended(options(CLASS, SPREAD, 0, [flash(), free], draws=20))
    assert best is not None
    assert best.way.rates == free


def test_the_same_from_run_to_run() -> None:
    one, other = (options(CLASS, SPREAD, 25, MODELS, caps=[10, 20], draws=200) for _ in range(2))
    assert one == other
