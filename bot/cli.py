"""Every command with its options, on typer; the commands themselves are in :mod:`bot.commands`."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003  (typer reads the annotations)
from typing import Annotated

import typer

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def factline(context: typer.Context) -> None:
    """Answer from an article's figures: on Telegram with FACTLINE_TOKEN, else in the sandbox."""
    if context.invoked_subcommand is None:
        run()


@app.command()
def run() -> None:
    """Run the Telegram bot; without FACTLINE_TOKEN the sandbox."""
    from bot.commands.start import start

    raise typer.Exit(start())


@app.command()
def sandbox(port: Annotated[int | None, typer.Option(help="port on 127.0.0.1; 8080 unless told")] = None) -> None:
    """Run the real bot against a local Telegram, with a chat page in the browser."""
    from bot.commands.sandbox import sandbox as command

    raise typer.Exit(command(port))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="the question, in quotation marks")] = None,
    *,
    explain: Annotated[bool, typer.Option(help="show what was read, the candidates and the rule that decided")] = False,
    lang: Annotated[str | None, typer.Option(help="language of the answer: en, zh-Hans or zh-Hant")] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object instead of text")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="read one JSON object a line, write one a line")] = False,
) -> None:
    """Answer one question; exits 3 where the article does not hold the answer."""
    from bot.commands import ask as command

    if (question is None) != jsonl:
        raise typer.BadParameter('give one question, as in: factline ask "how many QDLP pilots?" (or --jsonl)')
    try:
        command.language_named(lang)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if question is None:
        source = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
        raise typer.Exit(command.ask_lines(source, sys.stdout, language=lang))
    raise typer.Exit(command.ask(question, explain=explain, language=lang, json_=json))


@app.command()
def chat() -> None:
    """Ask in a conversation."""
    from bot.commands.chat import chat as command

    raise typer.Exit(command())


@app.command()
def check(
    text: Annotated[Path | None, typer.Option(help="the article's text, to prove every figure against")] = None,
) -> None:
    """Validate the knowledge base; exits 1 with one line per finding."""
    from bot.commands.check import check as command

    raise typer.Exit(command(text))


@app.command(name="eval")
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="question sets, JSON lines")],
    *,
    show: Annotated[bool, typer.Option(help="print the questions that did not come out right")] = False,
) -> None:
    """Run question sets; exits 1 where an answer was false."""
    from bot.commands.evaluate import evaluate_files
    from knowledge.evaluation import QuestionSetError

    try:
        raise typer.Exit(evaluate_files(files, show=show))
    except QuestionSetError as error:
        raise typer.BadParameter(str(error)) from error


@app.command()
def schema(part: Annotated[str, typer.Argument(help="article, concepts, facts or derivations")] = "facts") -> None:
    """Print the JSON Schema of a knowledge file, for an editor to complete and check it."""
    from bot.commands.schema import print_schema

    raise typer.Exit(print_schema(part))


@app.command()
def announce(
    *,
    fact: Annotated[str | None, typer.Option(help="name of the fact to announce")] = None,
    text: Annotated[Path | None, typer.Option(help="file with the text to announce")] = None,
    at: Annotated[str | None, typer.Option(help="when, as 2026-12-01 09:00 in the operator's time zone")] = None,
    until: Annotated[str | None, typer.Option(help="do not send after, as 2026-12-01 12:00")] = None,
    on_uncertain: Annotated[str, typer.Option(help="sends of unknown outcome: hold them, or resend")] = "hold",
    dry_run: Annotated[bool, typer.Option(help="show what would be sent, to how many chats, and send nothing")] = False,
) -> None:
    """Announce a fact or a text to all subscribed chats."""
    from bot.commands.announce import announce as command

    if (fact is None) == (text is None):
        raise typer.BadParameter("give either --fact NAME or --text FILE")
    if on_uncertain not in {"hold", "resend"}:
        raise typer.BadParameter("--on-uncertain is hold or resend")
    raise typer.Exit(command(fact=fact, text_file=text, at=at, until=until, on_uncertain=on_uncertain, dry_run=dry_run))


@app.command()
def announcements() -> None:
    """List the newest announcements with what became of them."""
    from bot.commands.announce import list_announcements

    raise typer.Exit(list_announcements())
