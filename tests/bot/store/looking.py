"""What tests look up of one person, where the store looks up many at once."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import chats, conversations
from bot.store.chats import Chosen
from bot.store.conversations import Place


async def chosen(connection: AsyncConnection, chat: int, person: int) -> Chosen:
    return (await chats.chosen(connection, [(chat, person)]))[chat, person]


async def is_blocked(connection: AsyncConnection, person: int) -> bool:
    return (await chosen(connection, person, person)).blocked


async def recall(connection: AsyncConnection, place: Place, at: datetime) -> Any:
    return (await conversations.recall(connection, [(place, at)])).get((place, at))
