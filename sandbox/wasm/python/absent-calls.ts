/** System calls that Python's module imports and that do nothing here but refuse, by the error that says why. */
import { ERRNO, type Errno } from "./errno.ts";

export type Imports = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Calls that would change a world that is read-only. */
const READ_ONLY = [
  "__syscall_chmod",
  "__syscall_fchmod",
  "__syscall_fchmodat2",
  "__syscall_fchown32",
  "__syscall_fchownat",
  "__syscall_mknodat",
  "__syscall_renameat",
  "__syscall_rmdir",
  "__syscall_symlinkat",
  "__syscall_truncate64",
  "__syscall_utimensat",
] as const;

/** Calls that do not exist here: pipes, processes, timers, mapped files, dynamic libraries. */
const MISSING = [
  "__syscall_fallocate",
  "__syscall_fchdir",
  "__syscall_fstatfs64",
  "__syscall_pipe",
  "__syscall_poll",
  "__syscall_statfs64",
  "_emscripten_system",
  "_mmap_js",
  "_msync_js",
  "_munmap_js",
  "_setitimer_js",
] as const;

const SOCKETS = [
  "__syscall_accept4",
  "__syscall_bind",
  "__syscall_connect",
  "__syscall_getpeername",
  "__syscall_getsockname",
  "__syscall_getsockopt",
  "__syscall_listen",
  "__syscall_recvfrom",
  "__syscall_recvmsg",
  "__syscall_sendmsg",
  "__syscall_sendto",
  "__syscall_socket",
] as const;

/** `refuse` makes the call that answers with an error. */
export function absentCalls(refuse: (errno: Errno) => () => number): Imports {
  return {
    ...refusals(READ_ONLY, refuse(ERRNO.ROFS)),
    ...refusals(MISSING, refuse(ERRNO.NOSYS)),
    ...refusals(SOCKETS, refuse(ERRNO.AFNOSUPPORT)),
  };
}

function refusals(names: readonly string[], answer: () => number): Imports {
  return Object.fromEntries(names.map((name) => [name, answer]));
}
