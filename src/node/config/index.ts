/**
 * What a node is told from outside: settings from command line, environment and file, and invites. Light: small commands
 * import this without the node itself.
 *
 * ```ts
 * const settings = await loadSettings({ flags, environment: process.env, workingDirectory: process.cwd() });
 * const invite = parseInvite(text); // or a sentence that says what is wrong
 * ```
 */
export { formatInvite, type Invite, parseInvite } from "./invite.ts";
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
