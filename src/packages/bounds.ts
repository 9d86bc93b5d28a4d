/** Bounds on what is read from disk, checked before it is read: packages come from strangers. */

/** Room for the largest real problem archives (a few thousand tests), little enough to walk in a second. */
export const PACKAGE_FILES_MAX = 20_000;
export const PACKAGE_DEPTH_MAX = 12;
/** The format recommends at most 100 MiB a file; a whole package stays below what a contest can distribute. */
export const PACKAGE_FILE_BYTES_MAX = 512 * 1024 * 1024;
export const PACKAGE_BYTES_MAX = 4 * 1024 * 1024 * 1024;
/** `problem.yaml`, `test_group.yaml`, `contest.yaml`: written by people. */
export const YAML_BYTES_MAX = 256 * 1024;
/** Statements are searched for their title only up to here. */
export const STATEMENT_BYTES_MAX = 1024 * 1024;
/** Sources of example submissions are searched for tags up to here; far above every code limit. */
export const SOURCE_BYTES_MAX = 1024 * 1024;
export const SUBMISSIONS_MAX = 2_000;
export const TESTS_MAX = 10_000;
export const CONTEST_PROBLEMS_MAX = 100;
/** Points: a sum over `TESTS_MAX` tests stays a safe integer in millionths. */
export const SCORE_MAX = 100_000;
