/** How much a zip archive may hold, checked in its directory before anything is unpacked and again while it is. */
export interface ZipBounds {
  readonly files: number;
  /** Unpacked, one file and all. */
  readonly fileBytes: number;
  readonly bytes: number;
}

const MIB = 1024 * 1024;

/** A problem package, or a contest of some. */
export const PACKAGE_ZIP: ZipBounds = { files: 20_000, fileBytes: 512 * MIB, bytes: 1024 * MIB };
/** One contestant's submission. */
export const SUBMISSION_ZIP: ZipBounds = { files: 32, fileBytes: MIB, bytes: 2 * MIB };

/**
 * Test data compresses well, bombs better: deflate reaches 1,032. Looked at only above `RATIO_FREE_BYTES`, below which a bomb is
 * too small to hurt.
 */
export const RATIO_MAX = 200;
export const RATIO_FREE_BYTES = 64 * MIB;
