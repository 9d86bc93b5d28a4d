/**
 * Python code that becomes part of the snapshot: what is imported beforehand, and the function that runs a program. It
 * is deterministic and runs metered, like everything else.
 */

/** Paths inside the program's world. */
export const LIBRARY_DIRECTORY = "/lib/python3.14";
export const PROGRAM_DIRECTORY = "/program";
/** What to run: main file and arguments, separated by NUL. */
export const TASK_FILE = "/run/task";

/** How the prelude ends a program whose uncaught exception is a MemoryError; ordinary exit codes are 0–255. */
export const MEMORY_ERROR_EXIT_CODE = 0x4d_45_4d;
/** How the prelude answers a syntax check that failed. */
export const SYNTAX_ERROR_EXIT_CODE = 0x53_59_4e;

/** Imported before the snapshot, so that they cost a program nothing: what contest programs use. */
export const PREIMPORTED = [
  "abc",
  "array",
  "atexit",
  "bisect",
  "cmath",
  "codecs",
  "collections",
  "collections.abc",
  "contextlib",
  "copy",
  "dataclasses",
  "datetime",
  "decimal",
  "enum",
  "errno",
  "fractions",
  "functools",
  "gc",
  "heapq",
  "io",
  "itertools",
  "json",
  "linecache",
  "math",
  "numbers",
  "operator",
  "os",
  "queue",
  "random",
  "re",
  "statistics",
  "string",
  "struct",
  "sys",
  "textwrap",
  "threading",
  "time",
  "timeit",
  "tokenize",
  "traceback",
  "types",
  "typing",
  "unicodedata",
  "warnings",
  "weakref",
] as const;

export const PRELUDE = String.raw`
import ${PREIMPORTED.join(", ")}

def _dikast():
    import sys, os, io, threading, _thread, time, importlib.util

    def run_threads_at_once():
        """A thread runs to its end when it is started: enough for programs that want one with a large stack."""

        class Handle:
            def __init__(self):
                self.done, self.ident = False, 0
            def is_done(self):
                return self.done
            def join(self, timeout=None):
                pass
            def _set_done(self):
                self.done = True

        def start_joinable_thread(function, handle=None, daemon=True):
            handle = Handle() if handle is None else handle
            handle.ident = _thread.get_ident()
            before = threading._active.get(handle.ident)
            try:
                function()
            except SystemExit:
                pass
            finally:
                handle.done = True
                if before is not None:
                    threading._active[handle.ident] = before
            return handle

        def start_new_thread(function, args, kwargs={}):
            try:
                function(*args, **kwargs)
            except SystemExit:
                pass
            return _thread.get_ident()

        threading._ThreadHandle = Handle
        threading._start_joinable_thread = _thread.start_joinable_thread = start_joinable_thread
        _thread.start_new_thread = _thread.start_new = start_new_thread
        # The stack's size is the sandbox's; a program may ask for any.
        sizes = [0]
        def stack_size(size=0):
            before, sizes[0] = sizes[0], size
            return before
        threading.stack_size = _thread.stack_size = stack_size

    def resource_module():
        """What programs use of a module that WebAssembly lacks: they raise the limit of the stack."""
        module = type(sys)("resource")
        module.RLIM_INFINITY = -1
        for number, name in enumerate(("CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC", "NOFILE", "MEMLOCK", "AS")):
            setattr(module, "RLIMIT_" + name, number)
        module.getrlimit = lambda resource: (-1, -1)
        module.setrlimit = lambda resource, limits: None
        module.RUSAGE_SELF, module.RUSAGE_CHILDREN = 0, -1
        fields = "utime stime maxrss ixrss idrss isrss minflt majflt nswap inblock oublock msgsnd msgrcv nsignals nvcsw nivcsw".split()
        def getrusage(who):
            import time, types
            spent = time.process_time() if who == 0 else 0.0
            return types.SimpleNamespace(**{"ru_" + field: 0 for field in fields} | {"ru_utime": spent, "ru_stime": 0.0})
        module.getrusage = getrusage
        return module

    class Absent:
        """Says why a well-known package is not there."""
        packages = frozenset(("matplotlib", "networkx", "numba", "numpy", "pandas", "scipy", "sklearn", "sortedcontainers", "sympy"))
        @classmethod
        def find_spec(cls, name, path=None, target=None):
            if path is None and name in cls.packages:
                raise ModuleNotFoundError(f"No module named {name!r}: this sandbox has the standard library only", name=name)

    sys.meta_path.append(Absent)

    def adapt_pools(module):
        """A pool without threads: what is submitted is done at once."""
        def submit(self, function, /, *args, **kwargs):
            if self._shutdown:
                raise RuntimeError("cannot schedule new futures after shutdown")
            future = module._base.Future()
            future.set_running_or_notify_cancel()
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
            return future
        module.ThreadPoolExecutor.submit = submit

    def adapt_event_loop(module):
        """A loop without sockets: it runs what is ready, and sleeps until the next timer."""
        import selectors
        class Selector(selectors._BaseSelectorImpl):
            def select(self, timeout=None):
                # Nothing from outside can wake it: without a timer it waits for ever, as natively.
                time.sleep(2**31 if timeout is None else max(0, timeout))
                return []
        module.selectors.DefaultSelector = Selector
        loop = module.BaseSelectorEventLoop
        loop._make_self_pipe = loop._close_self_pipe = loop._write_to_self = lambda self: None

    class Adapted:
        """Modules that are changed when a program imports them."""
        changes = {"concurrent.futures.thread": adapt_pools, "asyncio.selector_events": adapt_event_loop}
        @classmethod
        def find_spec(cls, name, path=None, target=None):
            change = cls.changes.pop(name, None)
            spec = None if change is None else importlib.util.find_spec(name)
            if spec is not None:
                execute = spec.loader.exec_module
                def exec_module(module):
                    execute(module)
                    change(module)
                spec.loader.exec_module = exec_module
            return spec

    sys.meta_path.insert(0, Adapted)

    # A 64-bit Python's value: programs use it as infinity.
    sys.maxsize = 2**63 - 1
    run_threads_at_once()
    sys.modules["resource"] = resource_module()

    def standard(fd, mode, name, errors):
        raw = io.FileIO(fd, mode, closefd=False)
        buffered = (io.BufferedReader if mode == "r" else io.BufferedWriter)(raw, 65536)
        raw.name = name
        text = io.TextIOWrapper(buffered, "utf-8", errors, None if mode == "r" else "\n",
                                line_buffering=fd == 2)
        text.mode = mode
        return text

    def run():
        with open("${TASK_FILE}", "rb") as file:
            command, main, *arguments = os.fsdecode(file.read()).split("\0")
        sys.stdin = sys.__stdin__ = standard(0, "r", "<stdin>", "surrogateescape")
        sys.stdout = sys.__stdout__ = standard(1, "w", "<stdout>", "surrogateescape")
        sys.stderr = sys.__stderr__ = standard(2, "w", "<stderr>", "backslashreplace")
        sys.argv = [main, *arguments]
        sys.orig_argv = ["python3", main, *arguments]
        path = os.path.join("${PROGRAM_DIRECTORY}", main)
        os.chdir("${PROGRAM_DIRECTORY}")
        sys.path.insert(0, "${PROGRAM_DIRECTORY}")
        code = check(path) if command == "check" else execute(path)
        os._exit(code)

    def check(path):
        status = 0
        for name in sorted(os.listdir("${PROGRAM_DIRECTORY}")):
            if not name.endswith(".py"):
                continue
            try:
                with open(os.path.join("${PROGRAM_DIRECTORY}", name), "rb") as file:
                    compile(file.read(), name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError) as error:
                sys.excepthook(type(error), error.with_traceback(None), None)
                status = ${SYNTAX_ERROR_EXIT_CODE}
        return finish(status)

    def execute(path):
        module = type(sys)("__main__")
        namespace = module.__dict__
        namespace.update(__file__=path, __builtins__=__builtins__, __annotations__={}, __cached__=None)
        sys.modules["__main__"] = module
        try:
            with open(path, "rb") as file:
                source = file.read()
            exec(compile(source, path, "exec", dont_inherit=True), namespace)
            code = 0
        except SystemExit as error:
            code = exit_code(error)
        except BaseException as error:
            code = report(error)
        return finish(code)

    def exit_code(error):
        code = error.code
        if code is None:
            return 0
        if isinstance(code, int):
            return int(code) & 255
        try:
            print(code, file=sys.stderr)
        except BaseException:
            pass
        return 1

    def report(error):
        trace = error.__traceback__.tb_next
        try:
            sys.stdout.flush()
        except BaseException:
            pass
        try:
            sys.excepthook(type(error), error.with_traceback(trace), trace)
        except BaseException:
            pass
        return ${MEMORY_ERROR_EXIT_CODE} if isinstance(error, MemoryError) else 1

    def finish(code):
        import threading, atexit
        try:
            threading._shutdown()
            atexit._run_exitfuncs()
        except SystemExit as error:
            code = code or exit_code(error)
        except BaseException:
            code = code or 1
        try:
            if sys.stdout is not None and not sys.stdout.closed:
                sys.stdout.flush()
        except BaseException:
            code = code or 120
        try:
            if sys.stderr is not None and not sys.stderr.closed:
                sys.stderr.flush()
        except BaseException:
            pass
        return code

    return run

import __main__
_dikast_run = _dikast()
for _name in list(__main__.__dict__):
    if not _name.startswith("__") and _name != "_dikast_run":
        del __main__.__dict__[_name]
import gc
gc.collect()
gc.freeze()
del gc, _name
`;
