"""Words that mean nothing in the scripts that news is written in, as often as words of that rank are used.

What matters here is what a text costs: bytes for each character, combining marks, joiners, spaces or none,
and how well it compresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

VOCABULARY = 4000  # words of a language
_FLATTEN = 2.7  # Zipf-Mandelbrot: the frequency of rank r is 1 / (r + 2.7)

# beginnings, middles and ends of syllables; - stands for none
LATIN = ("b c d f g h k l m n p r s t v w br st tr pl ch th", "a e i o u ea ou", "- n r s t l")
ACCENTED = ("b c d f g j l m n p r s t v qu gn", "a à â e é è ê i î o ô u û ü ç", "- n r s t")
CYRILLIC = ("б в г д ж з к л м н п р с т х ч ш", "а е и о у ы я ю", "- й н т л ь")
DEVANAGARI = ("क ख ग च ज ट त द न प ब म य र ल व श स ह", "ा ि ी ु े ो ं", "- - न र")
ARABIC = ("ا ب ت ج ح د ر ز س ش ع ف ق ك ل م ن ه و ي", "- - - - - - - - - َ ُ ِ", "-")
EMOJI = ("😀", "👨‍👩‍👧", "🇯🇵", "👍🏽", "❤️", "🗞️")


@dataclass(frozen=True)
class Language:
    """A language of the corpus: `share` of its articles, what stands between words, how a sentence ends.

    Without syllables a word is made of Han characters, in Japanese of kana, too.
    """

    tag: str
    share: int
    between: str = " "
    stop: str = ". "
    syllables: tuple[str, str, str] | None = LATIN


LANGUAGES = (
    Language("en", 46),
    Language("fr", 12, syllables=ACCENTED),
    Language("ru", 8, syllables=CYRILLIC),
    Language("ar", 12, syllables=ARABIC),
    Language("hi", 4, stop="। ", syllables=DEVANAGARI),
    Language("zh", 12, "", "。", None),
    Language("ja", 6, "", "。", None),
)


@dataclass(frozen=True)
class Lexicon:
    """The names of a language and an urn of its words, each in it as often as its rank has it."""

    language: Language
    names: list[str]
    urn: list[str]

    def phrase(self, rng: Random, least: int, most: int) -> str:
        """A few words in a row, without white space at the ends."""
        count = least + int(rng.random() * (most - least + 1))
        return self.language.between.join(rng.choices(self.urn, k=count))

    def name(self, rng: Random, parts: int) -> str:
        """A name of so many parts."""
        return self.language.between.join(rng.choices(self.names, k=parts))


@cache
def lexicon(language: Language) -> Lexicon:
    """The lexicon of a language, the same in every corpus."""
    rng = Random(language.tag)  # noqa: S311 (no secret)
    found = dict.fromkeys(_word(language, rng) for _ in range(2 * VOCABULARY))
    words = sorted(found, key=lambda word: len(word) + rng.random() * 4)[:VOCABULARY]
    urn = [word for rank, word in enumerate(words) for _ in range(round(VOCABULARY * 2 / (rank + _FLATTEN)))]
    return Lexicon(language, [word.capitalize() for word in words[200:1800]], urn)


def _word(language: Language, rng: Random) -> str:
    if language.syllables is None:
        kana = language.tag == "ja" and rng.random() < 0.5
        first, size = (0x3042, 80) if kana else (0x4E00, 3000)
        return "".join(chr(first + int(size * rng.random() ** 2)) for _ in range(rng.choice((1, 2, 2, 3))))
    parts = [part.split() for part in language.syllables]
    count = rng.choice((1, 2, 2, 3, 4))
    return "".join(rng.choice(part) for _ in range(count) for part in parts).replace("-", "")
