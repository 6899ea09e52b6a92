"""What a person means: small named rules, word lists and a trained model, weighed into a judgement."""

from cadence.mail.intent.judge import judge
from cadence.mail.intent.judgement import Judgement

__all__ = ["Judgement", "judge"]
