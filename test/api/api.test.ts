import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { FakeSandbox } from "../../sandbox/index.ts";
import { type ApiClient, ApiError, type ApiNode, connectApi, serveApi, socketPathOf } from "../../src/api/index.ts";
import { type ContestId, hashOf, nobleSigner } from "../../src/model/index.ts";
import { temporaryDirectory } from "../support/directories.ts";
import { eventually } from "../support/eventually.ts";
import { secretKeyFor } from "../support/keys.ts";

type Reply = (body: unknown, final: boolean) => void;

interface Rig {
  readonly api: ApiClient;
  readonly directory: string;
  readonly commands: { readonly body: { readonly type: string }; readonly reply: Reply; stopped: boolean }[];
  readonly notify: (notice: { readonly type: string }) => void;
  readonly subscribers: () => number;
  readonly stops: () => number;
}

/** The API of a node that answers nothing by itself. */
async function rig(context: TestContext): Promise<Rig> {
  const directory = await temporaryDirectory(context);
  const commands: Rig["commands"] = [];
  const listeners = new Set<(notice: { readonly type: string }) => void>();
  let stops = 0;
  const node: ApiNode = {
    id: nobleSigner(secretKeyFor("api")).id,
    contest: hashOf(new Uint8Array()) as ContestId,
    organized: undefined,
    library: { openCount: 2 },
    diskWarning: () => null,
    profile: new FakeSandbox().profile,
    manifest: () => null,
    command: (body, reply) => {
      const command = { body, reply, stopped: false };
      commands.push(command);
      return () => void (command.stopped = true);
    },
    status: () => ({ role: "participant" }) as ReturnType<ApiNode["status"]>,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    addresses: () => ["/ip4/127.0.0.1/tcp/1"],
    peers: () => [],
    sages: () => [],
    problems: () => [],
    statement: async () => {
      throw new Error("no statement");
    },
    readiness: async () => ({ ready: true, healthy: true, checks: [] }),
    transferAuthority: async () => ({ type: "failed", code: "no-authority", reason: "no sage" }),
    counters: () => ({}) as ReturnType<ApiNode["counters"]>,
    problemNamed: (text) => (text === "A" ? "sum" : undefined),
  };
  const server = await serveApi({ node, dataDirectory: directory, version: "1", onStop: () => (stops += 1) });
  const api = await connectApi(directory);
  context.after(async () => {
    api.close();
    await server.close();
  });
  const notify = (notice: { readonly type: string }): void => {
    for (const listener of listeners) listener(notice);
  };
  return { api, directory, commands, notify, subscribers: () => listeners.size, stops: () => stops };
}

test("api: a command with news: every answer in order, the loop ends with the final one", async (context) => {
  const { api, commands } = await rig(context);
  const heard: unknown[] = [];
  const listening = (async () => {
    for await (const body of api.stream({ type: "watch", submission: "a".repeat(64) })) heard.push(body);
  })();
  await eventually("the node has the command", () => commands.length === 1);
  commands[0]?.reply("one", false);
  commands[0]?.reply("two", true);
  commands[0]?.reply("too late", true);
  await listening;
  assert.deepEqual(heard, ["one", "two"]);
  assert.deepEqual(commands[0]?.body, { type: "watch", submission: "a".repeat(64) });
});

test("api: a submission: source in bytes, the letter of the problem becomes its name", async (context) => {
  const { api, commands } = await rig(context);
  const source = Buffer.from("print(1)");
  const submit = { type: "submit", language: "python3", filename: "a.py", source: source.toString("base64") } as const;
  void api.request({ ...submit, problem: "A" });
  void api.request({ ...submit, problem: "B", companions: [{ filename: "b.py", source: submit.source }] });
  await eventually("both arrived", () => commands.length === 2);
  const body = { type: "submit", language: "python3", filename: "a.py", source: new Uint8Array(source) };
  const companions = [{ filename: "b.py", source: new Uint8Array(source) }];
  assert.deepEqual(
    commands.map((command) => command.body),
    [
      { ...body, problem: "sum", companions: [] },
      { ...body, problem: "B", companions },
    ],
  );
  for (const { reply } of commands) reply({}, true);
});

test("api: two connections with the same request numbers: each hears its own", async (context) => {
  const { api, directory, commands } = await rig(context);
  const second = await connectApi(directory);
  const [a, b] = [api.request({ type: "status" }), second.request({ type: "board" })];
  await eventually("both arrived", () => commands.length === 2);
  for (const { body, reply } of commands) reply(body.type, true);
  assert.deepEqual(await Promise.all([a, b]), ["status", "board"]);
  second.close();
});

test("api: a subscriber: hears notices until it leaves; its commands end with its connection", async (context) => {
  const { directory, notify, subscribers, commands } = await rig(context);
  const second = await connectApi(directory);
  const heard: unknown[] = [];
  const listening = (async () => {
    for await (const body of second.stream({ type: "subscribe" })) heard.push((body as { notice?: unknown }).notice);
  })();
  await eventually("subscribed", () => subscribers() === 1);
  void second.request({ type: "watch", submission: "b".repeat(64) }).catch(() => undefined);
  await eventually("watching", () => commands.length === 1);
  notify({ type: "one" });
  notify({ type: "two" });
  await eventually("heard", () => heard.length === 3);
  assert.deepEqual(heard, [undefined, { type: "one" }, { type: "two" }]);
  second.close();
  await assert.rejects(listening, { code: "DIKAST_API_CLOSED" });
  await eventually("unsubscribed", () => subscribers() === 0 && commands[0]?.stopped === true);
});

const MALFORMED: readonly (readonly [string, unknown])[] = [
  ["no such command", { type: "rm" }],
  ["a submission without source", { type: "submit", problem: "A", language: "cpp", filename: "a.cpp" }],
  ["an unknown language", { type: "submit", problem: "A", language: "cobol", filename: "a", source: "" }],
  ["a watch of nothing", { type: "watch", submission: "x" }],
  ["an absurd count", { type: "submissions", of: null, countMax: 1e9 }],
  ["no object", 7],
];
for (const [what, command] of MALFORMED) {
  test(`api: ${what}: refused with a code, the node is not bothered`, async (context) => {
    const { api, commands } = await rig(context);
    const request = api.request(command as Parameters<ApiClient["request"]>[0]);
    await assert.rejects(request, (error) => error instanceof ApiError && error.code === "DIKAST_API_MALFORMED");
    assert.equal(commands.length, 0);
  });
}

for (const [what, bytes] of [
  ["a line that is no JSON", Buffer.from("hello\n")],
  ["a request without a number", Buffer.from('{"command":{"type":"status"}}\n')],
  ["a line without end", Buffer.alloc(3 * 1024 * 1024, 97)],
] as const) {
  test(`api: ${what}: that connection is closed, others go on`, async (context) => {
    const { api, directory } = await rig(context);
    const socket = connect(socketPathOf(directory));
    socket.on("error", () => undefined);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(bytes);
    await closed;
    assert.equal(((await api.request({ type: "node" })) as { problemsOpen: number }).problemsOpen, 2);
  });
}

test("api: too many open requests on one connection: refused", async (context) => {
  const { api, commands } = await rig(context);
  for (let count = 0; count < 64; count += 1) void api.request({ type: "status" }).catch(() => undefined);
  await assert.rejects(api.request({ type: "status" }), { code: "DIKAST_API_BUSY" });
  assert.equal(commands.length, 64);
});

test("api: stop: answered first, then the node is told", async (context) => {
  const { api, stops } = await rig(context);
  assert.deepEqual(await api.request({ type: "stop" }), { type: "stopping" });
  await eventually("told", () => stops() === 1);
});

test("api: the socket: of its owner only; nobody there is said in one sentence", async (context) => {
  const { directory } = await rig(context);
  assert.equal((await stat(socketPathOf(directory))).mode & 0o777, 0o600);
  const nowhere = path.join(directory, "nowhere");
  await assert.rejects(connectApi(nowhere), {
    code: "DIKAST_NOT_RUNNING",
    message: /no node is running with the data directory/,
  });
});

test("api: a deep data directory: a socket path that the system takes", () => {
  const deep = `/tmp/${"d".repeat(200)}`;
  assert.ok(Buffer.byteLength(socketPathOf(deep)) <= 100);
  assert.equal(socketPathOf(deep), socketPathOf(deep));
  assert.notEqual(socketPathOf(deep), socketPathOf(`${deep}2`));
});
