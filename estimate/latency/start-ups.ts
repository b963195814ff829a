import type { StartUpInput } from "./start-up";

/** What a range says of a mean and a spread: the same as if every value in it were as likely. */
function between(fromMs: number, toMs: number): { ms: number; cv: number } {
  const ms = (fromMs + toMs) / 2;
  return { ms, cv: (toMs - fromMs) / Math.sqrt(12) / ms };
}

/**
 * Lambda's own part of a start: a sandbox, and the blocks of the image that are touched first. No public measurement
 * says how long it takes for an image of hundreds of MB: `Init Duration` leaves it out. It lies between the 50 ms that
 * AWS's engineers give as the least (Brooker et al., USENIX ATC 2023, arXiv 2305.13162) and the note's 2 to 3 s for
 * its gigabytes. An assumption of the authors, 2026-11; `lambda-or-fargate measure` has your own.
 */
export const assumedImage = { ms: 600, cv: 0.5, cores: 0 } as const;

/** Times of our server: each answer's p90 is 4 to 5 % above its median, which this spread of each phase makes. */
const measured = (ms: number) => ({ ms, cv: 0.06 });

/** Our server with APP_ROLE=light, through the web adapter. */
export const lightContainer = {
  runtime: measured(70),
  imports: measured(201),
  model: measured(0),
  index: measured(1),
};

/**
 * Starts that have a name. Ours are those of docs/cold-start.md at 1.16 vCPU, which one thread can't use up, so they are
 * those of one vCPU: `imports` are all imports, `model` includes the first run, and `runtime` is the rest up to the
 * first answer, which includes the web adapter.
 */
export const startUps: readonly StartUpInput[] = [
  {
    name: "note",
    source:
      "performance note of matthewhanson/athenaeum, 2025-12-14: PyTorch, sentence-transformers and FAISS at 2,048 MB; no log behind it",
    imageMb: 2000,
    phases: {
      image: { ...between(2000, 3000), cores: 0 },
      runtime: { ms: 0 },
      imports: between(5000, 8000),
      model: between(2000, 4000),
      index: between(1000, 2000),
    },
    light: lightContainer,
  },
  {
    name: "onnx",
    source: "docs/cold-start.md, through the web adapter, 2026-11-25; the image's part is an assumption",
    phases: {
      image: assumedImage,
      runtime: measured(88),
      imports: measured(201 + 96),
      model: measured(67 + 15),
      index: measured(3),
    },
    light: lightContainer,
  },
  {
    name: "torch",
    source:
      "docs/cold-start.md, plain, and the 8 ms that the adapter adds, 2026-11-25; the image's part is the note's, as for gigabytes",
    phases: {
      image: { ...between(2000, 3000), cores: 0 },
      runtime: measured(159 + 8),
      imports: measured(469 + 9320),
      model: measured(235 + 39),
      index: measured(2),
    },
    light: lightContainer,
  },
  {
    name: "light",
    source: "docs/cold-start.md, through the web adapter, 2026-11-25; the image's part is an assumption",
    phases: {
      image: assumedImage,
      ...lightContainer,
    },
  },
  {
    name: "lexical",
    source:
      "docs/cold-start.md, plain, and the 10 ms that the adapter adds, 2026-11-25; the image's part is an assumption",
    phases: {
      image: assumedImage,
      runtime: measured(95 + 10),
      imports: measured(215),
      model: measured(0),
      index: measured(2),
    },
  },
];
