/** Error numbers of Emscripten's libc (they are WASI's): what a system call answers, negated, to the program. */
export const ERRNO = {
  ACCES: 2,
  AFNOSUPPORT: 5,
  BADF: 8,
  EXIST: 20,
  FAULT: 21,
  INVAL: 28,
  ISDIR: 31,
  MFILE: 33,
  NAMETOOLONG: 37,
  NOENT: 44,
  NOMEM: 48,
  NOSPC: 51,
  NOSYS: 52,
  NOTDIR: 54,
  NOTTY: 59,
  PERM: 63,
  ROFS: 69,
  SPIPE: 70,
} as const;

export type Errno = (typeof ERRNO)[keyof typeof ERRNO];

/** A system call that the program asked for and cannot have; it never leaves the system interface. */
export class SystemCallError extends Error {
  override readonly name = "SystemCallError";
  readonly errno: Errno;
  constructor(errno: Errno) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}
