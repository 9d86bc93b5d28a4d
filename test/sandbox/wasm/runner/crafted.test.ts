/** Modules crafted against the meter and the system interface. Each ends as the table says, and the next run is unharmed. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { RunLimits } from "../../../../sandbox/engine.ts";
import { craft, I32, I64, signed, text } from "../support/assembler.ts";
import { RunThread } from "../support/threads.ts";

const LOOP = [0x03, 0x40, 0x0c, 0, 0x0b];
const EXIT = ["proc_exit", 1] as const;
const TYPES = [
  [[], []],
  [[I32], []],
  [[I32, I32, I32, I32], [I32]],
  [[I32], [I32]],
] as const;
/** 4096 pages and more are what the stack takes; these are beyond every limit. */
const HUGE_PAGES = [1, 0, 0x80, 0xf0, 0x03];
/** 2,000 locals: the stack is used up in 30,000 calls. */
const LARGE_FRAME = [1, 0xd0, 0x0f, I64];
const exit = (code: number): number[] => [0x41, ...signed(code), 0x10, 0];
const grow = (pages: number): number[] => [0x41, ...signed(pages), 0x40, 0];

interface Case {
  readonly id: string;
  readonly module: Uint8Array;
  readonly ends: string;
  readonly limits?: Partial<RunLimits>;
}

const CASES: readonly Case[] = [
  { id: "an endless loop", module: craft({ functions: [{ code: LOOP }] }), ends: "cost-exceeded" },
  {
    id: "an endless loop in the start function",
    module: craft({ functions: [{ code: [] }, { code: LOOP }], start: 1 }),
    ends: "cost-exceeded",
  },
  {
    id: "an endless loop behind catch_all",
    module: craft({
      functions: [{ code: [0x03, 0x40, 0x06, 0x40, 0x10, 1, 0x19, 0x0b, 0x0c, 0, 0x0b] }, { code: LOOP }],
    }),
    ends: "cost-exceeded",
  },
  {
    id: "exit behind catch_all",
    module: craft({
      types: TYPES,
      imports: [EXIT],
      functions: [{ code: [0x06, 0x40, ...exit(7), 0x19, 0x0b, ...LOOP] }],
    }),
    ends: "exited 7",
  },
  {
    id: "exit in a tail position",
    module: craft({ types: TYPES, imports: [EXIT], functions: [{ code: [0x41, 9, 0x12, 0] }] }),
    ends: "exited 9",
  },
  {
    id: "exit through a table",
    module: craft({
      types: TYPES,
      imports: [EXIT],
      functions: [{ code: [0x41, 5, 0x41, 0, 0x11, 1, 0, ...LOOP] }],
      table: [1, 0x70, 0, 1],
      elements: [[0, 0x41, 0, 0x0b, 1, 0]],
    }),
    ends: "exited 5",
  },
  {
    id: "exit code beyond a byte",
    module: craft({ types: TYPES, imports: [EXIT], functions: [{ code: exit(256 + 3) }] }),
    ends: "exited 3",
  },
  {
    id: "endless recursion",
    module: craft({ functions: [{ code: [0x10, 0] }] }),
    limits: { costMax: 10 ** 10 },
    ends: "trapped call stack exhausted",
  },
  {
    id: "endless recursion past the arm that calls first",
    module: craft({
      types: TYPES,
      functions: [
        { code: [0x41, 0, 0x10, 1] },
        { type: 1, locals: LARGE_FRAME, code: [0x20, 0, 0x04, 0x40, 0x41, 1, 0x10, 1, 0x05, 0x41, 0, 0x10, 1, 0x0b] },
      ],
    }),
    ends: "trapped call stack exhausted",
  },
  {
    id: "endless recursion past the block that calls first",
    module: craft({
      types: TYPES,
      functions: [
        { code: [0x41, 1, 0x10, 1] },
        {
          type: 1,
          locals: LARGE_FRAME,
          code: [0x02, 0x40, 0x20, 0, 0x0d, 0, 0x41, 0, 0x10, 1, 0x0b, 0x41, 1, 0x10, 1],
        },
      ],
    }),
    ends: "trapped call stack exhausted",
  },
  {
    id: "endless recursion through a table",
    module: craft({
      functions: [{ code: [0x41, 0, 0x11, 0, 0] }],
      table: [1, 0x70, 0, 1],
      elements: [[0, 0x41, 0, 0x0b, 1, 0]],
    }),
    limits: { costMax: 10 ** 10 },
    ends: "trapped call stack exhausted",
  },
  {
    id: "endless recursion with large frames",
    module: craft({ functions: [{ locals: LARGE_FRAME, code: [0x10, 0] }] }),
    ends: "trapped call stack exhausted",
  },
  { id: "endless tail calls", module: craft({ functions: [{ code: [0x12, 0] }] }), ends: "cost-exceeded" },
  {
    id: "calls that double at each level",
    module: craft({
      functions: Array.from({ length: 60 }, (_, i) => ({ code: i === 59 ? [] : [0x10, i + 1, 0x10, i + 1] })),
    }),
    ends: "cost-exceeded",
  },
  {
    id: "an exception that nobody catches",
    module: craft({ tags: [[0, 0]], functions: [{ code: [0x08, 0] }] }),
    ends: "trapped uncaught exception",
  },
  {
    id: "an exception through many frames",
    module: craft({
      types: TYPES,
      imports: [EXIT],
      tags: [[0, 0]],
      functions: [
        { code: [0x06, 0x40, 0x10, 2, 0x07, 0, 0x0b, ...exit(4)] },
        { locals: [1, 1, I32], code: [0x10, 3, ...LOOP] },
        { code: [0x08, 0] },
      ],
    }),
    ends: "exited 4",
  },
  { id: "unreachable", module: craft({ functions: [{ code: [0x00] }] }), ends: "trapped unreachable" },
  {
    id: "growth beyond the limit",
    module: craft({ functions: [{ code: [...grow(6000), 0x1a] }] }),
    ends: "memory-exceeded",
  },
  {
    id: "growth page by page",
    module: craft({ functions: [{ code: [0x03, 0x40, ...grow(1), 0x1a, 0x0c, 0, 0x0b] }] }),
    ends: "memory-exceeded",
    limits: { costMax: 10 ** 13 },
  },
  {
    id: "growth beyond the module's own maximum fails",
    module: craft({
      memory: [1, 1, 1, 2],
      functions: [{ code: [...grow(5), 0x41, 0x7f, 0x47, 0x04, 0x40, 0x00, 0x0b] }],
    }),
    ends: "exited 0",
  },
  {
    id: "a huge memory at the start",
    module: craft({ memory: HUGE_PAGES, functions: [{ code: [] }] }),
    ends: "memory-exceeded",
  },
  {
    id: "filling memory again and again",
    module: craft({
      memory: [1, 0, 0x80, 0x20],
      functions: [{ code: [0x03, 0x40, 0x41, 0, 0x41, 1, 0x41, ...signed(2 ** 28), 0xfc, 11, 0, 0x0c, 0, 0x0b] }],
    }),
    ends: "cost-exceeded",
  },
  {
    id: "a table that grows",
    module: craft({
      table: [1, 0x70, 0, 1],
      functions: [{ code: [0x03, 0x40, 0xd0, 0x70, 0x41, ...signed(100_000), 0xfc, 15, 0, 0x1a, 0x0c, 0, 0x0b] }],
    }),
    ends: "cost-exceeded",
  },
  {
    id: "a huge table",
    module: craft({ table: [1, 0x70, 0, 0x80, 0xad, 0xe2, 0x04], functions: [{ code: [] }] }),
    ends: "trapped beyond the sandbox's bounds",
  },
  {
    id: "a data segment out of bounds",
    module: craft({ functions: [{ code: [] }], data: [[0, 0x41, ...signed(70_000), 0x0b, 1, 0]] }),
    ends: "trapped",
  },
  {
    id: "an import that does not exist",
    module: craft({ imports: [["path_escape", 0]], functions: [{ code: [] }] }),
    ends: "trapped",
  },
  {
    id: "an import from elsewhere",
    module: craft({ importModule: "node:fs", imports: [["readFileSync", 0]], functions: [{ code: [] }] }),
    ends: "trapped",
  },
  {
    id: "an export named like the meter's",
    module: craft({ functions: [{ code: LOOP }], exports: [[...text("dikast.fuel"), 0, 0]] }),
    ends: "trapped not allowed in the sandbox: an export with a reserved name",
  },
  {
    id: "setting a global that only the meter has",
    module: craft({ functions: [{ code: [0x42, 0x7f, 0x24, 0] }] }),
    ends: "trapped malformed WebAssembly",
  },
  {
    id: "calling a function that only the meter has",
    module: craft({ functions: [{ code: [...grow(1), 0x10, 1] }] }),
    ends: "trapped malformed WebAssembly",
  },
  {
    id: "shared memory",
    module: craft({ memory: [1, 3, 1, 1], functions: [{ code: [] }] }),
    ends: "trapped not allowed in the sandbox: shared memory (threads)",
  },
  {
    id: "64-bit memory",
    module: craft({ memory: [1, 4, 1], functions: [{ code: [] }] }),
    ends: "trapped not allowed in the sandbox: 64-bit memory",
  },
  {
    id: "two memories",
    module: craft({ memory: [2, 0, 1, 0, 1], functions: [{ code: [] }] }),
    ends: "trapped not allowed in the sandbox: several memories",
  },
  {
    id: "atomic instructions",
    module: craft({ functions: [{ code: [0xfe, 3, 0] }] }),
    ends: "trapped not allowed in the sandbox: atomic instructions (threads)",
  },
  {
    id: "relaxed SIMD",
    module: craft({ functions: [{ code: [0x00, 0xfd, 0x80, 0x02] }] }),
    ends: "trapped not allowed in the sandbox: relaxed SIMD",
  },
  {
    id: "not a module",
    module: new TextEncoder().encode("#!/bin/sh\nreboot\n"),
    ends: "trapped malformed WebAssembly",
  },
  { id: "nothing", module: new Uint8Array(0), ends: "trapped malformed WebAssembly" },
  {
    id: "a bad pointer",
    module: craft({
      types: TYPES,
      imports: [["fd_write", 2], EXIT],
      functions: [{ code: [0x41, 1, 0x41, 0x7f, 0x41, 1, 0x41, 0, 0x10, 0, 0x10, 1] }],
    }),
    ends: "exited 21",
  },
  {
    id: "an endless flood of output",
    module: craft({
      types: TYPES,
      imports: [["fd_write", 2]],
      functions: [
        {
          code: [
            0x41,
            4,
            0x41,
            ...signed(32_768),
            0x36,
            2,
            0,
            0x03,
            0x40,
            0x41,
            1,
            0x41,
            0,
            0x41,
            1,
            0x41,
            8,
            0x10,
            0,
            0x1a,
            0x0c,
            0,
            0x0b,
          ],
        },
      ],
    }),
    ends: "output-exceeded",
  },
  {
    id: "an endless flood of errors",
    module: craft({
      types: TYPES,
      imports: [["fd_write", 2]],
      functions: [
        {
          code: [
            0x41,
            4,
            0x41,
            ...signed(32_768),
            0x36,
            2,
            0,
            0x03,
            0x40,
            0x41,
            2,
            0x41,
            0,
            0x41,
            1,
            0x41,
            8,
            0x10,
            0,
            0x1a,
            0x0c,
            0,
            0x0b,
          ],
        },
      ],
    }),
    ends: "cost-exceeded",
  },
  {
    id: "sleeping for ten years",
    module: craft({
      types: TYPES,
      imports: [["poll_oneoff", 2]],
      functions: [
        {
          code: [
            0x41,
            24,
            0x42,
            ...signed(10n ** 17n * 3n),
            0x37,
            3,
            0,
            0x41,
            0,
            0x41,
            ...signed(64),
            0x41,
            1,
            0x41,
            ...signed(128),
            0x10,
            0,
            0x1a,
          ],
        },
      ],
    }),
    ends: "cost-exceeded",
  },
];

const FINE = craft({ types: TYPES, imports: [EXIT], functions: [{ code: exit(42) }] });

const thread = new RunThread();
after(async () => await thread[Symbol.asyncDispose]());

for (const { id, module, ends, limits } of CASES) {
  test(`crafted module: ${id}: ${ends}`, async () => {
    const { status, cost } = await thread.run(module, limits);
    const detail = status.type === "exited" ? String(status.code) : status.type === "trapped" ? status.reason : "";
    const ended = `${status.type} ${detail}`.trim();
    assert.ok(ended.startsWith(ends), `it ended "${ended}"`);
    assert.ok(Number.isSafeInteger(cost) && cost >= 0);
    const again = await thread.run(module, limits);
    assert.equal(again.cost, cost, "the same run costs the same");
    assert.deepEqual((await thread.run(FINE)).status, { type: "exited", code: 42 });
  });
}
