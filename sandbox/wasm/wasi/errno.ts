/** Error numbers of WASI preview 1 (`errno` of wasi_snapshot_preview1.witx) that this system interface answers with. */
export const ERRNO = {
  success: 0,
  badf: 8,
  exist: 20,
  fault: 21,
  fbig: 22,
  inval: 28,
  io: 29,
  isdir: 31,
  mfile: 33,
  nametoolong: 37,
  noent: 44,
  nospc: 51,
  nosys: 52,
  notdir: 54,
  notsup: 58,
  pipe: 64,
  rofs: 69,
  spipe: 70,
} as const;
export type Errno = (typeof ERRNO)[keyof typeof ERRNO];
