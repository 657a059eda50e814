"""Chinese typed by sound or by shape: ``虫庆`` for ``重庆``, ``额渡`` for ``额度``.

A run of characters in which at least one is unexplained is read as a known phrase that sounds the same, or that
differs in one unexplained character only. A character that something explains is never replaced.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge import text
from knowledge.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

FIRST: Final = 0x4E00
LAST: Final = 0x9FFF
LONGEST: Final = 8
SHORTEST_BY_SHAPE: Final = 4
SHORTEST_LOOSE: Final = 3
"""Characters of a phrase of the general language that may replace a known one, as 百分点 for 百份点."""
SHORT: Final = 2
"""Characters of a word that is too short to be known by its shape."""
_NUMERALS: Final = frozenset("一二两三四五六七八九十百千万亿")
_INTERROGATIVE: Final = frozenset("几多什哪谁何怎啥")
_ENDINGS: Final = {"ing": "in", "eng": "en", "ang": "an"}


def _folded(syllable: str) -> str:
    """Sounds that many speakers and keyboards do not tell apart made one: zh/z, ch/c, sh/s, -ng/-n."""
    for initial in ("zh", "ch", "sh"):
        if syllable.startswith(initial):
            syllable = syllable[0] + syllable[2:]
    for ending, short in _ENDINGS.items():
        if syllable.endswith(ending):
            return syllable[: -len(ending)] + short
    return syllable


def _wrong(window: Sequence[str], phrase: str) -> list[int]:
    """Positions at which ``window`` is not ``phrase``."""
    return [position for position, (read, meant) in enumerate(zip(window, phrase, strict=False)) if read != meant]


def _windows(sounds: Sequence[str | None], unknown: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where two to eight characters that have a sound stand together, one of them unknown at least."""
    for start in range(len(sounds)):
        loose = False
        for end in range(start, min(start + LONGEST, len(sounds))):
            if sounds[end] is None:
                break
            loose = loose or unknown[end]
            if loose and end > start:
                yield start, end + 1


def _is_chinese(characters: Sequence[str]) -> bool:
    return all(len(character) == 1 for character in characters) and text.has_chinese("".join(characters))


def _sounds() -> tuple[list[str], array[int]]:
    """Every sound, "" first, and for each character the place of its own in that list."""
    from pypinyin import Style
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.style import convert

    index = {"": 0}
    first = array("H")
    for code in range(FIRST, LAST + 1):
        toned = PINYIN_DICT.get(code, "").split(",")[0]
        sound = _folded(convert(toned, Style.NORMAL, strict=False)) if toned else ""
        first.append(index.setdefault(sound, len(index)))
    return list(index), first


def _gaps(named: Iterable[str]) -> dict[str, str]:
    """Each phrase under every form of it that lacks one character; what two phrases share is the first one's."""
    found: dict[str, str] = {}
    for phrase in named:
        if len(phrase) >= SHORTEST_BY_SHAPE:
            for position in range(len(phrase)):
                found.setdefault(phrase[:position] + "_" + phrase[position + 1 :], phrase)
    return found


def _by_sound(sound_of: Callable[[str], str], phrases: Iterable[str]) -> dict[str, str]:
    """The phrases of each sound, read as a whole and character by character (重 is zhong or chong)."""
    from pypinyin import lazy_pinyin

    found: dict[str, str] = {}
    for phrase in phrases:
        if all(FIRST <= ord(character) <= LAST for character in phrase):
            for sound in {" ".join(_folded(sound) for sound in lazy_pinyin(phrase)), sound_of(phrase)}:
                found[sound] = f"{found.get(sound, '')} {phrase}".lstrip()
    return found


@dataclass(slots=True)
class Homophones:
    """How each character may sound, and the known phrases by their sound and by their shape."""

    sounds: Sequence[str]
    first: array[int]
    """Index into ``sounds`` of each character from U+4E00 on; 0 where it has none."""
    by_sound: Mapping[str, str]
    """Sound → the phrases that have it, with spaces between."""
    named: Mapping[str, bool]
    """The phrases that name something of an article; only they are recognised by shape."""
    by_gap: Mapping[str, str]
    """Phrase with one character left out, as ``跨_融资`` → the phrase."""

    @classmethod
    def of(cls, phrases: Mapping[str, bool]) -> Homophones:
        """Tables for a lexicon's Chinese keys (characters with spaces between) → whether they name something."""
        written = {
            "".join(characters): naming
            for key, naming in sorted(phrases.items())
            if 2 <= len(characters := key.split(" ")) <= LONGEST and _is_chinese(characters)
        }
        named = {phrase: True for phrase, naming in written.items() if naming}
        made = cls(*_sounds(), {}, Table(named), Table(_gaps(named)))
        made.by_sound = Table(_by_sound(made._sound, written))
        return made

    def _sound(self, phrase: str) -> str:
        return " ".join(self.sounds[self.first[ord(character) - FIRST]] for character in phrase)

    def repair(self, tokens: Sequence[str], unknown: Sequence[bool]) -> tuple[int, int, str] | None:
        """The likeliest repair in ``tokens``: start, end and the phrase; None where there is none.

        ``unknown`` tells for each token whether nothing explains it. Sound goes before shape, then the repair that
        explains more and changes less.
        """
        found: list[tuple[tuple[bool, int, int, int], tuple[int, int, str]]] = []
        # Looked up once: an unknown character is in up to 35 windows, and noise is nothing else.
        sounds = [self._sound(token) if len(token) == 1 and FIRST <= ord(token) <= LAST else None for token in tokens]
        for start, end in _windows(sounds, unknown):
            window, loose = tokens[start:end], unknown[start:end]
            sounding = self._same_sound(" ".join(map(str, sounds[start:end])), window, loose)
            phrase = sounding or self._same_shape(window, loose)
            if phrase:
                cost = (not sounding, -sum(loose), len(_wrong(window, phrase)), start - end)
                found.append((cost, (start, end, phrase)))
        return min(found)[1] if found else None

    def _same_sound(self, sound: str, window: Sequence[str], loose: Sequence[bool]) -> str:
        """The phrase of that sound, ``window``'s, that differs from it in the fewest characters."""
        phrases = self.by_sound.get(sound)
        if phrases is None:
            return ""
        possible = [
            (len(wrong), phrase)
            for phrase in phrases.split()
            if (wrong := _wrong(window, phrase)) and self._may_stand(phrase, wrong, loose)
        ]
        return min(possible, default=(0, ""))[1]

    def _may_stand(self, phrase: str, wrong: Sequence[int], loose: Sequence[bool]) -> bool:
        """Whether ``phrase`` may replace what was read: half of it is right, and known characters mostly stay."""
        if len(loose) != len(phrase) or len(wrong) * 2 > len(phrase):
            return False
        if len(phrase) < SHORTEST_LOOSE and phrase not in self.named and _INTERROGATIVE.isdisjoint(phrase):
            return False  # 失效 is a word, and not 时效
        if phrase in self.named or all(loose[position] for position in wrong):
            return True
        return len(wrong) == 1 and len(phrase) >= SHORTEST_LOOSE

    def _same_shape(self, window: Sequence[str], loose: Sequence[bool]) -> str:
        if len(window) < SHORTEST_BY_SHAPE or sum(loose) != 1:
            return ""
        gap = list(loose).index(True)
        beside = {
            "".join(window[:-1]) * (gap == len(window) - 1),
            *("".join(window[cut:]) for cut in range(gap + 1, SHORT + 1)),
        }
        if any(phrase in self.named for phrase in beside):
            return ""  # A word of its own stands beside a known one, as in 金融机构楼, 非盟机构.
        phrase = self.by_gap.get("".join(window[:gap]) + "_" + "".join(window[gap + 1 :]), "")
        # Another number is another claim, never a misprint: 哪一方面 is not 哪三方面.
        return "" if phrase and (window[gap] in _NUMERALS or phrase[gap] in _NUMERALS) else phrase
