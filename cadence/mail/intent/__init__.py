"""What a person means: one small named rule per reason to think so, weighed into a judgement."""

from cadence.mail.intent.judge import Judgement, judge

__all__ = ["Judgement", "judge"]
