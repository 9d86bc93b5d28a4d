/** Tells a person what happens in the network: every event once, whichever nodes report it. */
import type { NodeId } from "../../src/model/index.ts";
import { noticeLine, type NoticeNames } from "../support/notices.ts";
import { print, printJson, styled } from "../support/output.ts";
import type { AnyNotice, NodeProcess } from "./node-process.ts";

/** Events told by name of the node they happen at. */
const LOCAL: ReadonlySet<string> = new Set(["evaluation-finished", "escalated", "caught-up", "submission-refused"]);
/** The sage tells of registrations itself; what every node says of itself would be ten lines of the same. */
const SILENT: ReadonlySet<string> = new Set(["contest-known", "registered", "vote-cast", "keys-released", "roster"]);
/** Remembered events; old ones do not come again. */
const TOLD_MAX = 20_000;

export interface NarratorCounts {
  readonly sessions: number;
  /** Of the session that has the most. */
  readonly clusters: number;
  /** Certificates of leaders, of clusters and of the whole. */
  readonly elections: number;
}

export class Narrator {
  readonly #json: boolean;
  readonly #names: NoticeNames;
  readonly #startedMs = Date.now();
  readonly #told = new Set<string>();
  readonly #sessions = new Set<number>();
  readonly #elections = new Set<string>();
  #clusters = 0;
  #quiet = false;

  constructor(json: boolean, names: NoticeNames) {
    this.#json = json;
    this.#names = names;
  }

  counts(): NarratorCounts {
    return { sessions: this.#sessions.size, clusters: this.#clusters, elections: this.#elections.size };
  }

  /** While everything is being stopped, farewells are no news. */
  silence(): void {
    this.#quiet = true;
  }

  say(line: string): void {
    if (!this.#json && !this.#quiet) print(`${this.#time()} ${line}`);
  }

  /** A line of a block that needs no time. */
  plain(line: string): void {
    if (!this.#json && !this.#quiet) print(line);
  }

  event(type: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.#json) printJson({ type, at: Date.now(), ...fields });
  }

  hear(node: NodeProcess, notice: AnyNotice): void {
    this.#count(notice);
    const key = keyOf(node, notice);
    if (this.#quiet || key === undefined || this.#told.has(key)) return;
    if (this.#told.size >= TOLD_MAX) this.#told.clear();
    this.#told.add(key);
    if (this.#json) {
      printJson({ at: Date.now(), reporter: node.name, ...notice });
      return;
    }
    const line = SILENT.has(notice.type) ? undefined : noticeLine(notice, this.#names);
    if (line === undefined) return;
    print(`${this.#time()} ${LOCAL.has(notice.type) ? `${node.name}: ` : ""}${line}`);
  }

  #time(): string {
    return styled("dim", `${((Date.now() - this.#startedMs) / 1000).toFixed(1).padStart(6)}s`);
  }

  #count(notice: AnyNotice): void {
    if (notice.type === "session-started") {
      this.#sessions.add(notice.session);
      this.#clusters = Math.max(this.#clusters, notice.clusters.length);
    }
    if (notice.type === "leader-elected") {
      this.#elections.add(`${notice.session}/${notice.scope}/${notice.round}`);
    }
  }
}

/** What makes two reports the same event; undefined for what is nobody's news. */
function keyOf(node: NodeProcess, notice: AnyNotice): string | undefined {
  switch (notice.type) {
    case "authority-passed":
      return `authority ${notice.seat} ${notice.to}`;
    case "admitted":
    case "latecomer":
    case "rejected":
    case "removed":
      return `${notice.type} ${notice.node}`;
    case "registration-closed":
    case "contest-ended":
      return notice.type;
    case "contest-known":
    case "registered":
    case "registration-rejected":
    case "roster-superseded":
      return `${notice.type} ${node.name}`;
    case "roster":
      return `roster ${notice.epoch}`;
    case "session-started":
      return `session ${notice.session}`;
    case "vote-cast":
      return `vote ${node.name} ${notice.session} ${notice.scope} ${notice.round}`;
    case "leader-elected":
    case "re-election":
      return `${notice.type} ${notice.session} ${notice.scope} ${notice.round}`;
    case "submission-accepted":
    case "verdict-settled":
    case "dead-letter":
      return `${notice.type} ${notice.submission}`;
    case "submission-refused":
      return `${notice.type} ${notice.submission} ${notice.code}`;
    case "assigned":
      return `assigned ${notice.submission} ${notice.attempt}`;
    case "evaluation-finished":
    case "escalated":
      return `${notice.type} ${node.name} ${notice.submission} ${notice.attempt}`;
    case "quarantined":
    case "released":
      return `${notice.type} ${notice.node} ${minute()}`;
    case "disputed":
    case "dispute-heard":
      return `${notice.type} ${notice.submission}`;
    case "jury-drawn":
      return `jury ${notice.submission} ${notice.attempt}`;
    case "died":
      return `died ${notice.peer} ${minute()}`;
    case "notice-posted":
      return `notice ${notice.id}`;
    case "question-asked":
    case "question-answered":
      return `${notice.type} ${notice.question}`;
    case "problem-replaced":
      return `replaced ${notice.problem} ${notice.revision}`;
    case "contest-changed":
      return `changed ${notice.change} ${notice.at}`;
    case "order-void":
      return `void ${notice.order}`;
    case "rejudged":
      return `rejudged ${notice.submission} ${minute()}`;
    case "recovery":
    case "council-recovered":
      return `${notice.type} ${notice.council.join()}`;
    case "excluded":
      return `excluded ${notice.node} ${notice.offence}`;
    case "returned":
      return `returned ${notice.peer} ${minute()}`;
    case "caught-up":
      return notice.to - notice.from > 3 ? `caught-up ${node.name} ${notice.to}` : undefined;
    case "suspected":
    case "keys-released":
    case "roster-signed":
    case "revealed":
    case "leading":
    case "stood-down":
    case "evaluation-started":
    case "result-received":
    case "progress":
    case "block-committed":
    case "board-changed":
    case "refused":
      return undefined;
  }
}

/** Several nodes notice the same death within a moment. */
function minute(): number {
  return Math.floor(Date.now() / 30_000);
}

/** Names of the demo's nodes by id. */
export function namesOf(nodes: () => readonly NodeProcess[], labels: ReadonlyMap<string, string>): NoticeNames {
  return {
    node: (id: NodeId) => nodes().find((node) => node.id === id)?.name ?? `…${id.slice(-6)}`,
    problem: (id) => `${labels.get(id) ?? "?"} (${id})`,
  };
}
