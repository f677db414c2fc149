"""A judge that has never seen the painter: what does a picture show, in the captions' words?"""

from torch import Tensor, nn

from aml4d_utils.topics.text_to_image.captions import COLOURS, KINDS, SIDES, SIZES

QUESTIONS = {"size": SIZES, "colour": tuple(COLOURS), "kind": KINDS, "side": SIDES}
"""What the judge is asked, and the answers it may give."""


class PromptJudge(nn.Module):
    """A small convolutional network with one answer for each part of a caption.

    Pictures are (B, 3, 64, 64), float32 in [0, 1]; the answer is a dictionary with logits
    (B, answers) for each of `QUESTIONS`.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for narrow, wide in ((3, 24), (24, 48), (48, 72), (72, 96)):
            layers += [
                nn.Conv2d(narrow, wide, 3, padding=1, bias=False),
                nn.BatchNorm2d(wide),
                nn.ReLU(),
                nn.MaxPool2d(2),
            ]
        self.trunk = nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.3))
        self.heads = nn.ModuleDict(
            {name: nn.Linear(96 * 16, len(answers)) for name, answers in QUESTIONS.items()}
        )

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        features = self.trunk(pictures * 2 - 1)
        return {name: head(features) for name, head in self.heads.items()}
