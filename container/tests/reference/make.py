"""Makes all-MiniLM-L6-v2.json: what sentence-transformers on PyTorch gives, to compare onnxruntime with.

pip install torch==2.15.0 sentence-transformers==6.2.0
PYTHONPATH=container python -m model_tools prepare --backend torch --out MODEL
PYTHONPATH=container python container/tests/reference/make.py MODEL
"""

import json
import sys
from pathlib import Path

import sentence_transformers
import torch

from retrieval_server.documents import read_documents
from retrieval_server.passages import split_document

HERE = Path(__file__).parent
TEXTS = (
    "a",
    "What is said about a trial by jury?",
    "No Soldier shall, in time of peace be quartered in any house, without the consent of the Owner.",
    "The quick brown fox jumps over the lazy dog.",
    "UPPER lower MiXeD Case, punctuation!? (and) [brackets] {braces} <tags> & ampersands…",
    "Was sagt die Erklärung über Könige? Größe, Straße, naïve café, Ångström",
    "政府はどこから権力を得るのか",
    "Откуда берётся власть? من أين تأتي السلطة؟",
    "🗽 liberty 🗽 and emoji 👩‍👩‍👧",
    "e\u0301 and é, ﬁ ligature, ½, \u200bzero width, \u202eright to left\u202c",
    "def f(x):\n\treturn {'a': [x ** 2 for x in range(10)]}  # code",
    "1234567890 3.14159 -42 1e10 2026-11-25T08:00:00Z https://example.com/a?b=c#d",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "x" * 500,
    " spaces   around \n\n and   inside ",
    "one two three " * 40,
    "Texts that are longer than the model looks at are cut off. " * 60,
    "tiny",
)


def main(folder: str) -> None:
    torch.set_num_threads(1)
    model = sentence_transformers.SentenceTransformer(folder, device="cpu", local_files_only=True)
    questions = [entry["question"] for entry in json.loads((HERE / "questions.json").read_text())]
    documents = read_documents([HERE.parent.parent / "documents"])
    passages = [p for d in documents for p in split_document(d.path, d.text)]
    contents = [f"{p.heading}\n\n{p.body}" if p.heading else p.body for p in passages]
    # One by one: no padding, which is another way than the server's.
    vectors = [model.encode(text, normalize_embeddings=True) for text in TEXTS]
    scores = model.encode(questions, normalize_embeddings=True) @ model.encode(contents, normalize_embeddings=True).T
    made = {
        "made_by": f"sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__}, float32",
        "texts": [
            {"text": text, "vector": [round(float(number), 7) for number in vector]}
            for text, vector in zip(TEXTS, vectors, strict=True)
        ],
        "top_5": {
            question: [passages[row].id for row in (-row_scores).argsort(kind="stable")[:5]]
            for question, row_scores in zip(questions, scores, strict=True)
        },
    }
    (HERE / "all-MiniLM-L6-v2.json").write_text(json.dumps(made, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
