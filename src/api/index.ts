/**
 * How commands and tools reach a running node: JSON Lines over a Unix socket in its data directory, readable by its owner
 * only.
 *
 * ```ts
 * const api = await connectApi(dataDirectory);
 * const { status } = await api.request({ type: "status" });
 * for await (const news of api.stream({ type: "watch", submission })) console.log(news);
 * ```
 */
export { ApiClient, ApiError, connectApi } from "./client.ts";
export { type ApiNode, type ApiServer, type ApiServerOptions, inviteOf, serveApi } from "./server.ts";
export { socketPathOf } from "./socket-path.ts";
export type { ApiCommand, ApiRequest, ApiResponse, NodeInfo } from "./wire.ts";
