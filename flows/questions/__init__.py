"""The kinds of questions: each puts itself into words, judges what comes back, and shows an answer again.

None of them knows which flow it stands in, what follows from its answer, or how a letter is made.
"""

from flows.questions.attach import Attach
from flows.questions.choose import Choose
from flows.questions.clock import Clock
from flows.questions.place import Where
from flows.questions.review import Review
from flows.questions.several import Several
from flows.questions.stay import Stay
from flows.questions.when import When
from flows.questions.word import Word
from flows.questions.write import Write

__all__ = ["Attach", "Choose", "Clock", "Review", "Several", "Stay", "When", "Where", "Word", "Write"]
