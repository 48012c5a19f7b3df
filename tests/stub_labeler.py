"""A stand-in for the labeler in tests of bulk extraction: it reads by pattern, at once, and fails on demand.

A text with "انهار" raises, one with "مات" ends the process. `slow` is the same, a few milliseconds a report; `waits`
stops at a text with "قف" until it may go on. Run as a program it extracts with this labeler, and kills itself where its
first argument says; its third is the number of workers, with @ and an address those of a Ray cluster.
"""

import os
import re
import signal
import sys
import time
from pathlib import Path

from adwar.data.schema import EVENT_TYPES
from adwar.model.frames import Prediction, RoleSpan, Trigger, build_frame
from adwar.model.sentences import sentences

DEED = re.compile(r"(غارة|قصف) (\w+) على (\w+)")
COUNT = re.compile(r"(\d+) (\w+)")


class Stub:
    def __init__(self, pause=0.0):
        self.pause = pause

    def predict_many(self, texts, *, min_score=0.0, chunk=64, dates=None):
        for text in texts:
            time.sleep(self.pause)
            if "انهار" in text:
                raise RuntimeError("no such word in the world of this stub")
            if "مات" in text:
                os._exit(9)
            yield self.predict(text)

    def predict(self, text):
        roles, frames = [], []
        for deed in DEED.finditer(text):
            found = [_span(deed, 2, "attacker"), _span(deed, 3, "location")]
            for count in COUNT.finditer(text, deed.end()):
                found += [_span(count, 1, "count"), _span(count, 2, "target")]
                break
            kind = EVENT_TYPES[0] if deed[1] == "غارة" else EVENT_TYPES[1]
            trigger = Trigger(*deed.span(1), deed[1], kind, 0.9)
            frames.append(build_frame(text, trigger, found, sentences(text), kind))
            roles += found
        loose = [_span(m, 0, "source") for m in re.finditer(r"المرصد", text)]
        return Prediction(text, tuple(roles + loose), tuple(frames), 1)


def _span(match, group, role):
    return RoleSpan(*match.span(group), match[group], role, 0.87654321)


def quick(model):
    return Stub()


def slow(model):
    return Stub(0.004)


class Waits(Stub):
    """It stops at a text with "قف", leaves a file with its process's number in the folder that the environment names,
    and goes on when there is a file ``go``."""

    def predict_many(self, texts, **options):
        for text in texts:
            folder = Path(os.environ["STUB_MARKS"])
            if "قف" in text and not (folder / "go").exists():
                (folder / str(os.getpid())).touch()
                while not (folder / "go").exists():
                    time.sleep(0.05)
            yield from super().predict_many([text], **options)


def waits(model):
    return Waits()


def refused(model):
    raise ValueError("this model will not load")


def report(number):
    """A report of an airstrike, of shelling, or of nothing, by its number."""
    if number % 3 == 0:
        return f"غارة روسية على حلب{number} فقتل {number + 1} مدنيا، بحسب المرصد."
    if number % 3 == 1:
        return f"قصف مدفعي على درعا{number}.\nوفي غارة أمريكية على الرقة أصيب {number} شخصا."
    return f"افتتح الوزير المعرض رقم {number}."


def die_at_replace(number):
    """Kill this process, with no warning, just before (odd) or just after (even) the ``number // 2``-th rename."""
    real, seen = os.replace, [0]

    def replace(source, target):
        seen[0] += 1
        if seen[0] * 2 - 1 == number:
            os.kill(os.getpid(), signal.SIGKILL)
        real(source, target)
        if seen[0] * 2 == number:
            os.kill(os.getpid(), signal.SIGKILL)

    os.replace = replace


def job(events, inputs, *, labeler=quick, **options):
    """A run of parts of eight reports; ``options`` are those of `Job`, `Outputs` and `Setup`."""
    from adwar.scale.assemble import Outputs
    from adwar.scale.job import Job
    from adwar.scale.work import Setup

    outputs = {k: options.pop(k) for k in ("mentions", "all_documents") if k in options}
    setup = {k: options.pop(k) for k in ("gate", "model", "min_score", "longest") if k in options}
    return Job(
        inputs=tuple(map(str, inputs)),
        outputs=Outputs(events=str(events), **outputs),
        setup=Setup(labeler=labeler, **setup),
        part_documents=8,
        **{"workers": 0, **options},
    )


if __name__ == "__main__":
    import stub_labeler  # under its own name, so that worker processes find it

    from adwar.scale.run import run

    die, name, workers, out, mentions, *rest = sys.argv[1:]
    die_at_replace(int(die))
    workers, _, address = workers.partition("@")
    engine = {"engine": "ray", "ray_address": address} if address else {}
    run(job(out, rest, labeler=getattr(stub_labeler, name), workers=int(workers), mentions=mentions, **engine))
