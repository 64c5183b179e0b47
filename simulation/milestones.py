"""The lesson's milestones as questions with answers to choose from. The right answers and the explanations are the lesson's own words."""

from collections.abc import Sequence

from simulation.quiz import ChoiceQuestion, Option

_QUADRATIC = ChoiceQuestion(
    "why_quadratic",
    "milestones",
    "Why quadratic",
    "Why does cost grow quadratically without a context cap?",
    (
        Option("users", "More users join every day", "The curve bends for a single user too, and for a class that stays the same size."),
        Option(
            "sum",
            "Each prompt sends everything before it, and the costs add up",
            "The cost of a prompt grows linearly; the sum of a line is a square.",
            right=True,
        ),
        Option("price", "Providers charge more for each further token", "A token costs the same all along; it is sent again and again."),
        Option("slow", "The model thinks longer in a long chat", "The demo counts only what is sent, and that alone is quadratic."),
    ),
    "Because each prompt includes all previous messages, so cost per prompt grows linearly, and cumulative cost is the sum of "
    "1 + 2 + 3 + … + N = N(N + 1)/2.",
)
_LIMIT = ChoiceQuestion(
    "limit_context",
    "milestones",
    "Limiting context",
    "What is one way to limit how the context grows?",
    (
        Option("model", "A model with a larger context window", "Then more fits, and more is paid for."),
        Option("temperature", "A lower temperature", "That changes how answers vary, not what is sent."),
        Option(
            "window",
            "Send only the last N messages",
            "The sliding window. A summary of older messages or retrieval of relevant ones are the other two.",
            right=True,
        ),
        Option("stream", "Streaming the answers", "That makes them feel faster. As much is sent as before."),
    ),
    "Sliding window (keep last N messages), summary memory (compress old messages), or retrieval (fetch only relevant messages).",
)
_FAILURE = ChoiceQuestion(
    "likely_failure",
    "milestones",
    "What breaks first",
    "Which failure in production is most likely in an agent without constraints?",
    (
        Option(
            "runaway",
            "Cost explodes, from unbounded context or an endless tool loop",
            "Both happen without anybody attacking, simply by use.",
            right=True,
        ),
        Option("language", "It answers in the wrong language", "That annoys one person once. It does not drain the budget."),
        Option("disk", "The disk fills with logs", "Possible, slow, and seen early. What else grows without a bound?"),
        Option("prompt", "It forgets its system prompt", "The prompt is sent with every call. What else is?"),
    ),
    "Cost explosion from unbounded context, or infinite tool call loops.",
)
_TEN_THOUSAND = ChoiceQuestion(
    "ten_thousand",
    "milestones",
    "10,000 users",
    "How would you keep a system with 10,000 users from bankrupting you?",
    (
        Option("brief", "Ask the users to be brief", "Some will be. A budget must hold for those who are not."),
        Option("cheap", "Switch to the cheapest model", "That moves the curve down; it still grows without a bound."),
        Option("bill", "Read the provider's bill at the end of the month", "By then it is spent."),
        Option(
            "layers",
            "Cap the context, limit tools and rates, watch cost, set budget alerts",
            "Several bounds, each for what the others let through.",
            right=True,
        ),
    ),
    "Context cap, tool call limits, rate limiting per user, cost monitoring, budget alerts.",
)

MILESTONES: Sequence[ChoiceQuestion] = (_QUADRATIC, _LIMIT, _FAILURE, _TEN_THOUSAND)
