/** One question to the running node. */
import { connectApi, type ApiClient, type ApiCommand } from "../../src/api/index.ts";
import { dataDirectory, type SharedOptions } from "./options.ts";
import { CommandError } from "./output.ts";

export async function withApi<T>(options: SharedOptions, use: (api: ApiClient) => Promise<T>): Promise<T> {
  const api = await connectApi(dataDirectory(options));
  try {
    return await use(api);
  } finally {
    api.close();
  }
}

/** @throws CommandError when the node cannot do it, with the node's own reason. */
export async function ask<T = unknown>(options: SharedOptions, command: ApiCommand): Promise<T> {
  return await withApi(options, async (api) => checked(await api.request(command)) as T);
}

/** What the machine answered, unless it is a failure. */
export function checked(body: unknown): unknown {
  const reply = body as { readonly type?: string; readonly code?: string; readonly reason?: string };
  if (reply.type !== "failed") return body;
  const code = `DIKAST_${(reply.code ?? "failed").toUpperCase().replaceAll("-", "_")}` as const;
  throw new CommandError(code, reply.reason ?? reply.code ?? "the node could not do it");
}
