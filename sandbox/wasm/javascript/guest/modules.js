// Node's modules as far as a contest program needs them, `require`, and what the host calls to run a program.
(() => {
  const host = internal.host;
  const { inspect, format, EventEmitter, Buffer } = internal;

  function exitCode(code) {
    const wanted = code ?? process.exitCode ?? 0;
    return Number.isInteger(Number(wanted)) ? Number(wanted) & 255 : 1;
  }

  const process = new EventEmitter();
  Object.assign(process, {
    stdin: internal.stdin,
    stdout: internal.stdout,
    stderr: internal.stderr,
    argv: ["node"],
    argv0: "node",
    execArgv: [],
    execPath: "node",
    env: {},
    exitCode: undefined,
    pid: 1,
    ppid: 0,
    title: "node",
    platform: "linux",
    arch: "wasm32",
    version: "v24.0.0",
    versions: { node: "24.0.0", quickjs: "ng" },
    release: { name: "node" },
    cwd: () => "/program",
    chdir: () => {},
    uptime: () => host.now() / 1000,
    nextTick: internal.nextTick,
    exit: (code) => internal.exit(exitCode(code)),
    abort: () => internal.exit(134),
    kill: () => internal.exit(143),
    emitWarning: (warning) => host.write(2, `Warning: ${warning}\n`),
    memoryUsage: Object.assign(() => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }), { rss: () => 0 }),
    cpuUsage: () => ({ user: Math.round(host.now() * 1000), system: 0 }),
    hrtime: Object.assign(
      (since = [0, 0]) => {
        const nanoseconds = Math.round(host.now() * 1e6);
        const seconds = Math.floor(nanoseconds / 1e9);
        const rest = (nanoseconds % 1e9) - since[1];
        return rest < 0 ? [seconds - since[0] - 1, rest + 1e9] : [seconds - since[0], rest];
      },
      { bigint: () => BigInt(Math.round(host.now() * 1e6)) },
    ),
    umask: () => 0o22,
    getuid: () => 1000,
  });

  let exiting = false;
  /** Ends the program after its `exit` listeners; whatever comes after is not run. */
  internal.exit = (code) => {
    if (!exiting) {
      exiting = true;
      process.exitCode = code;
      try {
        process.emit("exit", code);
      } catch (error) {
        internal.report(error);
        internal.flush();
        host.exit(1);
      }
    }
    internal.flush();
    host.exit(exitCode(process.exitCode));
  };

  internal.report = (error) => {
    let text = "an error that throws when it is looked at";
    try {
      text = inspect(error);
    } catch {}
    host.write(2, `Uncaught ${text}\n`);
  };

  /** An error that nobody caught: its stack on stderr, exit code 1; 7, as Node's, where the program's own listener fails. Never returns by throwing. */
  internal.fatal = (error) => {
    let code = 1;
    try {
      if (!exiting && process.listenerCount("uncaughtException") > 0) {
        code = 7;
        process.emit("uncaughtException", error, "uncaughtException");
        return;
      }
      internal.report(error);
      internal.flush();
    } catch (another) {
      internal.report(another);
    }
    exiting = true;
    host.exit(code);
  };

  let indentation = "";
  const counts = new Map();
  const starts = new Map();
  /** What needs no inspection prints as it is. */
  const plain = (value) => typeof value === "string" || (typeof value === "number" && value !== 0) || typeof value === "boolean";
  const text = (args) => {
    const [first] = args;
    if (args.length === 1 && (plain(first) || first === 0)) return Object.is(first, -0) ? "-0" : String(first);
    if (typeof first === "string" && first.includes("%")) return format(...args);
    let line = "";
    for (let index = 0; index < args.length; index += 1) {
      const value = args[index];
      line += (index === 0 ? "" : " ") + (plain(value) ? value : typeof value === "string" ? value : inspect(value));
    }
    return line;
  };
  const print = (fd, args) => {
    const line = `${indentation === "" ? text(args) : indentation + text(args).replaceAll("\n", `\n${indentation}`)}\n`;
    if (fd === 1) internal.writeText(line);
    else host.write(fd, line);
  };
  const elapsed = (label) => `${label}: ${(host.now() - (starts.get(label) ?? 0)).toFixed(3)}ms`;
  const console = {
    log: (...args) => print(1, args),
    info: (...args) => print(1, args),
    debug: (...args) => print(1, args),
    error: (...args) => print(2, args),
    warn: (...args) => print(2, args),
    trace: (...args) => print(2, [`Trace: ${format(...args)}`]),
    dir: (value, options) => print(1, [inspect(value, options)]),
    table: (value) => print(1, [inspect(value)]),
    assert: (condition, ...args) => {
      if (!condition) print(2, [args.length === 0 ? "Assertion failed" : `Assertion failed: ${format(...args)}`]);
    },
    group: (...args) => {
      if (args.length > 0) print(1, args);
      indentation += "  ";
    },
    groupEnd: () => {
      indentation = indentation.slice(2);
    },
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      print(1, [`${label}: ${counts.get(label)}`]);
    },
    countReset: (label = "default") => counts.delete(label),
    time: (label = "default") => starts.set(label, host.now()),
    timeLog: (label = "default") => print(1, [elapsed(label)]),
    timeEnd: (label = "default") => {
      print(1, [elapsed(label)]);
      starts.delete(label);
    },
  };

  class AssertionError extends Error {
    constructor(message, actual, expected, operator) {
      super(message);
      this.name = "AssertionError";
      Object.assign(this, { code: "ERR_ASSERTION", actual, expected, operator });
    }
  }
  const check = (condition, message, fallback, actual, expected, operator) => {
    if (condition) return;
    if (message instanceof Error) throw message;
    throw new AssertionError(message ?? fallback, actual, expected, operator);
  };
  const same = (a, b, strict) => {
    if (strict ? Object.is(a, b) : a == b || (a !== a && b !== b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
    if (a instanceof Map && b instanceof Map) return a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key), strict));
    if (a instanceof Set && b instanceof Set) return a.size === b.size && [...a].every((value) => b.has(value) || [...b].some((other) => same(value, other, strict)));
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key], strict));
  };
  const shown = (a, word, b) => `Expected values to be ${word}:\n\n${inspect(a)} !== ${inspect(b)}\n`;
  const assert = Object.assign((condition, message) => check(condition, message, "The expression evaluated to a falsy value", condition, true, "=="), {
    AssertionError,
    equal: (a, b, message) => check(a == b || (a !== a && b !== b), message, `${inspect(a)} == ${inspect(b)}`, a, b, "=="),
    notEqual: (a, b, message) => check(a != b, message, `${inspect(a)} != ${inspect(b)}`, a, b, "!="),
    strictEqual: (a, b, message) => check(Object.is(a, b), message, shown(a, "strictly equal", b), a, b, "strictEqual"),
    notStrictEqual: (a, b, message) => check(!Object.is(a, b), message, shown(a, "strictly unequal", b), a, b, "notStrictEqual"),
    deepEqual: (a, b, message) => check(same(a, b, false), message, shown(a, "loosely deep-equal", b), a, b, "deepEqual"),
    deepStrictEqual: (a, b, message) => check(same(a, b, true), message, shown(a, "strictly deep-equal", b), a, b, "deepStrictEqual"),
    fail: (message = "Failed") => check(false, message),
    throws: (body, ...rest) => {
      try {
        body();
      } catch {
        return;
      }
      check(false, rest.find((value) => typeof value === "string"), "Missing expected exception.");
    },
  });
  assert.ok = (condition, message) => assert(condition, message);
  assert.strict = assert;

  const util = {
    inspect: Object.assign(inspect, { custom: Symbol.for("nodejs.util.inspect.custom"), defaultOptions: {} }),
    format,
    promisify: (call) => (...args) =>
      new Promise((resolve, reject) => {
        call(...args, (error, value) => (error ? reject(error) : resolve(value)));
      }),
    inherits: (child, parent) => Object.setPrototypeOf(child.prototype, parent.prototype),
    isDeepStrictEqual: (a, b) => same(a, b, true),
    isArray: Array.isArray,
    types: {
      isPromise: (value) => value instanceof Promise,
      isRegExp: (value) => value instanceof RegExp,
      isDate: (value) => value instanceof Date,
      isMap: (value) => value instanceof Map,
      isSet: (value) => value instanceof Set,
    },
    TextEncoder: globalThis.TextEncoder,
    TextDecoder: globalThis.TextDecoder,
  };

  const normalize = (path) => {
    const parts = [];
    for (const part of path.split("/")) {
      if (part === "..") {
        if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
        else if (!path.startsWith("/")) parts.push(part);
      } else if (part !== "" && part !== ".") parts.push(part);
    }
    return (path.startsWith("/") ? "/" : "") + parts.join("/") || ".";
  };
  const path = {
    sep: "/",
    delimiter: ":",
    normalize,
    join: (...parts) => normalize(parts.filter((part) => part !== "").join("/")),
    resolve: (...parts) => {
      let whole = "";
      for (const part of parts.toReversed()) if (!whole.startsWith("/")) whole = whole === "" ? part : `${part}/${whole}`;
      return normalize(whole.startsWith("/") ? whole : `/program/${whole}`);
    },
    dirname: (name) => name.slice(0, Math.max(name.lastIndexOf("/"), 0)) || (name.startsWith("/") ? "/" : "."),
    basename: (name, suffix = "") => {
      const base = name.replace(/\/+$/, "").split("/").at(-1);
      return suffix !== "" && base.endsWith(suffix) && base !== suffix ? base.slice(0, -suffix.length) : base;
    },
    extname: (name) => /[^/.](\.[^./]*)$/.exec(name)?.[1] ?? "",
    isAbsolute: (name) => name.startsWith("/"),
  };
  path.posix = path;

  const performance = { now: () => host.now(), timeOrigin: 0, mark: () => {}, measure: () => {} };

  const timers = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
  const timersPromises = {
    setTimeout: (delay, value) => new Promise((resolve) => setTimeout(resolve, delay, value)),
    setImmediate: (value) => new Promise((resolve) => setImmediate(resolve, value)),
  };
  timers.promises = timersPromises;

  const EOL = "\n";
  const builtins = {
    assert,
    "assert/strict": assert,
    buffer: { Buffer, kMaxLength: 2 ** 31 - 1, constants: { MAX_LENGTH: 2 ** 31 - 1 } },
    console,
    events: EventEmitter,
    fs: internal.fs,
    "fs/promises": internal.fs.promises,
    os: { EOL, platform: () => "linux", cpus: () => [{}], totalmem: () => 0, freemem: () => 0, type: () => "Linux", arch: () => "wasm32", tmpdir: () => "/tmp", homedir: () => "/" },
    path,
    "path/posix": path,
    perf_hooks: { performance },
    process,
    readline: internal.readline,
    "readline/promises": internal.readlinePromises,
    string_decoder: {
      StringDecoder: class StringDecoder {
        write(bytes) {
          return Buffer.from(bytes).toString();
        }
        end(bytes) {
          return bytes === undefined ? "" : this.write(bytes);
        }
      },
    },
    timers,
    "timers/promises": timersPromises,
    util,
    module: { createRequire: () => globalThis.require, builtinModules: [] },
    v8: { setFlagsFromString: () => {} },
    tty: { isatty: () => false },
  };
  builtins.module.builtinModules = Object.keys(builtins);

  globalThis.process = process;
  globalThis.console = console;
  globalThis.performance = performance;
  globalThis.global = globalThis;
  globalThis.print = (...args) => print(1, args);
  globalThis.structuredClone = (value) => clone(value, new Map());
  function clone(value, seen) {
    if (typeof value === "function" || typeof value === "symbol") throw new TypeError(`${String(value)} could not be cloned.`);
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return seen.get(value);
    const keep = (copy) => {
      seen.set(value, copy);
      return copy;
    };
    if (Array.isArray(value)) {
      const copy = keep(new Array(value.length));
      for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
      return copy;
    }
    if (value instanceof Date) return keep(new Date(value));
    if (value instanceof RegExp) return keep(new RegExp(value));
    if (value instanceof Map) {
      const copy = keep(new Map());
      for (const [key, entry] of value) copy.set(clone(key, seen), clone(entry, seen));
      return copy;
    }
    if (value instanceof Set) {
      const copy = keep(new Set());
      for (const entry of value) copy.add(clone(entry, seen));
      return copy;
    }
    if (ArrayBuffer.isView(value)) return keep(value.slice());
    if (value instanceof ArrayBuffer) return keep(value.slice(0));
    const copy = keep({});
    for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
    return copy;
  }

  const missing = (name) => Object.assign(new Error(`Cannot find module '${name}'`), { code: "MODULE_NOT_FOUND" });
  const loaded = new Map();

  function resolve(name, from) {
    const base = normalize(name.startsWith("/") ? name : `${path.dirname(from)}/${name}`);
    return [base, `${base}.js`, `${base}.cjs`, `${base}.mjs`, `${base}.json`, `${base}.ts`, `${base}/index.js`].find((candidate) => host.file(candidate) !== undefined);
  }

  function makeRequire(from) {
    return Object.assign(
      (name) => {
        const bare = String(name).replace(/^node:/, "");
        if (Object.hasOwn(builtins, bare)) return builtins[bare];
        const file = /^[./]/.test(name) ? resolve(name, from) : undefined;
        if (file === undefined) throw missing(name);
        return load(file);
      },
      { resolve: (name) => name, cache: {}, main: undefined },
    );
  }

  function load(file) {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const source = host.decode(host.file(file));
    if (file.endsWith(".json")) {
      const module = { exports: JSON.parse(source) };
      loaded.set(file, module);
      return module.exports;
    }
    return runCommonJs(file, source);
  }

  function runCommonJs(file, source) {
    const module = { exports: {}, id: file, filename: file, loaded: false, children: [], paths: [] };
    loaded.set(file, module);
    const require = makeRequire(file);
    require.main = loaded.values().next().value;
    const wrapper = host.evaluate(internal.wrap(source), file, false);
    wrapper.call(module.exports, module.exports, require, module, file, path.dirname(file));
    module.loaded = true;
    return module.exports;
  }

  /** On one line, so that line numbers stay. */
  internal.wrap = (source) => `(function (exports, require, module, __filename, __dirname) { ${source.replace(/^\uFEFF?#!/, "//")}\n})`;

  globalThis.require = undefined;
  delete globalThis.require;

  /** The source of a module for `import`: a built-in one names all its properties. */
  internal.moduleSource = (name) => {
    const bare = name.replace(/^node:/, "");
    if (!name.startsWith("/") && Object.hasOwn(builtins, bare)) {
      const names = Object.keys(builtins[bare]).filter((key) => /^[a-zA-Z_$][\w$]*$/.test(key) && !RESERVED.has(key));
      return `const it = globalThis[Symbol.for("dikast.builtin")](${JSON.stringify(bare)});\nexport default it;\n${names.map((key) => `export const ${key} = it[${JSON.stringify(key)}];`).join("\n")}`;
    }
    const bytes = name.startsWith("/") ? host.file(name) : undefined;
    if (bytes === undefined && checking) return "";
    if (bytes === undefined) throw missing(name);
    if (name.endsWith(".json")) return `export default ${host.decode(bytes)}`;
    const source = host.decode(bytes);
    if (!host.isModule(source, name)) {
      return `export default globalThis[Symbol.for("dikast.load")](${JSON.stringify(name)});`;
    }
    return source;
  };
  const RESERVED = new Set(["default", "class", "delete", "new", "function", "if", "in", "return", "this", "throw", "try", "typeof", "var", "void", "with", "enum", "export", "import", "static"]);
  /** Whether sources are only compiled: what they import need not be there, as little as for `node --check`. */
  let checking = false;
  internal.check = () => {
    checking = true;
  };
  internal.moduleName = (base, name) => {
    if (/^[./]/.test(name)) return resolve(name, base) ?? name;
    if (checking || Object.hasOwn(builtins, name.replace(/^node:/, ""))) return name;
    throw missing(name);
  };
  Object.defineProperty(globalThis, Symbol.for("dikast.builtin"), { value: (name) => builtins[name] });
  Object.defineProperty(globalThis, Symbol.for("dikast.load"), { value: load });

  /** What the host calls first: runs the main program up to its first pause. */
  internal.main = (file, args, isModule) => {
    process.argv = ["/usr/bin/node", file, ...args];
    builtins.module.createRequire = () => makeRequire(file);
    // What compilers of TypeScript make of a module has `require`.
    if (isModule && /\.[cm]?ts$/.test(file)) globalThis.require = makeRequire(file);
    if (isModule) return host.evaluate(host.decode(host.file(file)).replace(/^\uFEFF?#!/, "//"), file, true);
    runCommonJs(file, host.decode(host.file(file)));
    return undefined;
  };

  /** What the host calls when nothing is left to do. */
  internal.finish = () => {
    process.emit("beforeExit", exitCode(undefined));
    internal.exit(exitCode(undefined));
  };

  internal.rejected = (reason) => {
    internal.fatal(
      reason instanceof Error
        ? reason
        : Object.assign(new Error(`This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "${inspect(reason)}".`), { code: "ERR_UNHANDLED_REJECTION" }),
    );
  };
})();
