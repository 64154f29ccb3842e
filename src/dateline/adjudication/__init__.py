"""From several annotations of an article to one: what they agree on, what a policy settles, what a person decides.

`merge` writes what needs no person, `push` brings the rest to a review project in Label Studio, `pull` brings
the decisions home. Every item of the ground truth knows from whom it comes (`truth`).
"""

from dateline.adjudication.fetch import Fetched, pull
from dateline.adjudication.merge import Article, Merging, merge
from dateline.adjudication.policy import Policy, parse
from dateline.adjudication.send import Sent, push
from dateline.adjudication.words import Question, Reading

__all__ = [
    "Article",
    "Fetched",
    "Merging",
    "Policy",
    "Question",
    "Reading",
    "Sent",
    "merge",
    "parse",
    "pull",
    "push",
]
