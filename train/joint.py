"""Tagging and linking in one encoder pass: the tagger with a pair head beside it, trained on the gold events and on
what the tagger wrongly takes for deeds and spans (`pairs.py`).

The pair head's twin without torch is `model.pair_linker.PairLinker`; `to_linker` carries the weights over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from ..model.labels import IGNORED
from ..model.pair_linker import FEATURES, PairLinker
from .features import Links
from .heads import named_once, vocabulary_logits
from .pairs import window_pairs


class PairHead(nn.Module):
    """Scores (deeds, spans) from encoder states (deeds, width), (spans, width) and features (deeds, spans, F)."""

    def __init__(self, width: int, size: int = 64) -> None:
        super().__init__()
        self.trigger = nn.Linear(width, size)
        self.span = nn.Linear(width, size)
        self.hidden = nn.Linear(3 * size + FEATURES, size)
        self.out = nn.Linear(size, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, triggers: torch.Tensor, spans: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        a = self.drop(torch.tanh(self.trigger(triggers)))
        b = self.drop(torch.tanh(self.span(spans)))
        shape = (len(a), len(b), a.shape[1])
        pair = torch.cat([a[:, None].expand(shape), b[None].expand(shape), a[:, None] * b[None], features], dim=2)
        return self.out(self.drop(torch.relu(self.hidden(pair)))).squeeze(-1)

    def to_linker(self, shared: float = 0.5) -> PairLinker:
        names = {"trigger": self.trigger, "span": self.span, "hidden": self.hidden, "out": self.out}
        weights = {}
        for name, layer in names.items():
            weights[f"{name}_w"] = layer.weight.detach().float().cpu().numpy()
            weights[f"{name}_b"] = layer.bias.detach().float().cpu().numpy()
        return PairLinker(weights, shared)


class JointModel(nn.Module):
    """``tagger`` (any AutoModelForTokenClassification) and ``pairs``; loss: the tags' plus ``weight`` × the links'.

    With ``words``, the encoder's masked-word head (``masked_words``), also ``words_weight`` × that of the hidden
    pieces: while it learns the tags from few reports, the encoder goes on learning the language from them. Words that
    bear a tag weigh ``role_weight`` times as much as those outside."""

    #: The Trainer takes ``**_`` for a yes otherwise, and adds up losses of batches and processes instead of averaging.
    accepts_loss_kwargs = False

    def __init__(
        self,
        tagger: nn.Module,
        weight: float,
        doubtful: int = 0,
        words: nn.Module | None = None,
        words_weight: float = 0.0,
        role_weight: float = 1.0,
    ) -> None:
        super().__init__()
        self.tagger = tagger
        self.pairs = PairHead(tagger.config.hidden_size)  # type: ignore[union-attr,arg-type]
        self.weight, self.doubtful = weight, doubtful
        self.role_weight = role_weight
        self.words, self.words_weight = words, words_weight  # after the tagger, whose names its shared weights bear

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        """As of any module, but what the parts share is named once: safetensors refuses to write it twice."""
        return named_once(super().state_dict(*args, **kwargs))

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """Takes what `state_dict` gave: what is shared is found under the one name it bears there."""
        places = super().state_dict()
        named = {v.data_ptr(): name for name, v in places.items() if name in state_dict}
        shared = {n: state_dict[named[v.data_ptr()]] for n, v in places.items() if v.data_ptr() in named}
        return super().load_state_dict({**state_dict, **shared}, strict, assign)

    @property
    def config(self) -> Any:
        return self.tagger.config

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        labels: torch.Tensor,
        links: Sequence[Links] | None = None,
        hidden: torch.Tensor | None = None,
        **_: Any,
    ) -> dict[str, torch.Tensor]:
        """``links[row]`` are the row's gold deeds and spans; doubtful ones are added as `train.pairs` says."""
        out = self.tagger(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
        scores = out.logits.float().flatten(0, 1)
        weights = None
        if self.role_weight != 1:
            weights = torch.full_like(scores[0], self.role_weight)
            weights[0] = 1.0  # outside
        loss = nn.functional.cross_entropy(scores, labels.flatten(), weights, ignore_index=IGNORED)
        loss = self._with_others(loss, out.hidden_states[-1], out.logits, links, hidden)
        return {"loss": loss, "logits": out.logits}

    # Under `training.torch_compile` the tagger is compiled and this is not: pairs are ragged and drawn by numpy, so
    # each batch would be traced anew, until the compiler gives up on the tagger as well.
    @torch.compiler.disable
    def _with_others(
        self,
        loss: torch.Tensor,
        states: torch.Tensor,
        logits: torch.Tensor,
        links: Sequence[Links] | None,
        hidden: torch.Tensor | None,
    ) -> torch.Tensor:
        """``loss`` of the tags with that of the links and of the hidden pieces, where they are asked for."""
        if links and self.weight:
            loss = loss + self.weight * self._link_loss(states, logits, links)
        if self.words is not None and hidden is not None and (places := hidden != IGNORED).any():
            guessed = vocabulary_logits(self.words, states[places])
            loss = loss + self.words_weight * nn.functional.cross_entropy(guessed.float(), hidden[places])
        return loss

    def _link_loss(self, states: torch.Tensor, logits: torch.Tensor, links: Sequence[Links]) -> torch.Tensor:
        chances = logits.detach().float().softmax(-1).cpu().numpy() if self.doubtful else None
        # drawn from torch's generator, which a checkpoint holds: a resumed run draws what a straight one does
        rng = np.random.default_rng(int(torch.randint(2**31, ())))
        scores, gold = [], []
        for row, link in enumerate(links):
            pair = window_pairs(link, None if chances is None else chances[row], self.doubtful, rng)
            if pair.gold.size:
                here = states[row]
                found = self.pairs(
                    here[torch.from_numpy(pair.triggers).to(here.device)],
                    here[torch.from_numpy(pair.spans).to(here.device)],
                    torch.from_numpy(pair.features).to(here.device),
                )
                scores.append(found.float().flatten())
                gold.append(torch.from_numpy(pair.gold).to(here.device).flatten())
        if not scores:
            return states.new_zeros(())
        return nn.functional.binary_cross_entropy_with_logits(torch.cat(scores), torch.cat(gold))
