/** A way to run the server, to be compared. */
export interface Variant {
  readonly name: VariantName;
  /** In a few words, for the table's legend. */
  readonly what: string;
  readonly image: ImageName;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it answers `/retrieve`; otherwise its first answers are those of `/health` and `/models`. */
  readonly retrieves: boolean;
}

/** The project's own image, the same with a smaller model, or a stage of container/bench/torch.Dockerfile. */
export type ImageName = "default" | "small-model" | "no-byte-code" | "legacy-byte-code" | "byte-code";

export const variantNames = ["torch", "torch-b", "torch-pyc", "onnx", "onnx-l3", "lexical", "light"] as const;
export type VariantName = (typeof variantNames)[number];

const torch = { BACKEND: "torch", MODEL_DIR: "/opt/torch-model" };

export const variants: readonly Variant[] = [
  {
    name: "torch",
    what: "the note's way: sentence-transformers on PyTorch, no byte code",
    image: "no-byte-code",
    env: torch,
    retrieves: true,
  },
  {
    name: "torch-b",
    what: "the same after `compileall -b`, as the note has it",
    image: "legacy-byte-code",
    env: torch,
    retrieves: true,
  },
  {
    name: "torch-pyc",
    what: "the same with byte code where Python looks for it",
    image: "byte-code",
    env: torch,
    retrieves: true,
  },
  {
    name: "onnx",
    what: "the project's image: the same model on ONNX Runtime",
    image: "default",
    env: {},
    retrieves: true,
  },
  {
    name: "onnx-l3",
    what: "the same with the smaller model paraphrase-MiniLM-L3-v2",
    image: "small-model",
    env: {},
    retrieves: true,
  },
  {
    name: "lexical",
    what: "no model: full-text search",
    image: "default",
    env: { BACKEND: "lexical" },
    retrieves: true,
  },
  {
    name: "light",
    what: "the light role: /health and /models, no search",
    image: "default",
    env: { APP_ROLE: "light" },
    retrieves: false,
  },
];
