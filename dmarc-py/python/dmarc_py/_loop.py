"""The loop of ask and answer, for callers that bring a resolver."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from ._native import Evaluation


def run(
    check: dict[str, Any] | Evaluation,
    resolve: Callable[[dict[str, Any]], dict[str, Any] | bytes | None],
    *,
    lang: Literal["en", "nl"] = "en",
) -> dict[str, Any]:
    """Run a check to its end, looking up each question with `resolve`. Returns the report.

    `check` is a check as Evaluation takes it, or an Evaluation that knows something already.
    `resolve` gets a question and returns an answer document, a DNS message as bytes, or None where
    it cannot say anything.
    """
    evaluation = _evaluation(check, lang)
    while (questions := evaluation.step()) is not None:
        for question in questions:
            _take(evaluation, question, resolve(question))
    return evaluation.report


async def run_async(
    check: dict[str, Any] | Evaluation,
    resolve: Callable[[dict[str, Any]], Awaitable[dict[str, Any] | bytes | None]],
    *,
    lang: Literal["en", "nl"] = "en",
) -> dict[str, Any]:
    """Run a check to its end; the questions of a round are looked up at the same time.

    Takes what run takes, with `resolve` a coroutine function.
    """
    evaluation = _evaluation(check, lang)
    while (questions := evaluation.step()) is not None:
        answers = await asyncio.gather(*(resolve(question) for question in questions))
        for question, answer in zip(questions, answers, strict=True):
            _take(evaluation, question, answer)
    return evaluation.report


def _evaluation(check: dict[str, Any] | Evaluation, lang: Literal["en", "nl"]) -> Evaluation:
    return check if isinstance(check, Evaluation) else Evaluation(check, lang=lang)


def _take(
    evaluation: Evaluation, question: dict[str, Any], answer: dict[str, Any] | bytes | None
) -> None:
    if isinstance(answer, bytes):
        evaluation.answer_message(question, answer)
    else:
        evaluation.answer(question, {"status": "not-possible"} if answer is None else answer)
