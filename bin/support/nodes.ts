/** Nodes as people name them. */
import type { RegistrationView } from "../../sage/index.ts";
import type { PeerView } from "../../sessions/index.ts";
import type { NodeId } from "../../src/model/index.ts";
import { ask } from "./api.ts";
import type { SharedOptions } from "./options.ts";
import { CommandError } from "./output.ts";

/** Shorter ends of ids would often name several. */
const SUFFIX_CHARACTERS_MIN = 4;

export async function registrationsOf(options: SharedOptions): Promise<readonly RegistrationView[]> {
  const { registrations } = await ask<{ readonly registrations: readonly RegistrationView[] }>(options, {
    type: "registrations",
  });
  return registrations;
}

/** By name (whatever its letter case), id, or the end of the id. @throws CommandError when it is none or several. */
export async function nodeNamed(options: SharedOptions, text: string): Promise<RegistrationView> {
  return named(await registrationsOf(options), text);
}

export interface NamedNode {
  readonly node: NodeId;
  readonly displayName: string;
}

/** As {@link nodeNamed}; also another sage of the contest. */
export async function nodeOrSageNamed(options: SharedOptions, text: string): Promise<NamedNode> {
  const registered = await registrationsOf(options);
  const { peers } = await ask<{ readonly peers: readonly PeerView[] }>(options, { type: "peers" });
  const sages = peers.filter(({ peer, role }) => role === "sage" && !registered.some(({ node }) => node === peer));
  return named([...registered, ...sages.map(({ peer, displayName }) => ({ node: peer, displayName }))], text);
}

function named<T extends NamedNode>(all: readonly T[], text: string): T {
  const wanted = text.replace(/^…/, "");
  const byName = all.filter(({ displayName }) => displayName.toLowerCase() === wanted.toLowerCase());
  const byId = all.filter(
    ({ node }) => node === wanted || (wanted.length >= SUFFIX_CHARACTERS_MIN && node.endsWith(wanted)),
  );
  const found = byName.length > 0 ? byName : byId;
  const [only, second] = found;
  if (only === undefined)
    throw new CommandError(
      "DIKAST_UNKNOWN_NODE",
      `nobody is registered as "${text}"; \`dikast registration list\` shows who is`,
    );
  if (second !== undefined)
    throw new CommandError("DIKAST_UNKNOWN_NODE", `"${text}" names ${found.length} nodes; give the whole id`);
  return only;
}
