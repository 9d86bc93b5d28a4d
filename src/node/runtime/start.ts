/** Puts a node together and starts it. */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { SageConfig } from "../../../sage/index.ts";
import type { ParticipantConfig } from "../../../sessions/index.ts";
import { type Capabilities, type Hash, LANGUAGES, type NodeId } from "../../model/index.ts";
import { BundleFiles, serveBundles } from "../bundles/index.ts";
import { fastSigner, fastVerifier, letterBox } from "../identity/index.ts";
import { createLibp2pNetwork } from "../network/index.ts";
import type { OrganizedContest } from "../organizer/index.ts";
import { serveSages } from "../sages/index.ts";
import { KEY_END, section, type Store } from "../store/index.ts";
import { laneOf } from "./kinds.ts";
import { nodeMachine } from "./machines.ts";
import { type NodeOptions, RunningNode } from "./node.ts";
import { ProblemLibrary, type ProblemStatus } from "./problem-library.ts";

/** Opens everything and starts it. @throws NetworkError, StoreError, SandboxError and others with a `DIKAST_*` code. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { settings, secretKey, store, organized } = options;
  const [sandbox, remembered] = await Promise.all([options.sandbox(), rememberedPeers(store)]);
  const peersKept = section(store, "peers/");
  const network = await createLibp2pNetwork({
    secretKey,
    contest: options.contest,
    // The manifest and invites name where a sage listens.
    listen: organized !== undefined && organized.listen.length > 0 ? organized.listen : settings.listen,
    announce: settings.announce,
    remembered,
    serves: organized !== undefined,
    relay: settings.relay,
    isUrgent: (kind) => laneOf(kind) === "urgent",
    onPeerLearned: (id, addresses) => {
      const value = new TextEncoder().encode(JSON.stringify(addresses));
      peersKept.write([{ key: id, value }]).catch(() => undefined);
    },
  });
  const signer = fastSigner(secretKey);
  const evaluates = options.role === "participant" || options.role === "juror";
  const slots = evaluates ? settings.slots : 0;
  const capabilities: Capabilities = {
    languages: slots === 0 ? [] : LANGUAGES.filter((language) => sandbox.profile.languages.includes(language)),
    judgeProfile: sandbox.profile.hash as Hash,
    slots,
  };
  const config: ParticipantConfig = {
    contest: options.contest,
    signer,
    verifier: fastVerifier,
    letterBox: letterBox(secretKey),
    seed: randomBytes(8).readBigUInt64BE(),
    secretBytes: (length) => new Uint8Array(randomBytes(length)),
    role: options.role,
    displayName: settings.name === "" ? `node ${signer.id.slice(-6)}` : settings.name,
    token: options.token,
    region: settings.region,
    addresses: settings.announce.length > 0 ? settings.announce : [],
    capabilities,
    sages: options.sages.map(({ id }) => id),
    ...(organized === undefined ? {} : { manifest: organized.manifest }),
  };
  const records = await section(store, "machine/").read({ from: "", to: KEY_END });
  const sageConfig = (held: OrganizedContest): SageConfig => ({
    signer,
    verifier: fastVerifier,
    seed: randomBytes(8).readBigUInt64BE(),
    manifest: held.manifest,
    addresses: held.listen,
    chain: held.chain,
    seat: held.seat,
    token: held.token,
    openAtRegistered: options.openAtRegistered ?? null,
    leadMs: options.leadMs ?? 3_000,
    problemKeys: held.problemKeys,
  });
  const machine = nodeMachine(config, organized === undefined ? null : sageConfig(organized), records);
  const files = new BundleFiles(path.join(settings.dataDirectory, "bundles"));
  await mkdir(path.join(settings.dataDirectory, "problems"), { recursive: true });
  await serveBundles(network.host, files);
  const onProblem: ((status: ProblemStatus) => void)[] = [];
  const library = new ProblemLibrary({
    files,
    host: network.host,
    peers: () =>
      network
        .peers()
        .filter(({ connected }) => connected)
        .map(({ id }) => id),
    find: (bundle) => void network.findBundle(bundle).catch(() => undefined),
    directory: path.join(settings.dataDirectory, "problems"),
    cacheBytesMax: settings.cacheMib * 2 ** 20,
    logger: options.logger,
    onFetched: (_problem, bundle) => network.announceBundle(bundle),
    onChanged: (status) => onProblem.forEach((tell) => tell(status)),
  });
  for (const { key, value } of await section(store, "library/").read({ from: "", to: KEY_END }))
    library.release(key, value);
  const node = new RunningNode(options, network, machine, library, slots, sandbox.profile, signer, sageConfig);
  onProblem.push((status) => node.problemChanged(status));
  await serveSages(network.host, options.contest, node.sageSource);
  try {
    await node.start(options.sages);
  } catch (error) {
    await node.stop().catch(() => undefined);
    throw error;
  }
  return node;
}

async function rememberedPeers(store: Store): Promise<readonly { id: NodeId; addresses: readonly string[] }[]> {
  const records = await section(store, "peers/").read({ from: "", to: KEY_END });
  return records.map(({ key, value }) => ({
    id: key as NodeId,
    addresses: JSON.parse(new TextDecoder().decode(value)) as readonly string[],
  }));
}
