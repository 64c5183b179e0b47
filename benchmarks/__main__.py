"""`python -m benchmarks [NAME ...]`: every measurement, or those whose group is named, one JSON object a line.

Groups: turns (runner against bare agent and bare sqlite3), logins (100 at once beside running chats), rules (planning and replay at
1,000 messages), recall (what retrieval brings back), coach (the demo model), pages (chat page against a bare Streamlit page), memory
(5,000 reruns), simulation (10,000 individuals, 2,000 drawn classes), simulator (a slider of
the simulator's page in Chromium, against a bare one). What is compared runs under the same collector settings, the app's.
"""

import logging
import sys

from agent import models as agent_models
from benchmarks import chat_page, coach, logins, memory_rules, recall, simulation, simulator_page, turns
from pages.ui import tuning

GROUPS = {
    "turns": (turns.single, turns.crowd, turns.same_chat),
    "logins": (logins.rush,),
    "rules": (memory_rules.plans, memory_rules.counterfactuals, memory_rules.whole),
    "recall": (recall.own_chat, recall.ten_chats, recall.large),
    "coach": (coach.replies, coach.streams),
    "pages": (chat_page.opening,),
    "memory": (chat_page.growth,),
    "simulation": (simulation.taught, simulation.population, simulation.drawn),
    "simulator": (simulator_page.redraw,),
}


def main(names: list[str]) -> int:
    """Run the groups that are named, or all of them; return the exit code."""
    unknown = set(names) - set(GROUPS)
    if unknown:
        sys.stderr.write(f"Unknown: {', '.join(sorted(unknown))}. Choose from {', '.join(GROUPS)}.\n")
        return 2
    logging.disable(logging.WARNING)  # Streamlit remarks on every import outside its own server
    agent_models.preload()
    tuning.calm_collector()
    for name in names or GROUPS:
        for measure in GROUPS[name]:
            measure()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
