/**
 * Sages' authority at a running node (protocol.md §2): hands it over, takes it over when it is given, takes it back. The machine signs;
 * what is secret goes over `src/node/sages`.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { SageConfig } from "../../../sage/index.ts";
import {
  AUTHORITIES_KIND,
  authorities,
  codec,
  type ContestId,
  type NodeId,
  signMessage,
  type Signer,
} from "../../model/index.ts";
import type { OrganizedContest } from "../organizer/index.ts";
import type { Host } from "../network/host.ts";
import { askForCredentials, askForStatus, askToGiveBack, type Credentials, type SageSource } from "../sages/index.ts";
import type { Logger } from "./logging.ts";
import { type NodeMachine, SAGE_STARTED } from "./machines.ts";

export interface AuthorityOptions {
  readonly contest: ContestId;
  readonly signer: Signer;
  readonly machine: NodeMachine;
  readonly host: Host;
  readonly dataDirectory: string;
  readonly logger: Logger;
  readonly addressesOf: (node: NodeId) => readonly string[];
  readonly ownAddresses: () => readonly string[];
  readonly command: (body: { readonly type: string }) => Promise<unknown>;
  readonly deliver: (message: ReturnType<typeof signMessage>) => void;
  readonly sageConfig: (organized: OrganizedContest) => SageConfig;
  /** Whether everything that only a sage may have is here: whoever handed over may leave, and nobody else has it. */
  readonly hasBundles: () => Promise<boolean>;
  /** This node has become a sage. */
  readonly onAttached: () => void;
}

export type AuthorityReply =
  | { readonly type: "transferred"; readonly to: NodeId; readonly seats: readonly NodeId[] }
  /** `forced`: without the other one, which did not answer. */
  | { readonly type: "taken-back"; readonly from: NodeId; readonly forced: boolean }
  | { readonly type: "failed"; readonly code: string; readonly reason: string };

const HAND_OVER_MS_MAX = 20_000;
/** Whoever is there answers in this time, and nothing needs to be forced. */
const ASKED_FIRST_MS = 5_000;
const PAUSE_MS = 100;

export class Authority implements SageSource {
  readonly #options: AuthorityOptions;
  #organized: OrganizedContest | undefined;
  #takingOver = false;
  #stopped = false;

  constructor(options: AuthorityOptions, organized: OrganizedContest | undefined) {
    this.#options = options;
    this.#organized = organized;
  }

  get organized(): OrganizedContest | undefined {
    return this.#organized;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Signs this node's seats over and waits until the other one serves: then this node may stop. */
  async transferTo(to: NodeId): Promise<AuthorityReply> {
    const { command, host, contest, addressesOf } = this.#options;
    const reply = (await command({ type: "transfer", to, addresses: addressesOf(to) } as {
      readonly type: string;
    })) as AuthorityReply;
    // It may be said again, after a hand-over that took its time.
    const holds = this.#options.machine.seats()?.holderOf(this.#options.signer.id) === to;
    if (reply.type !== "transferred" && !holds) return reply;
    const done: AuthorityReply = reply.type === "transferred" ? reply : { type: "transferred", to, seats: [] };
    for (const endMs = Date.now() + HAND_OVER_MS_MAX; Date.now() < endMs && !this.#stopped; await delay(PAUSE_MS)) {
      const status = await askForStatus(host, contest, to);
      if (status?.serves === true && status.registered >= (this.#options.machine.sage()?.registered ?? 0)) return done;
    }
    return {
      type: "failed",
      code: "hand-over-pending",
      reason:
        "the authority is signed over, but the other node has not got everything yet; leave this sage running, and say it again to see",
    };
  }

  /** Asks whoever holds this node's own seat to sign it back; `force`: where it does not, this node takes it by itself. */
  async takeBack(force: boolean): Promise<AuthorityReply> {
    const { signer, machine, host, contest } = this.#options;
    const holder = machine.seats()?.holderOf(signer.id);
    if (holder === undefined)
      return { type: "failed", code: "no-authority", reason: "this node is none of the sages that the contest names" };
    if (holder === signer.id)
      return { type: "failed", code: "no-authority", reason: "this node has its authority already" };
    const waitMs = force ? ASKED_FIRST_MS : HAND_OVER_MS_MAX;
    for (const endMs = Date.now() + waitMs; Date.now() < endMs && !this.#stopped; await delay(PAUSE_MS)) {
      const chain = await askToGiveBack(host, contest, holder);
      if (chain !== undefined) this.#deliver(chain);
      // Its answer may be lost, and asked again it has no more to give: then gossip tells.
      if (machine.seats()?.holderOf(signer.id) === signer.id)
        return { type: "taken-back", from: holder, forced: false };
    }
    if (force) return await this.#reclaim(holder);
    return {
      type: "failed",
      code: "unreachable",
      reason: `the node that has the authority (${holder}) cannot be reached; if it is gone for good: dikast sage transfer --reclaim`,
    };
  }

  async #reclaim(from: NodeId): Promise<AuthorityReply> {
    const { command, ownAddresses } = this.#options;
    const body = { type: "reclaim", addresses: ownAddresses() } as { readonly type: string };
    const reply = (await command(body)) as AuthorityReply;
    return reply.type === "transferred" ? { type: "taken-back", from, forced: true } : reply;
  }

  /** Takes over whatever was signed over to this node, if it has not. Called when a seat has passed, and at the start. */
  async takeOver(): Promise<void> {
    const { machine, signer, host, contest, logger } = this.#options;
    const mine = (): boolean => (machine.seats()?.heldBy(signer.id).length ?? 0) > 0;
    if (this.#takingOver || machine.sage() !== null || !mine()) return;
    this.#takingOver = true;
    try {
      while (!this.#stopped && mine()) {
        for (const peer of this.#whoMayHaveIt()) {
          const found = await askForCredentials(host, contest, peer);
          if (found !== undefined) return await this.#attach(found);
        }
        await delay(PAUSE_MS);
      }
    } catch (error) {
      logger.error({ err: error }, "the authority could not be taken over");
    } finally {
      this.#takingOver = false;
    }
  }

  /** Those of the manifest and everybody who signed a transfer. */
  #whoMayHaveIt(): readonly NodeId[] {
    const seats = this.#options.machine.seats();
    const signers = seats?.chain.map(({ signer }) => signer).toReversed() ?? [];
    return [...new Set([...signers, ...(seats?.seats ?? [])])].filter((id) => id !== this.#options.signer.id);
  }

  async #attach({ manifest, keys, token, secret }: Credentials): Promise<void> {
    const { machine, signer, dataDirectory, command, logger } = this.#options;
    // Loads the readers of packages, which no other participant needs.
    const { keepOrganized } = await import("../organizer/index.ts");
    this.#organized = await keepOrganized(dataDirectory, {
      manifest,
      problemKeys: keys,
      // Without a chain of its own this node reveals nothing; 32 zero bytes commit to nothing in the manifest.
      secret: secret?.bytes ?? new Uint8Array(32),
      seat: secret?.seat ?? signer.id,
      listen: [],
      token,
    });
    machine.attachSage(this.#options.sageConfig(this.#organized), []);
    await command({ type: SAGE_STARTED });
    this.#options.onAttached();
    logger.info({ seats: machine.seats()?.heldBy(signer.id) }, "this node is a sage now");
  }

  credentialsFor(asker: NodeId): Credentials | null {
    const organized = this.#organized;
    const seats = this.#options.machine.seats();
    if (organized === undefined || seats === null || seats.heldBy(asker).length === 0) return null;
    const { manifest, problemKeys, token, secret, seat } = organized;
    return {
      manifest,
      chain: seats.chain,
      keys: problemKeys,
      token,
      secret: seats.holderOf(seat) === asker && seat !== asker ? { seat, bytes: secret } : null,
    };
  }

  async giveBackTo(asker: NodeId): Promise<readonly ReturnType<typeof signMessage>[] | null> {
    const { machine, command, addressesOf, signer } = this.#options;
    if (machine.seats()?.holderOf(asker) !== signer.id || asker === signer.id) return null;
    const body = { type: "give-back", seat: asker, addresses: addressesOf(asker) } as { readonly type: string };
    const reply = (await command(body)) as AuthorityReply;
    return reply.type === "transferred" ? (machine.seats()?.chain ?? null) : null;
  }

  async status(): Promise<{ readonly serves: boolean; readonly registered: number }> {
    const { machine, hasBundles } = this.#options;
    const sage = machine.sage();
    return { serves: sage?.holdsSeat === true && (await hasBundles()), registered: sage?.registered ?? 0 };
  }

  /** As if it had come by gossip. */
  #deliver(chain: Credentials["chain"]): void {
    const { signer, contest, deliver } = this.#options;
    deliver(signMessage(signer, contest, AUTHORITIES_KIND, codec.encode(authorities, { messages: chain })));
  }
}
