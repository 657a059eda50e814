"""What the whole bot is measured against: PTB's plain echo bot, sequential, with its own Updater."""

import sys

from telegram import Update
from telegram.ext import Application, CallbackContext, MessageHandler, filters


async def echo(update: Update, _context: CallbackContext) -> None:  # type: ignore[type-arg]
    """Say the same."""
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


def main(url: str, token: str) -> None:
    """Run until a signal ends it."""
    application = Application.builder().token(token).base_url(f"{url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(bootstrap_retries=0)


if __name__ == "__main__":
    main(*sys.argv[1:3])
