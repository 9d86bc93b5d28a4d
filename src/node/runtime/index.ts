/**
 * A node put together: settings, logs, organizing a contest, and the running node.
 *
 * ```ts
 * const settings = await loadSettings({ flags, environment: process.env, workingDirectory: process.cwd() });
 * const node = await startNode({ settings, secretKey, store, logger, contest, role: "participant", … });
 * node.subscribe((notice) => console.log(notice));
 * await node.stop();
 * ```
 */
export { formatInvite, type Invite, parseInvite } from "./invite.ts";
export { LOG_FILE, type Log, type Logger, openLog } from "./logging.ts";
export { isSageCommand } from "./machines.ts";
export {
  type NodeCounters,
  type NodeNotice,
  type NodeOptions,
  type NoticeListener,
  RunningNode,
  startNode,
} from "./node.ts";
export { loadOrganized, organize, type OrganizedContest, OrganizerError, type OrganizeOptions } from "./organizer.ts";
export { openSandbox } from "./sandboxes.ts";
export {
  dashed,
  dataDirectoryOf,
  loadSettings,
  LOG_LEVELS,
  type LogLevel,
  type Settings,
  SETTINGS,
  SettingsError,
  type SettingsSources,
} from "./settings.ts";
